// Growing delays for those who try passwords, by account and by address.
//
// Nobody is locked out for good: after some failures within a quarter of an hour each next try has to wait,
// twice as long as the one before, up to a bound; a quarter of an hour after the last delay all is forgotten.
// A right password while a delay runs is refused as well, otherwise the delay would slow nobody down.
//
// Tries are counted before the password is looked at and taken back when it was right, so a hundred tries at
// once are counted as a hundred. The counters are in the module's own tables (they move with it, and a
// restart forgets nothing), a row per account and address that failed lately, thrown away as new ones come.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/base/call.h"
#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "modules/accounts/store.h"

namespace jebi::accounts {

struct DelayOptions {
    // Tries of one account from anywhere (and again from each address where its owner has a session).
    TryLimit account{.free = 5};
    // Tries of one address at all accounts. Many people may share one, and wait for each other's failures:
    // many are free, and a delay is short.
    TryLimit address{.free = 100, .delay_max = std::chrono::minutes(1)};
    // Accounts made from one address; here, what succeeds counts too.
    TryLimit sign_ups{.free = 50, .delay_max = std::chrono::minutes(1)};
    // Programs registered from one address; what succeeds counts here as well.
    TryLimit apps{.free = 30,
                  .delay_first = std::chrono::minutes(2),
                  .delay_max = std::chrono::hours(1),
                  .memory = std::chrono::hours(1)};
};

// Somebody who tries, as the tables know them: hashed, so that what people type by mistake into a name's
// field is not kept.
std::string account_key(std::string_view typed_name);
// For an address from which the account's owner is signed in: others cannot slow them down there.
std::string account_key(std::string_view typed_name, std::string_view known_address);
std::string own_password_key(UserId user);
// An IPv6 address counts with all of its /64, which belongs to one line.
std::string address_key(std::string_view address);
std::string sign_up_key(std::string_view address);
std::string app_key(std::string_view address);

class Delays {
public:
    Delays(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    // Counts these tries as failed, until they are taken back. `exhausted` with reason too_many_tries and the
    // seconds to wait when one of them is being delayed; then none is counted.
    Result<void> begin(const Call& call, const std::vector<Try>& tries);

    // Nothing was learnt from these tries (the password was not looked at): takes them back, and no earlier
    // ones, as well as can be. Has a moment of its own, since the call's time may be up.
    void take_back(const Call& call, const std::vector<Try>& tries);

private:
    Store& store_;
    const Clock& clock_;
};

}  // namespace jebi::accounts
