// How the rules read paths and #include lines.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tidy.h"

namespace jebi::tidy {

struct Include {
    std::string path;  // of the file that includes
    std::string target;
    bool ours = false;  // in quotes
};

std::vector<Include> includes_of(const std::string& path, const std::string& text);
std::vector<Include> all_includes(const Tree& tree);

bool is_source(std::string_view path);
// Is it a test, or what only tests stand on: x_test.cpp, x_test.h, test_x.h, testing.h, testing/?
bool is_test(std::string_view path);
// Is it the generated face of a module: modules/y/y.jebi.h or modules/y/y.pb.h?
bool is_contract(std::string_view path);

// "kit/sql" of "kit/sql/sqlite.h", "app" of "app/jebi.cpp"; nothing for a file at the root.
std::string room_of(std::string_view path);
// "tweets" of "modules/tweets/store.h"; nothing elsewhere.
std::string module_of(std::string_view path);

// The file's text; nothing when there is no such file.
std::string text_of(const Tree& tree, std::string_view path);
// The parts, one after another.
std::string joined(std::initializer_list<std::string_view> parts);
// Moves `more` to the end of `faults`.
void add(Faults& faults, Faults&& more);

}  // namespace jebi::tidy
