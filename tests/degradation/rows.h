// The rows of the tables: how each page and operation is asked.
#pragma once

#include "tests/degradation/town.h"

namespace jebi::test {

struct Asked {
    Answer answer;
    std::string trace;
};

// What one form was sent with.
struct Sent {
    std::string text;  // that must not be lost; empty: there is none
    std::string key;   // that must be the same in what comes back; empty: none
    std::string name;  // typed into a form to sign in or up
};

struct Row {
    std::string_view name;
    // Gets everything ready while all modules answer, and gives back what is to be asked then.
    std::function<std::function<Asked(Town&)>(Town&)> begin;
    std::string content{};  // what an answer has when it shows what it is for; empty: nothing in particular
    Sent sent{};
};

std::vector<Row> rows();

}  // namespace jebi::test
