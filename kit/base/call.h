// Who asks, until when, in which trace, under which idempotency key: the first argument of every
// method of every contract, whether it is served in this process or in another.
#pragma once

#include <string>

#include "kit/base/clock.h"
#include "kit/base/ids.h"
#include "kit/base/result.h"
#include "kit/base/trace.h"

namespace jebi {

struct Call {
    // The signed-in user; 0: nobody. Set by the edge (web) after it checked the session, and believed
    // by the modules behind it.
    UserId user{};
    // Nobody waits for the answer after this. Work that has not started by then is not started.
    Deadline until = in(duration_default);
    Trace trace{};
    // The same key from the same user means the same write, however often it arrives. Empty: none.
    std::string idempotency_key{};
    // A job of ours, for which nobody waits: a busy server serves people first.
    bool background = false;

    static constexpr Millis duration_default{2'000};
    static constexpr std::size_t idempotency_key_bytes_max = 128;

    bool expired() const { return std::chrono::steady_clock::now() >= until; }
};

// The user who asks, or `unauthenticated`.
Result<UserId> signed_in(const Call& call);

}  // namespace jebi
