// Errors as the API tells them, in the shape that each operation promises.
#pragma once

#include "modules/web/api/operation.h"

namespace jebi::web::api {

// With 5xx: the id of the trace; with 503 and 504 also when to ask again.
http::Response refusal(Errors shape, const Error& error, const Trace& trace);

}  // namespace jebi::web::api
