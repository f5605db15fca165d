// The slow part: hashing passwords (Argon2id) on a few threads of their own behind a bounded queue, so that
// a flood of sign-ins costs neither the event loops nor the machine's memory.
//
// Thread-safe. Wants passwords from password_policy.h.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "kit/base/call.h"
#include "kit/base/crypto.h"
#include "kit/base/result.h"
#include "kit/fiber/fiber.h"

namespace jebi::accounts {

class Passwords {
public:
    Passwords(const PasswordCost& cost, unsigned threads, std::size_t queue_max);

    // The hash to keep. `exhausted` (reason busy) when the queue is full, `deadline`, `unavailable` when
    // memory is short.
    Result<std::string> hashed(const Call& call, std::string password);

    struct Answer {
        bool right = false;
        std::string rehashed;  // the hash to keep from now on, when the cost has changed; otherwise empty
    };
    // Is it the password of that hash? An empty hash is nobody's: the same work is done, and the answer is
    // no. (The same as for hashes of today's cost. Those of an earlier cost take another time until their
    // owner signs in again.) Errors as above.
    Result<Answer> check(const Call& call, std::string password, std::string hash);

    // How many times Argon2 has run since the start.
    std::uint64_t runs() const { return runs_; }

private:
    Answer checked(const std::string& password, const std::string& hash);
    std::string run(const std::string& password);

    PasswordCost cost_;
    std::string nobodys_hash_;
    std::atomic<std::uint64_t> runs_ = 0;
    fiber::Pool pool_;  // last, so that it ends first
};

}  // namespace jebi::accounts
