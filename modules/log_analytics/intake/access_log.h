// Lines of web servers' access logs to rows: the Common Log Format and the Combined Log Format.
//
//     203.0.113.7 - kim [10/Oct/2000:13:55:36 -0700] "GET /a?b=1 HTTP/1.1" 200 2326 "http://x/" "curl/8"
//
// Source: Apache HTTP Server 2.4 documentation, "Log Files"; nginx's predefined "combined" is the same.
// Fields: ip, ident, user, method, path (with its query), protocol, status and bytes (integers), referer,
// user_agent, and, for what some add behind, rest. What is "-" is absent. A request that is not three words
// is kept as "request". Inside of quotes \" and
// \\ are undone, and \xHH stays as it is. The row's time is the line's.
#pragma once

#include <string_view>

#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

// Begins a row with the line's fields, for the caller to end. False: the line is not in that format; then
// nothing has begun.
bool begin_access_log_row(std::string_view line, RowMaker& maker);

}  // namespace jebi::log_analytics
