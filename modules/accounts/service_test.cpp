#include "modules/accounts/service.h"

#include <doctest/doctest.h>

#include <fstream>
#include <mutex>
#include <sstream>

#include "modules/accounts/contract_test.h"

namespace jebi::accounts {

namespace {

using namespace testing;

class InProcess {
public:
    Accounts& accounts() { return local_; }
    TestClock& clock() { return base_.clock; }

private:
    Base base_;
    Service service_{base_.room(), base_.ids, base_.clock, quick_options()};
    AccountsLocal local_{service_, {}};
};

// What an observer was told, a line each.
struct Told {
    std::mutex mutex;
    std::string lines;
    AccountsObserver observer() {
        return [this](std::string_view event, std::string_view username, std::string_view address) {
            const std::lock_guard lock{mutex};
            lines += std::string(event) + ' ' + std::string(username) + ' ' + std::string(address) + '\n';
        };
    }
};

std::string bytes_of_file(const std::string& file) {
    std::ostringstream content;
    content << std::ifstream{file, std::ios::binary}.rdbuf();
    return content.str();
}

}  // namespace

ACCOUNTS_CONTRACT(InProcess)

TEST_CASE("an unknown name takes as many password runs as a wrong password") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    person(service, "minsu");
    const auto runs_of = [&](const SignInRequest& request) {
        const auto before = service.password_runs();
        CHECK(answer_of(service.sign_in(patient(), request)) == "unauthenticated wrong_credentials");
        return service.password_runs() - before;
    };
    const auto wrong = runs_of(sign_in_request("minsu", "wrong"));
    CHECK(wrong == 1);
    CHECK(runs_of(sign_in_request("nobody", "wrong")) == wrong);
    CHECK(runs_of(sign_in_request("nobody@example.com", "wrong")) == wrong);
    CHECK(runs_of(sign_in_request("not a name at all", "wrong")) == wrong);
    CHECK(runs_of(sign_in_request("minsu@example.com", std::string(300, 'x'))) == wrong);
    CHECK(runs_of(sign_in_request("minsu@example.com", "\xff")) == wrong);
}

TEST_CASE("an account without a password takes as many password runs as a wrong password") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    person_of(service, "7", "minsu");
    const auto before = service.password_runs();
    fail_to_sign_in(service, "minsu", 1);
    CHECK(service.password_runs() == before + 1);
}

TEST_CASE("pictures wait for each other within bounds") {
    Base base;
    ServiceOptions options = quick_options();
    options.picture_queue_max = 0;
    Service service(base.room(), base.ids, base.clock, options);
    const UserId minsu = id_of(person(service, "minsu"));
    CHECK(answer_of(set_avatar(service, minsu, picture_of(8, 8))) == "exhausted busy");
}

TEST_CASE("a refused try takes no password run") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    fail_to_sign_in(service, "nobody", 5);
    const auto before = service.password_runs();
    CHECK(answer_of(service.sign_in(patient(), sign_in_request("nobody"))) == "exhausted too_many_tries");
    CHECK(service.password_runs() == before);
}

TEST_CASE("tries at the same moment are counted before they are looked at") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    person(service, "minsu");
    std::atomic<int> looked_at = 0;
    {
        std::vector<std::jthread> guessing;
        for (int i = 0; i < 20; ++i) {
            guessing.emplace_back([&] {
                const auto answer = service.sign_in(patient(), sign_in_request("minsu", "wrong", away));
                if (!answer && answer.error().reason == "wrong_credentials") ++looked_at;
            });
        }
    }
    CHECK(looked_at == 5);
}

TEST_CASE("the operator is told who signed in and who failed, without secrets") {
    Base base;
    Told told;
    ServiceOptions options = quick_options();
    options.observer = told.observer();
    Service service(base.room(), base.ids, base.clock, options);
    const SessionReply minsu = person(service, "minsu");
    required(service.sign_in(patient(), sign_in_request("minsu")));
    fail_to_sign_in(service, "minsu@example.com", 1, away);
    fail_to_sign_in(service, "swallow-nest-7", 5, away);
    CHECK(!service.sign_in(patient(), sign_in_request("swallow-nest-7", "x", away)));
    CHECK(!change_password(service, patient(id_of(minsu)), "wrong", next_password));
    required(change_password(service, patient(id_of(minsu)), good_password, next_password));
    CHECK(!delete_account(service, patient(id_of(minsu)), "wrong"));
    required(delete_account(service, patient(id_of(minsu)), next_password));
    CHECK(told.lines ==
          "sign_up minsu 192.0.2.1\n"
          "sign_in minsu 192.0.2.1\n"
          "sign_in_failed minsu 198.51.100.7\n"
          "sign_in_failed  198.51.100.7\n"
          "sign_in_failed  198.51.100.7\n"
          "sign_in_failed  198.51.100.7\n"
          "sign_in_failed  198.51.100.7\n"
          "sign_in_failed  198.51.100.7\n"
          "sign_in_delayed  198.51.100.7\n"
          "password_change_failed minsu 192.0.2.1\n"
          "password_change minsu 192.0.2.1\n"
          "account_deletion_failed minsu 192.0.2.1\n"
          "account_deletion minsu 192.0.2.1\n");
}

