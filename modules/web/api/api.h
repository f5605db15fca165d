// The public API, for programs: ours under /api/v1/, the original's under /apiv1/, and their description at
// /openapi.json. (The operations that Mastodon's clients ask for are added by modules/web/mastodon.)
//
// Who asks says so by "Authorization: Bearer TOKEN"; cookies count for nothing here. Any page of the web may
// ask (CORS without credentials). Members that an operation does not know are ignored.
#pragma once

#include <functional>
#include <span>

#include "kit/http/router.h"
#include "modules/web/api/operation.h"

namespace jebi::web::api {

// Our own operations and the original's.
std::vector<Operation> operations();

// Binds a route for each operation, and /openapi.json that describes them all. `failed` is told about errors
// inside, with the request they belong to. `site` outlives the router.
void bind(http::Router& router, const Site& site, std::vector<Operation> operations,
          const std::function<void(const http::Request&, const Error&)>& failed);

}  // namespace jebi::web::api
