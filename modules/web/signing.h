// What all ways of signing in have in common.
#pragma once

#include <string>
#include <string_view>

#include "modules/web/show.h"

namespace jebi::web {

// A path of this site to go to after signing in; anything else leads home.
std::string safe_next(const std::string& next);

// Ends the browser's old session, if it has one, and gives it the new one, so that nobody can plant a session
// before somebody signs in.
http::Response signed_in_as(const Site& site, Visit& visit, const accounts::SessionReply& reply,
                            std::string next, std::string_view notice);

}  // namespace jebi::web
