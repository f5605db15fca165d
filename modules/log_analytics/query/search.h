// The syntax of the search box, for people; it becomes a WHERE of the same language (query.h).
//
//     deadlock                  any text of the row has this, whatever the case of its ASCII letters
//     "connection refused"      the same with blanks
//     dead*lock                 * stands for any characters
//     level:error               exactly this
//     msg:"connection refused"  exactly this, with blanks
//     path:/users*              begins with this
//     status:>=500              >, >=, <, <=; also for texts and for ts
//     latency_ms:10..20         from and to, both included; 10.. and ..20 are open
//     ts:>2026-11-22T12:00      a time in ISO 8601
//     ts:>-15m                  so many s, m, h, d or w before now
//     user:*                    the row has the field at all
//     path:~^/users/\d+$        a regular expression (RE2) found in the field
//     re:/time.*out/            a regular expression found in any text of the row
//     -level:debug              not; also NOT; rows that lack the field stay in
//     a b                       both
//     a OR b                    one of them; OR binds looser than standing side by side
//     (a OR b) c                parentheses
#pragma once

#include <string>
#include <string_view>

#include "kit/base/result.h"
#include "modules/log_analytics/query/schema.h"

namespace jebi::log_analytics::query {

inline constexpr std::size_t search_bytes_max = 4 * 1024;

// The condition as it stands behind WHERE; empty when the search is. Errors are complaints (complaint.h)
// about the search: places count in it.
Result<std::string> where_of(std::string_view search, const Schema& schema);
Result<std::string> where_of(std::string_view search, const Snapshot& snapshot);

// A name and a text as the language writes them: `my name`, 'it\'s'.
std::string sql_name(std::string_view name);
std::string sql_text(std::string_view text);

}  // namespace jebi::log_analytics::query
