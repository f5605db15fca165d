// Follows the accounts' events, and removes what a person wrote when their account is gone.
//
// The position in the accounts' events moves in the transaction of its effect: an event may be delivered
// twice, its effect happens once.
#pragma once

#include "kit/base/clock.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/tweets/store.h"

namespace jebi::tweets {

class Departures {
public:
    Departures(accounts::Accounts& accounts, Store& store, const Clock& clock)
        : accounts_(accounts), store_(store), clock_(clock) {}

    // Handles what has happened since the last time; waits up to `wait` when nothing has. How many
    // events were handled; an error leaves the position where it was, so the next call tries again.
    Result<std::size_t> follow(const Call& call, Millis wait);

private:
    Result<void> handle(const Call& call, const accounts::Event& event);

    accounts::Accounts& accounts_;
    Store& store_;
    const Clock& clock_;
};

}  // namespace jebi::tweets
