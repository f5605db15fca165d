// What is wrong with a query, said so that the person who wrote it can put it right: where, what stands
// there, what was expected, and the name that was probably meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::log_analytics::query {

// `invalid` with the place in the message ("Line 2, column 8: ...") and as the error's field ("2:8"). Lines
// and columns count from 1, columns in characters. `reason` is one word for programs: "syntax",
// "unknown_column", "unknown_function", "types", "too_large".
Error complaint(std::string_view query, std::size_t offset, std::string_view reason, std::string_view what);

// The known name with the fewest single-letter edits, without regard to ASCII case; nothing when none is
// near.
std::optional<std::string_view> nearest(std::string_view name, const std::vector<std::string_view>& known);
// " Did you mean x?", or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);

// A piece of a query to quote in a message: cut when long, without control characters.
std::string quoted(std::string_view piece);

}  // namespace jebi::log_analytics::query