TEST_CASE("neither a password nor a token is in the database's files") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    const SessionReply minsu =
        required(service.sign_up(with_key(patient(), "form-1"), sign_up_request("minsu")));
    fail_to_sign_in(service, "typed-into-the-name-field", 1);
    const std::string bytes =
        bytes_of_file(base.folder / "accounts.db") + bytes_of_file(base.folder / "accounts.db-wal");
    REQUIRE(bytes.contains("minsu@example.com"));
    CHECK(!bytes.contains(good_password));
    CHECK(!bytes.contains(minsu.token()));
    CHECK(!bytes.contains("typed-into-the-name-field"));
    CHECK(!bytes.contains(hex(bytes_of(sha256(good_password)))));
}

TEST_CASE("neither a program's secret, nor a code, nor a token is in the database's files") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    const UserId minsu = id_of(person(service, "minsu"));
    const App app = phone(service);
    const std::string waiting = code_of(service, minsu, grant_request(app));
    const std::string brought = code_of(service, minsu, grant_request(app));
    const TokenReply token =
        required(service.exchange_code(with_key(patient(), "exchange-1"), exchange_request(app, brought)));
    const std::string bytes =
        bytes_of_file(base.folder / "accounts.db") + bytes_of_file(base.folder / "accounts.db-wal");
    REQUIRE(bytes.contains(app.client_id()));
    for (const std::string& secret : {app.client_secret(), waiting, brought, token.token()})
        CHECK(!bytes.contains(secret));
}

TEST_CASE("the operator is told of programs that may act, and of codes brought twice") {
    Base base;
    Told told;
    ServiceOptions options = quick_options();
    options.observer = told.observer();
    Service service(base.room(), base.ids, base.clock, options);
    const UserId minsu = id_of(person(service, "minsu"));
    const App app = phone(service);
    const std::string code = code_of(service, minsu, grant_request(app));
    for (int i = 0; i < 3; ++i)
        std::ignore = service.exchange_code(patient(), exchange_request(app, code));
    CHECK(told.lines ==
          "sign_up minsu 192.0.2.1\n"
          "app_token minsu 192.0.2.1\n"
          "app_code_reuse  192.0.2.1\n");
}

TEST_CASE("where only a program acts its user is not at home") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    const UserId minsu = id_of(person(service, "minsu"));
    const App app = phone(service);
    ExchangeCodeRequest request = exchange_request(app, code_of(service, minsu, grant_request(app)));
    request.mutable_client()->set_address(std::string(away));
    required(service.exchange_code(patient(), request));
    for (int i = 0; i < 5; ++i)
        fail_to_sign_in(service, "minsu", 1, "203.0.113." + std::to_string(i));
    CHECK(answer_of(service.sign_in(patient(), sign_in_request("minsu", good_password, away))) ==
          "exhausted too_many_tries");
}

TEST_CASE("sessions from before there were programs are browsers' and stay open") {
    const Base base;
    const Folder folder;
    const auto database = required(sql::open_sqlite({.file = folder / "old.db"}));
    sql::Room& room = database->room("accounts");
    REQUIRE(answer_of(room.migrate(schema_files().first(2))) == "ok");
    const std::string token(43, 'A');
    sql::Batch old;
    old.add(
        {"INSERT INTO accounts_users (id, username, email, email_key, password_hash, password_version, "
         "display_name, bio, link, created_ms) VALUES (5, 'minsu', 'm@b.co', 'm@b.co', 'hash', 1, 'm', '', "
         "'', 1)",
         {}});
    old.add(
        {"INSERT INTO accounts_sessions (id, token_hash, user_id, created_ms, last_used_ms, address, "
         "user_agent, idempotency_key) VALUES (6, $1, 5, $2, $2, '', '', '')",
         {token_hash(token).value_or(""), base.clock.wall_ms()}});
    REQUIRE(room.write(patient(), std::move(old)));
    REQUIRE(answer_of(room.migrate(schema_files())) == "ok");
    IdGenerator ids(base.clock, 1);
    Service service(room, ids, base.clock, quick_options());
    const AuthenticateReply who = who_is(service, token);
    CHECK(who.user().username() == "minsu");
    CHECK(who.scopes().empty());
    CHECK(who.app().id() == 0);
    CHECK(session_ids(service, UserId{5}) == std::vector<std::uint64_t>{6});
}

