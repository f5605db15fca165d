// The API's description for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the same
// table as the routes.
#pragma once

#include <span>
#include <string>

#include "modules/web/api/operation.h"

namespace jebi::web::api {

// `schemas` is the JSON object of the components' schemas; every `reply` names one of them.
std::string openapi(std::span<const Operation> operations, std::string_view schemas);

}  // namespace jebi::web::api
