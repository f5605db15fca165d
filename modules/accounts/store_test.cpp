#include "modules/accounts/store.h"

#include <doctest/doctest.h>

#include <thread>

#include "modules/accounts/testing.h"

namespace jebi::accounts {

namespace {

using namespace testing;

struct Kept : Base {
    Store store{room()};

    NewUser user(const std::string& username) {
        NewUser made{.email = username + "@b.co", .email_key = username + "@b.co", .password_hash = "a hash"};
        made.user.set_id(ids.next());
        made.user.set_username(username);
        made.user.set_display_name(username);
        made.user.set_created_ms(clock.wall_ms());
        return made;
    }
    NewSession session(const NewUser& owner, const std::string& token_hash) {
        NewSession made{.user = UserId{owner.user.id()}, .token_hash = token_hash};
        made.session.set_id(ids.next());
        made.session.set_created_ms(clock.wall_ms());
        made.session.set_last_used_ms(clock.wall_ms());
        return made;
    }
    Account added(const std::string& username, const Key& key = {}) {
        const NewUser made = user(username);
        const auto done = store.add_user(patient(), made, session(made, username + "'s token"), key);
        REQUIRE(answer_of(done) == "ok");
        return required(store.account(patient(), UserId{made.user.id()})).value();
    }
    std::int64_t count(std::string_view sql) {
        return required(room().read(patient(), sql, {}))[0].integer(0);
    }
};

Try one_try(const std::string& key) {
    return {.key = key, .limit = {.free = 3}};
}

}  // namespace

TEST_CASE("the highest id is that of a user, a session, a program or somebody who left") {
    Kept kept;
    CHECK(required(kept.store.highest_id(patient())) == 0);
    const Account minsu = kept.added("minsu");
    const auto with_session = required(kept.store.highest_id(patient()));
    CHECK(with_session > minsu.user.id());
    REQUIRE(answer_of(kept.store.end_session_of_token(patient(), "minsu's token")) == "ok");
    CHECK(required(kept.store.highest_id(patient())) == minsu.user.id());
    REQUIRE(answer_of(kept.store.remove_user(patient(), minsu, 1, {})) == "ok");
    CHECK(required(kept.store.highest_id(patient())) == minsu.user.id());
    App app;
    app.set_id(kept.ids.next());
    REQUIRE(answer_of(kept.store.add_app(patient(), {.app = app, .secret_hash = "h"}, 1)) == "ok");
    CHECK(required(kept.store.highest_id(patient())) == app.id());
}

TEST_CASE("a user is added with everything or not at all") {
    Kept kept;
    const Key key{.user = {}, .key = "k", .digest = "d"};
    kept.added("minsu", key);
    const NewUser other = kept.user("other");
    CHECK(answer_of(kept.store.add_user(patient(), other, kept.session(other, "t"), key)) ==
          "conflict key_seen");
    NewUser same_email = kept.user("other");
    same_email.email_key = "minsu@b.co";
    const Key unused{.user = {}, .key = "k2", .digest = "d"};
    CHECK(answer_of(kept.store.add_user(patient(), same_email, kept.session(same_email, "t"), unused)) ==
          "conflict email_taken email");
    const NewUser same_name = kept.user("minsu");
    CHECK(answer_of(kept.store.add_user(patient(), same_name, kept.session(same_name, "t"), unused)) ==
          "conflict username_taken username");
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_users") == 1);
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_sessions") == 1);
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_keys") == 1);
    CHECK(required(kept.store.user_count(patient())) == 1);
}

TEST_CASE("a session is not opened, a password not changed and a user not removed by an older password") {
    Kept kept;
    const Account before = kept.added("minsu");
    const NewSession session{.user = UserId{before.user.id()}, .token_hash = "another"};
    REQUIRE(answer_of(kept.store.change_password(patient(), before, {.hash = "new"}, {}, {})) == "ok");
    CHECK(answer_of(kept.store.open_session(patient(), session, before, "rehashed", {})) ==
          "conflict password_moved");
    CHECK(answer_of(kept.store.change_password(patient(), before, {.hash = "newer"}, {}, {})) ==
          "conflict password_moved");
    CHECK(answer_of(kept.store.remove_user(patient(), before, 1, {})) == "conflict password_moved");
    const auto now = required(kept.store.account(patient(), UserId{before.user.id()})).value();
    CHECK(now.password_hash == "new");
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_events WHERE kind <> 'created'") == 0);
}

TEST_CASE("an account is at home where it has a session") {
    Kept kept;
    const NewUser made = kept.user("minsu");
    NewSession session = kept.session(made, "t");
    session.session.mutable_client()->set_address("192.0.2.1");
    REQUIRE(answer_of(kept.store.add_user(patient(), made, session, {})) == "ok");
    CHECK(required(kept.store.account_by_name(patient(), "minsu", "192.0.2.1"))->at_home);
    CHECK(!required(kept.store.account_by_name(patient(), "minsu", "192.0.2.2"))->at_home);
    CHECK(required(kept.store.account_by_email(patient(), "minsu@b.co", "192.0.2.1"))->at_home);
    CHECK(!required(kept.store.account_by_email(patient(), "nobody@b.co", "192.0.2.1")));
}

TEST_CASE("removing a user leaves nothing of them but the name, the event and the id") {
    Kept kept;
    const Account minsu = kept.added("minsu", {.user = {}, .key = "k", .digest = "d"});
    const UserId id{minsu.user.id()};
    REQUIRE(answer_of(kept.store.add_grant(patient(), {.code_hash = "c", .user = id}, 1)) == "ok");
    REQUIRE(answer_of(kept.store.link_identity(patient(), id, {"github", "7", "minsu"}, 1)) == "ok");
    REQUIRE(answer_of(kept.store.set_avatar(patient(), id, {"v", "image/webp", "bytes"}, 1)) == "ok");
    REQUIRE(answer_of(kept.store.remove_user(patient(), minsu, 77, {})) == "ok");
    for (const std::string table : {"accounts_users", "accounts_sessions", "accounts_keys", "accounts_tries",
                                    "accounts_codes", "accounts_identities", "accounts_avatars"}) {
        CAPTURE(table);
        CHECK(kept.count("SELECT COUNT(*) FROM " + table) == 0);
    }
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_former_names WHERE username = 'minsu'") == 1);
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_events WHERE at_ms = 77") == 1);
    CHECK(required(kept.store.user_count(patient())) == 0);
    CHECK(answer_of(kept.store.check_free(patient(), "minsu", "minsu@b.co")) ==
          "conflict username_taken username");
    CHECK(answer_of(kept.store.check_free(patient(), "other", "minsu@b.co")) == "ok");
}

TEST_CASE("programs that nobody uses are forgotten as others come, those in use are not") {
    Kept kept;
    const Account minsu = kept.added("minsu");
    const auto add = [&] {
        App app;
        app.set_id(kept.ids.next());
        app.set_client_id("client " + std::to_string(app.id()));
        REQUIRE(answer_of(kept.store.add_app(patient(), {.app = app, .secret_hash = "h"},
                                             kept.clock.wall_ms())) == "ok");
        return app;
    };
    const auto is_kept = [&](const App& app) {
        return required(kept.store.app(patient(), app.client_id())).has_value();
    };
    const App used = add();
    NewSession session{.user = UserId{minsu.user.id()}, .token_hash = "t", .app = AppId{used.id()}};
    session.session.set_id(kept.ids.next());
    REQUIRE(answer_of(kept.store.open_session_of_app(patient(), session)) == "ok");
    const std::vector<App> unused{add(), add(), add()};
    kept.clock.advance(std::chrono::days(30));
    add();
    CHECK(is_kept(unused[0]));
    kept.clock.advance(Millis{1});
    add();
    CHECK(is_kept(used));
    CHECK(!is_kept(unused[0]));
    CHECK(!is_kept(unused[1]));
    CHECK(is_kept(unused[2]));
}

TEST_CASE("people from before there were events of coming are told of after those who left") {
    const Kept kept;
    const Folder folder;
    const auto database = required(sql::open_sqlite({.file = folder / "old.db"}));
    sql::Room& room = database->room("accounts");
    REQUIRE(answer_of(room.migrate(schema_files().first(1))) == "ok");
    sql::Batch old;
    for (const std::int64_t id : {30, 10, 20}) {
        old.add(
            {"INSERT INTO accounts_users (id, username, email, email_key, password_hash, "
             "password_version, display_name, bio, link, created_ms) "
             "VALUES ($1, $2, $2, $2, 'hash', 1, 'name', '', '', $3)",
             {id, "u" + std::to_string(id), 1'000 + id}});
    }
    old.add({"INSERT INTO accounts_events (sequence, at_ms, kind, user_id) VALUES (7, 1, 'deleted', 5)", {}});
    REQUIRE(room.write(patient(), std::move(old)));
    REQUIRE(answer_of(room.migrate(schema_files())) == "ok");
    const auto events = required(Store{room}.events(patient(), 0, 100));
    REQUIRE(events.size() == 4);
    CHECK(events[0].deleted().user_id() == 5);
    for (std::size_t i = 1; i < 4; ++i) {
        CHECK(events[i].sequence() == 7 + i);
        CHECK(events[i].created().username() == "u" + std::to_string(10 * i));
        CHECK(events[i].at_ms() == static_cast<std::int64_t>(1'000 + 10 * i));
    }
}

TEST_CASE("keys are kept for a day and swept away afterwards") {
    Kept kept;
    const UserId user{7};
    const auto use = [&](const std::string& key) {
        const Account account = kept.added("u" + std::to_string(kept.ids.next()));
        return kept.store.change_password(patient(), account, {.hash = "h", .at_ms = kept.clock.wall_ms()},
                                          {.user = user, .key = key, .digest = "d"}, {});
    };
    for (int i = 0; i < 5; ++i)
        REQUIRE(answer_of(use("k" + std::to_string(i))) == "ok");
    CHECK(answer_of(use("k0")) == "conflict key_seen");
    kept.clock.advance(std::chrono::hours(24) - Millis{1});
    CHECK(answer_of(use("k0")) == "conflict key_seen");
    CHECK(required(kept.store.key(patient(), user, "k0", kept.clock.wall_ms()))->digest == "d");
    kept.clock.advance(Millis{1});
    CHECK(!required(kept.store.key(patient(), user, "k0", kept.clock.wall_ms())));
    CHECK(answer_of(use("k0")) == "ok");
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_keys") == 1);
    CHECK(!required(kept.store.key(patient(), UserId{8}, "k0", kept.clock.wall_ms())));
}

TEST_CASE("all tries of a batch are counted or none is") {
    Kept kept;
    const std::vector<Try> both{one_try("a"), one_try("b")};
    for (int i = 0; i < 3; ++i)
        REQUIRE(answer_of(kept.store.count_tries(patient(), {one_try("b")}, 1'000)) == "ok");
    CHECK(answer_of(kept.store.count_tries(patient(), both, 1'000)) == "exhausted try_delayed");
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_tries WHERE try_key = 'a'") == 0);
    CHECK(required(kept.store.delay(patient(), both, 1'000)) == Millis{1'000});
    CHECK(required(kept.store.delay(patient(), both, 1'999)) == Millis{1});
    CHECK(required(kept.store.delay(patient(), both, 2'000)) == Millis{0});
    CHECK(answer_of(kept.store.count_tries(patient(), both, 2'000)) == "ok");
}

TEST_CASE("tries at once are counted one by one") {
    Kept kept;
    std::atomic<int> counted = 0;
    {
        std::vector<std::jthread> trying;
        for (int i = 0; i < 16; ++i) {
            trying.emplace_back([&] {
                if (kept.store.count_tries(patient(), {one_try("a")}, 1'000)) ++counted;
            });
        }
    }
    CHECK(counted == 3);
}

TEST_CASE("taking a try back undoes its failure and the delay it made") {
    Kept kept;
    const std::vector<Try> tries{one_try("a")};
    for (int i = 0; i < 3; ++i)
        REQUIRE(answer_of(kept.store.count_tries(patient(), tries, 1'000)) == "ok");
    REQUIRE(required(kept.store.delay(patient(), tries, 1'000)) == Millis{1'000});
    REQUIRE(answer_of(kept.store.take_back_tries(patient(), tries)) == "ok");
    CHECK(required(kept.store.delay(patient(), tries, 1'000)) == Millis{0});
    REQUIRE(answer_of(kept.store.count_tries(patient(), tries, 1'000)) == "ok");
    CHECK(required(kept.store.delay(patient(), tries, 1'000)) == Millis{1'000});
}

TEST_CASE("a trickle of failures never adds up to a delay, the same number at once does") {
    Kept kept;
    const std::vector<Try> tries{one_try("a")};
    const auto fail_every = [&](Millis pause, WallMs from) {
        std::string answers;
        for (int i = 0; i < 6; ++i) {
            answers += kept.store.count_tries(patient(), tries, from + i * pause.count()) ? 'y' : 'n';
        }
        return answers;
    };
    const WallMs start = 1'000'000;
    CHECK(fail_every(std::chrono::minutes(8), start) == "yyyyyy");
    CHECK(required(kept.store.delay(patient(), tries, start + 40 * 60'000)) == Millis{0});
    CHECK(fail_every(Millis{100}, 2 * start + 60 * 60'000) == "yyynnn");
}

TEST_CASE("a delay made while the clock was wrong does not hold") {
    Kept kept;
    const std::vector<Try> tries{one_try("a")};
    const WallMs wrong = 10LL * 365 * 24 * 3600 * 1000;
    for (int i = 0; i < 3; ++i)
        REQUIRE(answer_of(kept.store.count_tries(patient(), tries, wrong)) == "ok");
    CHECK(required(kept.store.delay(patient(), tries, 1'000)) == Millis{0});
    CHECK(answer_of(kept.store.count_tries(patient(), tries, 1'000)) == "ok");
}

TEST_CASE("tries that are over are swept away as others come") {
    Kept kept;
    for (int i = 0; i < 8; ++i) {
        REQUIRE(answer_of(kept.store.count_tries(patient(), {one_try(std::to_string(i))}, 1'000)) == "ok");
    }
    const WallMs later = 1'000 + Millis{std::chrono::minutes(15)}.count();
    REQUIRE(answer_of(kept.store.count_tries(patient(), {one_try("later")}, later - 1)) == "ok");
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_tries") == 9);
    REQUIRE(answer_of(kept.store.count_tries(patient(), {one_try("later")}, later)) == "ok");
    CHECK(kept.count("SELECT COUNT(*) FROM accounts_tries") == 1);
}

TEST_CASE("a try is found among two, whichever comes first") {
    Kept kept;
    for (int i = 0; i < 3; ++i)
        REQUIRE(answer_of(kept.store.count_tries(patient(), {one_try("a")}, 1'000)) == "ok");
    CHECK(required(kept.store.delay(patient(), {one_try("a"), one_try("b")}, 1'000)) > Millis{0});
    CHECK(required(kept.store.delay(patient(), {one_try("b"), one_try("a")}, 1'000)) > Millis{0});
    CHECK(required(kept.store.delay(patient(), {one_try("b")}, 1'000)) == Millis{0});
    CHECK(required(kept.store.delay(patient(), {}, 1'000)) == Millis{0});
}

}  // namespace jebi::accounts
