// Follows the accounts' events, and removes whom a person followed, blocked and muted, and who did so to
// them, when their account is gone.
//
// The position in the accounts' events moves after the effect, which may be repeated: it happens once.
#pragma once

#include "modules/accounts/accounts.jebi.h"
#include "modules/follows/service.h"

namespace jebi::follows {

class Departures {
public:
    Departures(accounts::Accounts& accounts, Store& store, Service& service)
        : accounts_(accounts), store_(store), service_(service) {}

    // Handles what has happened since the last time; waits up to `wait` when nothing has. How many
    // events were handled; an error leaves the position where it was, so the next call tries again.
    Result<std::size_t> follow(const Call& call, Millis wait);

private:
    accounts::Accounts& accounts_;
    Store& store_;
    Service& service_;
};

}  // namespace jebi::follows
