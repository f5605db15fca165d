// Where the contracts between the modules can be read: /contracts, a page for each, and /contracts.binpb for
// programs.
#pragma once

#include "modules/web/binder.h"

namespace jebi::web {

void bind_contracts(Binder& bind);

}  // namespace jebi::web
