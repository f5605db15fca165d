// For `--dev`: what this program answers to, for tests that hold every address to a rule.
#pragma once

#include "kit/http/router.h"

namespace jebi::web {

// GET /dev/routes: the router's own table as text, "GET /tweets/{id}" a line, in the order of its making.
void bind_route_table(http::Router& router);

}  // namespace jebi::web
