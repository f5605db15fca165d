// The Twitter clone's face: pages for people. (The API for programs is modules/web/api.)
//
// Everything here asks the other modules through their contracts and keeps nothing of its own, so
// there may be as many webs as one likes.
#pragma once

#include <functional>

#include "kit/http/router.h"
#include "modules/web/site.h"

namespace jebi::web {

// Fields that every answer carries: what a browser may load and do (CSP and its like).
http::Fields<std::string> security_fields(const SiteOptions& options);

// Binds all pages, the assets, and what unknown addresses and failures answer.
// `failed` is told about errors inside, with the request they belong to. `site` outlives the router.
void bind(http::Router& router, const Site& site,
          std::function<void(const http::Request&, const Error&)> failed);

}  // namespace jebi::web
