// Which field of a row means what: applications call the same thing by different names.
//
// The explorer page gets the same table, so that it and the report agree.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics {

struct Role {
    std::string_view name;                     // "address"
    bool is_number;                            // only fields that have numbers among their values can play it
    std::span<const std::string_view> fields;  // the first that is there plays it
};
std::span<const Role> roles();

// The column that plays the role among these; nothing when none does.
std::optional<std::string> field_for(std::string_view role, std::span<const Column> columns);

// A column as a number, in SQL; NULL where a row has a text there that is none.
std::string sql_number(std::string_view name, std::span<const Column> columns);

}  // namespace jebi::log_analytics
