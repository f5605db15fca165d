// Single values of an answer, and figures as people read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "modules/log_analytics/query/answer.h"

namespace jebi::log_analytics {

// By the column's name or place; empty, or nothing, when it is not there, NULL, or no number. A time is
// milliseconds since 1970 as a number, and ISO 8601 as a text.
std::string text_of(const query::Value& value);
std::optional<double> number_of(const query::Value& value);
std::string text_at(const query::Answer& answer, std::size_t row, std::string_view column);
std::optional<double> number_at(const query::Answer& answer, std::size_t row, std::string_view column);
// What the row has, name and text, in the order of the columns.
std::vector<std::pair<std::string, std::string>> fields_of(const query::Answer& answer, std::size_t row);

std::string grouped(std::uint64_t count);           // 12,345
std::string duration_text(double ms);               // 340 µs, 12.3 ms, 4.56 s
std::string bytes_text(double bytes);               // 512 B, 1.5 KiB, 2.3 GiB
std::string share_text(double part, double whole);  // 12.3 %
std::string utc_text(WallMs time_ms);               // 2026-11-22 13:58

}  // namespace jebi::log_analytics
