// What an answer is, in the words of the tables. Each word asks for all that the guide says of it: an answer
// that is nearly one is "?", with what is wrong.
#pragma once

#include "tests/degradation/rows.h"

namespace jebi::test {

// `whole`: what the same request is answered while all modules answer.
std::string word_for(const Row& row, const Asked& whole, const Asked& asked, Fault fault);

}  // namespace jebi::test
