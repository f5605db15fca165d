#include "modules/accounts/passwords.h"

#include <doctest/doctest.h>

#include <ctime>
#include <string>

namespace jebi::accounts {

namespace {

constexpr PasswordCost quick{.memory_bytes = 8 * 1024, .passes = 1};
constexpr PasswordCost dearer{.memory_bytes = 16 * 1024, .passes = 2};

}  // namespace

TEST_CASE("a hashed password is told from others") {
    REQUIRE(start_crypto());
    Passwords passwords(quick, 2, 10);
    const std::string hash = passwords.hashed(Call{}, "swallow-nest-7").value();
    CHECK(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    CHECK(hash != passwords.hashed(Call{}, "swallow-nest-7").value());
    CHECK(passwords.check(Call{}, "swallow-nest-7", hash)->right);
    CHECK(!passwords.check(Call{}, "swallow-nest-8", hash)->right);
    CHECK(passwords.check(Call{}, "swallow-nest-7", hash)->rehashed.empty());
}

TEST_CASE("nobody's password is never right and takes as many runs as a wrong one") {
    REQUIRE(start_crypto());
    Passwords passwords(quick, 1, 10);
    const std::string hash = passwords.hashed(Call{}, "swallow-nest-7").value();
    const auto before_wrong = passwords.runs();
    CHECK(!passwords.check(Call{}, "wrong", hash)->right);
    const auto before_nobody = passwords.runs();
    for (const std::string typed : {"wrong", ""})
        CHECK(!passwords.check(Call{}, typed, "")->right);
    CHECK(before_nobody - before_wrong == 1);
    CHECK(passwords.runs() - before_nobody == 2);
}

TEST_CASE("nobody's password is really worked on") {
    REQUIRE(start_crypto());
    Passwords passwords({.memory_bytes = 16 * 1024 * 1024, .passes = 1}, 1, 10);
    const std::string hash = passwords.hashed(Call{}, "swallow-nest-7").value();
    const auto work = [&](const std::string& of) {
        const std::clock_t before = std::clock();  // the process's work, however busy the machine is
        CHECK(!passwords.check(Call{.until = in(Millis{60'000})}, "wrong", of)->right);
        return std::clock() - before;
    };
    const auto wrong = work(hash);
    // The same work takes about the same; a hash that cannot be read takes a thousandth.
    CHECK(work("") > wrong / 10);
}

TEST_CASE("a right password is hashed anew when the cost has changed, and only then") {
    REQUIRE(start_crypto());
    const std::string old = Passwords(quick, 1, 10).hashed(Call{}, "swallow-nest-7").value();
    Passwords passwords(dearer, 1, 10);
    CHECK(passwords.check(Call{}, "swallow-nest-8", old)->rehashed.empty());
    const auto answer = passwords.check(Call{}, "swallow-nest-7", old).value();
    CHECK(answer.right);
    CHECK(answer.rehashed.starts_with("$argon2id$v=19$m=16,t=2,p=1$"));
    const auto again = passwords.check(Call{}, "swallow-nest-7", answer.rehashed).value();
    CHECK(again.right);
    CHECK(again.rehashed.empty());
}

TEST_CASE("a full queue is refused at once") {
    REQUIRE(start_crypto());
    Passwords passwords(quick, 1, 0);
    const auto refused = passwords.hashed(Call{}, "swallow-nest-7");
    REQUIRE(!refused);
    CHECK(refused.error().code == Code::exhausted);
    CHECK(refused.error().reason == "busy");
    CHECK(refused.error().retry_after_s > 0);
    CHECK(passwords.runs() == 0);
}

TEST_CASE("a hash that memory is too short for is an error, and no empty hash") {
    REQUIRE(start_crypto());
    Passwords passwords({.memory_bytes = std::size_t{1} << 43, .passes = 1}, 1, 10);
    const auto refused = passwords.hashed(Call{}, "swallow-nest-7");
    REQUIRE(!refused);
    CHECK(refused.error().code == Code::unavailable);
}

}  // namespace jebi::accounts
