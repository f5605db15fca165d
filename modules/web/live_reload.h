// For `--dev`: tells open pages when a template, a text, a style or a script has been saved.
#pragma once

#include "kit/http/router.h"

namespace jebi::web {

inline constexpr const char* source_folder =
    "modules/web";  // relative to where `./dev watch` starts the program

// GET /dev/reload: server-sent events. The first, "boot", names this process, so that a page also notices a
// restart.
void bind_live_reload(http::Router& router);

}  // namespace jebi::web