TEST_CASE("a password is hashed anew at sign-in when the cost grew, and is still the password") {
    Base base;
    const auto stored_hash = [&] {
        const auto rows =
            required(base.room().read(patient(), "SELECT password_hash FROM accounts_users", {}));
        return rows[0].text(0);
    };
    {
        Service service(base.room(), base.ids, base.clock, quick_options());
        person(service, "minsu");
    }
    REQUIRE(stored_hash().contains("$m=8,t=1,"));
    ServiceOptions dearer = quick_options();
    dearer.password_cost = {.memory_bytes = 16 * 1024, .passes = 2};
    Service service(base.room(), base.ids, base.clock, dearer);
    fail_to_sign_in(service, "minsu", 1);
    CHECK(stored_hash().contains("$m=8,t=1,"));
    required(service.sign_in(patient(), sign_in_request("minsu")));
    CHECK(stored_hash().contains("$m=16,t=2,"));
    required(service.sign_in(patient(), sign_in_request("minsu")));
    fail_to_sign_in(service, "minsu", 1);
}

TEST_CASE("delays survive a restart") {
    Base base;
    {
        Service service(base.room(), base.ids, base.clock, quick_options());
        person(service, "minsu");
        fail_to_sign_in(service, "minsu", 5, away);
    }
    Service service(base.room(), base.ids, base.clock, quick_options());
    CHECK(answer_of(service.sign_in(patient(), sign_in_request("minsu", good_password, away))) ==
          "exhausted too_many_tries");
}

TEST_CASE("a try that was not looked at is not counted, and forgets no other") {
    Base base;
    {
        Service service(base.room(), base.ids, base.clock, quick_options());
        person(service, "minsu");
        fail_to_sign_in(service, "minsu", 3, away);
    }
    ServiceOptions overloaded = quick_options();
    overloaded.password_queue_max = 0;
    {
        Service service(base.room(), base.ids, base.clock, overloaded);
        for (int i = 0; i < 10; ++i) {
            CHECK(answer_of(service.sign_in(patient(), sign_in_request("minsu", "wrong", away))) ==
                  "exhausted busy");
        }
    }
    Service service(base.room(), base.ids, base.clock, quick_options());
    fail_to_sign_in(service, "minsu", 2, away);
    CHECK(answer_of(service.sign_in(patient(), sign_in_request("minsu", good_password, away))) ==
          "exhausted too_many_tries");
}

TEST_CASE("tries without an address are counted by account only") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    for (int i = 0; i < 150; ++i)
        fail_to_sign_in(service, "name" + std::to_string(i), 1, "");
    CHECK(answer_of(service.sign_up(patient(), [] {
              SignUpRequest request = sign_up_request("minsu");
              request.clear_client();
              return request;
          }())) == "ok");
    fail_to_sign_in(service, "minsu", 5, "");
    CHECK(answer_of(service.sign_in(patient(), sign_in_request("minsu", good_password, ""))) ==
          "exhausted too_many_tries");
}

TEST_CASE("a session is used without a write, but once a minute") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    const SessionReply minsu = person(service, "minsu");
    const auto batches = [&] { return base.database->stats().batches; };
    const auto before = batches();
    for (int i = 0; i < 10; ++i)
        CHECK(is_open(service, minsu.token()));
    CHECK(batches() == before);
    base.clock.advance(Millis{60'000});
    for (int i = 0; i < 10; ++i)
        CHECK(is_open(service, minsu.token()));
    CHECK(batches() == before + 1);
}

TEST_CASE("sessions that are over are swept away as others are opened") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    for (int i = 0; i < 4; ++i)
        person(service, "swift" + std::to_string(i));
    base.clock.advance(std::chrono::days(15));
    for (int i = 0; i < 2; ++i)
        required(service.sign_in(patient(), sign_in_request("swift0", good_password, away)));
    const auto rows = required(base.room().read(patient(), "SELECT COUNT(*) FROM accounts_sessions", {}));
    CHECK(rows[0].integer(0) == 2);
}

TEST_CASE("those who wait for events are let go when the process ends") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    std::atomic<bool> answered = false;
    const auto began = std::chrono::steady_clock::now();
    {
        const std::jthread waiting([&] { answered = events_after(service, 0, 1, 5'000).has_value(); });
        service.end_waits();
    }
    CHECK(answered);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
}

TEST_CASE("what is not UTF-8 is refused in process as on the wire") {
    Base base;
    Service service(base.room(), base.ids, base.clock, quick_options());
    SignUpRequest request = sign_up_request("minsu");
    request.set_password("abcdefgh\xff");
    CHECK(answer_of(service.sign_up(patient(), request)) == "invalid password_invalid password");
    request = sign_up_request("minsu");
    request.mutable_client()->set_user_agent("agent \xff\xfe");
    const SessionReply reply = required(service.sign_up(patient(), request));
    CHECK(reply.session().client().user_agent() == "agent \uFFFD\uFFFD");
}

}  // namespace jebi::accounts
