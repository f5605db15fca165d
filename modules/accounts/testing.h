// For this module's tests: a clock and a database that go with the test, and people to begin with.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "kit/base/crypto.h"
#include "kit/sql/sqlite.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"

namespace jebi::accounts::testing {

// Moves only when the test says so; may be read from other threads meanwhile.
class TestClock final : public Clock {
public:
    WallMs wall_ms() const override { return now_ms_; }
    void advance(Millis by) { now_ms_ += by.count(); }

private:
    std::atomic<WallMs> now_ms_ = 1'800'000'000'000;
};

class Folder {
public:
    Folder() {
        // In memory where there is such a folder: what survives a power cut is kit/sql's to test.
        const std::filesystem::path memory = "/dev/shm";
        const auto place =
            std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
        std::string name = (place / "jebi-accounts-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

// Long enough for a busy machine; nothing here waits for it.
inline Call patient(UserId user = {}) {
    return Call{.user = user, .until = in(Millis{60'000})};
}

inline Call with_key(Call call, std::string key) {
    call.idempotency_key = std::move(key);
    return call;
}

template <typename T>
T required(Result<T> result) {
    REQUIRE_MESSAGE(result.has_value(),
                    (result ? "" : result.error().message + " / " + result.error().detail));
    return std::move(*result);
}

// An empty database of the module.
struct Base {
    Folder folder;
    std::unique_ptr<sql::Database> database;
    TestClock clock;
    IdGenerator ids{clock, 1};

    Base() {
        REQUIRE(start_crypto());
        database = required(sql::open_sqlite({.file = folder / "accounts.db"}));
        const auto migrated = room().migrate(schema_files());
        REQUIRE_MESSAGE(migrated.has_value(),
                        (migrated ? "" : migrated.error().message + migrated.error().detail));
    }
    sql::Room& room() const { return database->room("accounts"); }
};

inline ServiceOptions quick_options() {
    return {.password_cost = {.memory_bytes = 8 * 1024, .passes = 1}};
}

inline constexpr std::string_view good_password = "swallow-nest-7";
inline constexpr std::string_view home = "192.0.2.1";

inline SignUpRequest sign_up_request(const std::string& username) {
    SignUpRequest request;
    request.set_username(username);
    request.set_email(username + "@example.com");
    request.set_password(std::string(good_password));
    request.mutable_client()->set_address(std::string(home));
    request.mutable_client()->set_user_agent("a test");
    return request;
}

inline SignInRequest sign_in_request(const std::string& name, std::string_view password = good_password,
                                     std::string_view address = home) {
    SignInRequest request;
    request.set_username_or_email(name);
    request.set_password(std::string(password));
    request.mutable_client()->set_address(std::string(address));
    return request;
}

inline SessionReply person(Accounts& accounts, const std::string& username) {
    return required(accounts.sign_up(patient(), sign_up_request(username)));
}

inline UserId id_of(const SessionReply& reply) {
    return UserId{reply.user().id()};
}

inline bool is_open(Accounts& accounts, const std::string& token) {
    AuthenticateRequest request;
    request.set_token(token);
    return accounts.authenticate(patient(), request).has_value();
}

// "code reason field", or "ok".
template <typename T>
std::string answer_of(const Result<T>& result) {
    if (result) return "ok";
    std::string text(name(result.error().code));
    for (const auto& part : {result.error().reason, result.error().field}) {
        if (!part.empty()) text += ' ' + part;
    }
    return text;
}

}  // namespace jebi::accounts::testing
