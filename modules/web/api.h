// The public JSON API under /api/v1/: sign up, sign in, people and tweets, for scripts.
//
//     POST   /api/v1/users              {"username","email","password","display_name"} -> 201, the user and a
//     token POST   /api/v1/sessions           {"username" or "email","password"} -> 201 {"token","user"}
//     DELETE /api/v1/sessions/current   -> 204
//     GET    /api/v1/users?page=&limit= -> {"users":[...],"total":...,"page":...}
//     GET    /api/v1/users/{name}       -> {"id","username","display_name",...}
//     POST   /api/v1/tweets             {"text"} -> 201; the Idempotency-Key field makes it repeatable
//     GET    /api/v1/tweets?cursor=&limit=&author=&hashtag= -> {"tweets":[...],"next":"..." or null}
//     GET, PUT, DELETE /api/v1/tweets/{id}
//
// Who asks says so by "Authorization: Bearer TOKEN"; cookies count for nothing here, so no page of another
// site can act for its visitor. Errors are {"error":{"code","message","field"?}} with a fitting status;
// `code` is the error's reason word where there is one. Ids are strings; times are ISO 8601. Members that are
// not listed are ignored.
#pragma once

#include "kit/http/router.h"
#include "modules/web/site.h"

namespace jebi::web {

// `site` outlives the router.
void bind_api(http::Router& router, const Site& site);

// The JSON answer for an error.
http::Response json_error(const Error& error);

}  // namespace jebi::web
