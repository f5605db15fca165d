// Yes-or-no questions about one text, against constants. A dictionary's texts are asked once each, not once
// per row; blocks whose filters answer no are not read at all.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::log_analytics::query {

struct TextTest {
    enum class Kind : std::uint8_t {
        equals,                 // texts[0]
        one_of,                 // texts
        contains,               // texts[0]
        contains_without_case,  // texts[0], lower case already
        other,
    };
    Kind kind = Kind::other;
    std::vector<std::string> texts{};
    // A text that passes has this in it; empty: nothing is known.
    std::string piece{};
    std::function<bool(std::string_view)> passes{};
};
using SharedTest = std::shared_ptr<const TextTest>;  // by the copies of an expression

SharedTest equals_test(std::string text);
SharedTest one_of_test(std::vector<std::string> texts);
SharedTest contains_test(std::string piece);
SharedTest contains_without_case_test(std::string_view piece);
// % stands for any characters, _ for one (of UTF-8), \ takes the meaning from the next.
SharedTest like_test(std::string_view pattern);
SharedTest ilike_test(std::string_view pattern);
SharedTest starts_with_test(std::string prefix);
SharedTest ends_with_test(std::string suffix);

// A regular expression found anywhere in the text; by RE2 (pattern.cpp), whose time grows with the text and
// not with the pattern's tricks. An error is the pattern's fault, in words.
Result<SharedTest> match_test(const std::string& pattern);

inline constexpr std::size_t pattern_bytes_max = 1'000;

}  // namespace jebi::log_analytics::query
