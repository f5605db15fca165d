// Follows the accounts' events, and removes a person's conversations when their account is gone.
//
// The rows go in bounded batches, each of which may be repeated; the position in the accounts' events moves
// when none is left. Meanwhile nobody writes to or as that person any more.
#pragma once

#include "modules/accounts/accounts.jebi.h"
#include "modules/messages/store.h"

namespace jebi::messages {

class Departures {
public:
    static constexpr std::uint32_t rows_at_once_max = 500;

    Departures(accounts::Accounts& accounts, Store& store) : accounts_(accounts), store_(store) {}

    // Handles what has happened since the last time; waits up to `wait` when nothing has. How many
    // events were handled; an error leaves the position where it was, so the next call tries again.
    Result<std::size_t> follow(const Call& call, Millis wait);

private:
    Result<void> handle(const Call& call, const accounts::Event& event);

    accounts::Accounts& accounts_;
    Store& store_;
};

}  // namespace jebi::messages
