// What a supervisor tells of its children, for `jebi status`: GET /status at <data>/run/supervisor.sock
// answers
//
//     {"children": [{"name", "pid", "state", "restarts", "last_end", "version", "memory_bytes"}]}
#pragma once

#include "kit/http/router.h"
#include "kit/place/supervisor.h"

namespace jebi::app {

// `supervisor` outlives the router's last answer.
void bind_children(http::Router& router, const place::Supervisor& supervisor);

}  // namespace jebi::app
