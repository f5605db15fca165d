// Taking one's account along: all of one's own as one JSON file, and such a file into another jebi.
//
//   POST /settings/export   answers the file (export.h says what is in it)
//   POST /settings/import   takes one (import.h says what becomes of it)
#pragma once

#include "kit/http/router.h"
#include "modules/web/binder.h"

namespace jebi::web::transfer {

// Binds both. `failed` is told about errors inside. `site` outlives the router.
void bind(http::Router& router, const Site& site, Failed failed);

}  // namespace jebi::web::transfer
