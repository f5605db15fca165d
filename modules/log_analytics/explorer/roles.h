// Which field of a row means what: applications call the same thing by different names.
//
// The explorer page gets the same table, so that it and the report agree.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics {

struct Role {
    std::string_view name;                     // "address"
    bool is_number;                            // only fields that have numbers among their values can play it
    std::span<const std::string_view> fields;  // where several are there, the one of most rows counts
};
std::span<const Role> roles();

// The columns among these that can play the role, in its order.
std::vector<std::string> fields_for(const Role& role, std::span<const Column> columns);

// A column as a number, in SQL; NULL where a row has a text there that is none.
std::string sql_number(std::string_view name, std::span<const Column> columns);

}  // namespace jebi::log_analytics
