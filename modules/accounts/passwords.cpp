#include "modules/accounts/passwords.h"

namespace jebi::accounts {

namespace {

std::string without_padding(std::string text) {
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

// A hash that looks like any other of this cost, of no password: making a real one would take its time.
std::string hash_of_nobody(const PasswordCost& cost) {
    constexpr std::size_t salt_bytes = 16;
    constexpr std::size_t hash_bytes = 32;
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" + without_padding(base64(random_bytes(salt_bytes))) +
           '$' + without_padding(base64(random_bytes(hash_bytes)));
}

}  // namespace

Passwords::Passwords(const PasswordCost& cost, unsigned threads, std::size_t queue_max)
    : cost_(cost), nobodys_hash_(hash_of_nobody(cost)), pool_("passwords", threads, queue_max) {}

std::string Passwords::run(const std::string& password) {
    ++runs_;
    return hashed_password(password, cost_);
}

Result<std::string> Passwords::hashed(const Call& call, std::string password) {
    TRY(std::string hash,
        pool_.run(call.until, [this, password = std::move(password)] { return run(password); }));
    if (hash.empty()) {
        return fail(error(Code::unavailable, "This cannot be done right now. Please try again soon.")
                        .detailed("not enough memory to hash a password"));
    }
    return hash;
}

Passwords::Answer Passwords::checked(const std::string& password, const std::string& hash) {
    ++runs_;
    const bool right = password_matches(password, hash.empty() ? nobodys_hash_ : hash);
    if (!right || !needs_rehash(hash, cost_)) return {.right = right, .rehashed = {}};
    return {.right = true, .rehashed = run(password)};
}

Result<Passwords::Answer> Passwords::check(const Call& call, std::string password, std::string hash) {
    return pool_.run(call.until, [this, password = std::move(password), hash = std::move(hash)] {
        return checked(password, hash);
    });
}

}  // namespace jebi::accounts
