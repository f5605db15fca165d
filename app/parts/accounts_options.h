// What the settings say of accounts.
#pragma once

#include "kit/place/settings.h"
#include "modules/accounts/service.h"

namespace jebi::app {

// Without an observer.
accounts::ServiceOptions accounts_options(const place::Settings& settings);

}  // namespace jebi::app
