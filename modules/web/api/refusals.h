// Errors as the API tells them, in the shape that each operation promises.
#pragma once

#include "modules/web/api/operation.h"

namespace jebi::web::api {

http::Response refusal(Errors shape, const Error& error);

}  // namespace jebi::web::api
