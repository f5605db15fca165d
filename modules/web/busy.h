// What is answered when more is asked of the site than it can do: 503 with Retry-After, made of next to
// nothing, since it is made when there is no time.
#pragma once

#include "kit/http/message.h"
#include "modules/web/site.h"

namespace jebi::web {

// For programs and scripts: what it is, and the id of the trace.
http::Response error_for_programs(const http::Request& request, const Error& error);

// To people a plain page; what they have written is in it, ready to be sent again with the same key, but
// passwords and files. To programs and scripts JSON.
http::Response busy(const Site& site, const http::Request& request, const Error& error);

}  // namespace jebi::web
