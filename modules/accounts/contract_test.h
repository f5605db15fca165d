// What every Accounts does, whatever stands behind it. A Place has `Accounts& accounts()` and the
// `TestClock& clock()` that the service behind it goes by; each case begins with a new, empty one.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "modules/accounts/testing.h"

namespace jebi::accounts::testing {

inline constexpr std::string_view decomposed_password =
    "\u1106\u116e\u11af\u1107\u1175\u11be\u1112\u1161\u1102\u1173\u11af\u110c\u1169\u110b\u1163\u11a8\u1103"
    "\u1169\u11af\u1109\u1166\u11ba";
inline constexpr std::string_view composed_password = "물빛하늘조약돌셋";

inline std::vector<std::uint64_t> session_ids(Accounts& accounts, UserId user) {
    const SessionsReply reply = required(accounts.sessions(patient(user), {}));
    std::vector<std::uint64_t> ids;
    for (const Session& session : reply.sessions())
        ids.push_back(session.id());
    return ids;
}

inline Result<Empty> change_password(Accounts& accounts, const Call& call, std::string_view current,
                                     std::string_view wanted, const std::string& token = "") {
    ChangePasswordRequest request;
    request.set_current_password(std::string(current));
    request.set_new_password(std::string(wanted));
    request.set_token(token);
    request.mutable_client()->set_address(std::string(home));
    return accounts.change_password(call, request);
}

inline Result<Empty> delete_account(Accounts& accounts, const Call& call,
                                    std::string_view password = good_password) {
    DeleteAccountRequest request;
    request.set_password(std::string(password));
    request.mutable_client()->set_address(std::string(home));
    return accounts.delete_account(call, request);
}

inline Result<Empty> end_session(Accounts& accounts, const Call& call, std::uint64_t id) {
    EndSessionRequest request;
    request.set_session_id(id);
    return accounts.end_session(call, request);
}

inline Result<EventsReply> events_after(Accounts& accounts, std::uint64_t after, std::uint32_t limit = 1'000,
                                        std::uint32_t wait_ms = 0) {
    EventsRequest request;
    request.set_after(after);
    request.set_limit(limit);
    request.set_wait_ms(wait_ms);
    return accounts.events(patient(), request);
}

inline void fail_to_sign_in(Accounts& accounts, const std::string& name, int times,
                            std::string_view address = home) {
    for (int i = 0; i < times; ++i) {
        REQUIRE(answer_of(accounts.sign_in(patient(), sign_in_request(name, "not the one", address))) ==
                "unauthenticated wrong_credentials");
    }
}

template <typename Place>
void signing_up() {
    Place place;
    Accounts& accounts = place.accounts();

    SUBCASE("makes an account and a session") {
        SignUpRequest request = sign_up_request("Minsu");
        request.set_display_name(" 김민수 ");
        const SessionReply reply = required(accounts.sign_up(patient(), request));
        CHECK(reply.user().id() != 0);
        CHECK(reply.user().username() == "minsu");
        CHECK(reply.user().display_name() == "김민수");
        CHECK(reply.user().bio().empty());
        CHECK(reply.user().created_ms() == place.clock().wall_ms());
        CHECK(reply.token().size() == 43);
        CHECK(reply.session().client().address() == home);
        CHECK(reply.session().client().user_agent() == "a test");
        AuthenticateRequest visit;
        visit.set_token(reply.token());
        const AuthenticateReply who = required(accounts.authenticate(patient(), visit));
        CHECK(who.user().SerializeAsString() == reply.user().SerializeAsString());
        CHECK(who.session_id() == reply.session().id());
    }
    SUBCASE("takes the user name where no display name is given") {
        CHECK(person(accounts, "minsu").user().display_name() == "minsu");
    }
    SUBCASE("gives a name and an e-mail to one only, in whatever case") {
        person(accounts, "minsu");
        SignUpRequest same_name = sign_up_request("MINSU");
        same_name.set_email("other@example.com");
        CHECK(answer_of(accounts.sign_up(patient(), same_name)) == "conflict username_taken username");
        SignUpRequest same_email = sign_up_request("other");
        same_email.set_email("Minsu@Example.com");
        CHECK(answer_of(accounts.sign_up(patient(), same_email)) == "conflict email_taken email");
        CHECK(required(accounts.users(patient(),
                                      [] {
                                          UsersRequest all;
                                          all.set_page(1);
                                          all.set_size(10);
                                          return all;
                                      }()))
                  .total() == 1);
    }
    SUBCASE("says what is wrong with what was given, and makes nothing") {
        const auto answer = [&](auto change) {
            SignUpRequest request = sign_up_request("minsu");
            change(request);
            return answer_of(accounts.sign_up(patient(), request));
        };
        CHECK(answer([](auto& r) { r.set_username("min su"); }) == "invalid username_invalid username");
        CHECK(answer([](auto& r) { r.set_username("Admin"); }) == "invalid username_reserved username");
        CHECK(answer([](auto& r) { r.set_email("minsu"); }) == "invalid email_invalid email");
        CHECK(answer([](auto& r) { r.set_password("short"); }) == "invalid password_too_short password");
        CHECK(answer([](auto& r) { r.set_password(std::string(257, 'x')); }) ==
              "invalid password_too_long password");
        CHECK(answer([](auto& r) { r.set_password("password1"); }) == "invalid password_common password");
        CHECK(answer([](auto& r) { r.set_password("minsu-88x"); }) == "invalid password_like_name password");
        CHECK(answer([](auto& r) { r.set_display_name("a\u202eb"); }) ==
              "invalid display_name_invalid display_name");
        CHECK(answer([](auto&) {}) == "ok");
    }
    SUBCASE("with a repeated key gives the same account a new session in place of the first") {
        const Call call = with_key(patient(), "form-1");
        const SessionReply first = required(accounts.sign_up(call, sign_up_request("minsu")));
        const SessionReply again = required(accounts.sign_up(call, sign_up_request("minsu")));
        CHECK(again.user().id() == first.user().id());
        CHECK(again.token() != first.token());
        CHECK(is_open(accounts, again.token()));
        CHECK(!is_open(accounts, first.token()));
        CHECK(session_ids(accounts, id_of(first)).size() == 1);
    }
    SUBCASE("with a key of another request, or without its password, is refused") {
        const Call call = with_key(patient(), "form-1");
        const SessionReply first = required(accounts.sign_up(call, sign_up_request("minsu")));
        CHECK(answer_of(accounts.sign_up(call, sign_up_request("other"))) == "conflict key_reused");
        SignUpRequest guessed = sign_up_request("minsu");
        guessed.set_password("swallow-nest-8");
        CHECK(answer_of(accounts.sign_up(call, guessed)) == "conflict key_reused");
        CHECK(session_ids(accounts, id_of(first)).size() == 1);
        CHECK(is_open(accounts, first.token()));
    }
    SUBCASE("forgets a key after a day") {
        const Call call = with_key(patient(), "form-1");
        required(accounts.sign_up(call, sign_up_request("minsu")));
        place.clock().advance(std::chrono::hours(24));
        CHECK(answer_of(accounts.sign_up(call, sign_up_request("minsu"))) ==
              "conflict username_taken username");
        CHECK(answer_of(accounts.sign_up(call, sign_up_request("other"))) == "ok");
    }
    SUBCASE("at the same moment with the same name, one gets it") {
        std::atomic<int> made = 0;
        std::atomic<int> taken = 0;
        {
            std::vector<std::jthread> people;
            for (int i = 0; i < 8; ++i) {
                people.emplace_back([&, i] {
                    SignUpRequest request = sign_up_request("minsu");
                    request.set_email("minsu" + std::to_string(i) + "@example.com");
                    const auto reply = accounts.sign_up(patient(), request);
                    ++(reply ? made : taken);
                });
            }
        }
        CHECK(made == 1);
        CHECK(taken == 7);
    }
    SUBCASE("at the same moment with the same key, all get the same account") {
        std::vector<std::uint64_t> ids(4);
        {
            std::vector<std::jthread> people;
            for (auto& id : ids) {
                people.emplace_back([&] {
                    const auto reply =
                        accounts.sign_up(with_key(patient(), "form-1"), sign_up_request("minsu"));
                    if (reply) id = reply->user().id();
                });
            }
        }
        CHECK(ids[0] != 0);
        CHECK(std::ranges::count(ids, ids[0]) == 4);
    }
    SUBCASE("is slowed down when too many come from one address") {
        std::string answer = "ok";
        int made = 0;
        while (answer == "ok" && made < 1'000) {
            answer = answer_of(accounts.sign_up(patient(), sign_up_request("swift" + std::to_string(made))));
            if (answer == "ok") ++made;
        }
        CHECK(answer == "exhausted too_many_tries");
        CHECK(made == 50);
        SignUpRequest elsewhere = sign_up_request("elsewhere");
        elsewhere.mutable_client()->set_address("192.0.2.2");
        CHECK(answer_of(accounts.sign_up(patient(), elsewhere)) == "ok");
        place.clock().advance(Millis{1'000});
        CHECK(answer_of(accounts.sign_up(patient(), sign_up_request("later"))) == "ok");
    }
}

template <typename Place>
void signing_in() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");

    SUBCASE("opens a session for a user name or an e-mail, in any case") {
        for (const std::string name :
             {"minsu", "MinSu", " minsu ", "minsu@example.com", "MINSU@EXAMPLE.COM"}) {
            CAPTURE(name);
            const SessionReply reply = required(accounts.sign_in(patient(), sign_in_request(name)));
            CHECK(reply.user().id() == minsu.user().id());
            CHECK(is_open(accounts, reply.token()));
            CHECK(reply.token() != minsu.token());
        }
        CHECK(is_open(accounts, minsu.token()));
    }
    SUBCASE("answers unknown names and wrong passwords alike") {
        const std::string wrong = "unauthenticated wrong_credentials";
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu", "wrong"))) == wrong);
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("nobody", "wrong"))) == wrong);
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("nobody@example.com"))) == wrong);
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("", ""))) == wrong);
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request(std::string(100'000, 'n')))) == wrong);
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu2", std::string(100'000, 'p')))) ==
              wrong);
        const auto known = accounts.sign_in(patient(), sign_in_request("minsu", "wrong"));
        const auto unknown = accounts.sign_in(patient(), sign_in_request("nobody", "wrong"));
        CHECK(known.error().message == unknown.error().message);
    }
    SUBCASE("takes a password in either normal form") {
        SignUpRequest request = sign_up_request("jiwoo");
        request.set_password(std::string(decomposed_password));
        required(accounts.sign_up(patient(), request));
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("jiwoo", composed_password))) == "ok");
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("jiwoo", decomposed_password))) == "ok");
    }
    SUBCASE("with a repeated key replaces the session that it made") {
        const Call call = with_key(patient(), "form-1");
        const SessionReply first = required(accounts.sign_in(call, sign_in_request("minsu")));
        const SessionReply again = required(accounts.sign_in(call, sign_in_request("minsu")));
        CHECK(!is_open(accounts, first.token()));
        CHECK(is_open(accounts, again.token()));
        CHECK(session_ids(accounts, id_of(minsu)).size() == 2);
    }
    SUBCASE("ends the session unused for longest when there are a hundred") {
        for (int i = 0; i < 100; ++i) {
            place.clock().advance(Millis{10});
            required(accounts.sign_in(patient(), sign_in_request("minsu")));
        }
        CHECK(session_ids(accounts, id_of(minsu)).size() == 100);
        CHECK(!is_open(accounts, minsu.token()));
    }
}

// Tries from an address where nobody is signed in.
inline constexpr std::string_view away = "198.51.100.7";

template <typename Place>
void delays() {
    Place place;
    Accounts& accounts = place.accounts();
    person(accounts, "minsu");
    const auto answer = [&](const std::string& name, std::string_view password,
                            std::string_view from = away) {
        return answer_of(accounts.sign_in(patient(), sign_in_request(name, password, from)));
    };
    const auto seconds = [&](const std::string& name) {
        const auto refused = accounts.sign_in(patient(), sign_in_request(name, good_password, away));
        return refused ? 0 : refused.error().retry_after_s;
    };

    SUBCASE("come after five failures, and keep the right password out as well") {
        fail_to_sign_in(accounts, "minsu", 5, away);
        CHECK(answer("minsu", good_password) == "exhausted too_many_tries");
        CHECK(seconds("minsu") == 1);
        place.clock().advance(Millis{999});
        CHECK(answer("minsu", good_password) == "exhausted too_many_tries");
        place.clock().advance(Millis{1});
        CHECK(answer("minsu", good_password) == "ok");
    }
    SUBCASE("double with each failure, up to a quarter of an hour") {
        fail_to_sign_in(accounts, "minsu", 5, away);
        for (const std::int64_t expected : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
            CHECK(seconds("minsu") == expected);
            place.clock().advance(std::chrono::seconds(expected));
            fail_to_sign_in(accounts, "minsu", 1, away);
        }
    }
    SUBCASE("are the same for a name that nobody has") {
        fail_to_sign_in(accounts, "nobody", 5, away);
        CHECK(answer("nobody", "wrong") == "exhausted too_many_tries");
        CHECK(seconds("nobody") == 1);
        CHECK(answer("nobody2", "wrong") == "unauthenticated wrong_credentials");
    }
    SUBCASE("are not made longer by tries that were refused") {
        fail_to_sign_in(accounts, "minsu", 5, away);
        for (int i = 0; i < 20; ++i)
            REQUIRE(answer("minsu", "wrong") == "exhausted too_many_tries");
        CHECK(seconds("minsu") == 1);
    }
    SUBCASE("are forgotten after a right password") {
        fail_to_sign_in(accounts, "minsu", 4, away);
        CHECK(answer("minsu", good_password) == "ok");
        fail_to_sign_in(accounts, "minsu", 4, "198.51.100.8");
        CHECK(answer("minsu", good_password, "198.51.100.8") == "ok");
    }
    SUBCASE("are forgotten after a quarter of an hour without failures") {
        fail_to_sign_in(accounts, "minsu", 4, away);
        place.clock().advance(std::chrono::minutes(15));
        fail_to_sign_in(accounts, "minsu", 4, away);
        CHECK(answer("minsu", good_password) == "ok");
    }
    SUBCASE("follow an account from address to address, but not to where its owner is signed in") {
        for (int i = 0; i < 5; ++i)
            fail_to_sign_in(accounts, "minsu", 1, "203.0.113." + std::to_string(i));
        CHECK(answer("minsu", good_password, "203.0.113.99") == "exhausted too_many_tries");
        CHECK(answer("minsu", good_password, home) == "ok");
        // Whoever is at home there gets no more tries than anybody else.
        fail_to_sign_in(accounts, "minsu", 5, home);
        CHECK(answer("minsu", good_password, home) == "exhausted too_many_tries");
    }
    SUBCASE("follow an address from name to name, up to a minute") {
        for (int i = 0; i < 100; ++i)
            fail_to_sign_in(accounts, "name" + std::to_string(i), 1, away);
        for (const std::int64_t expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
            CHECK(seconds("minsu") == expected);
            place.clock().advance(std::chrono::seconds(expected));
            fail_to_sign_in(accounts, "name" + std::to_string(expected), 1, away);
        }
        CHECK(answer("minsu", good_password, away) == "exhausted too_many_tries");
        CHECK(answer("minsu", good_password, "198.51.100.8") == "ok");
    }
    SUBCASE("treat the addresses of one IPv6 line as one") {
        for (int i = 0; i < 100; ++i) {
            fail_to_sign_in(accounts, "name" + std::to_string(i), 1,
                            "2001:db8:1:2::" + std::to_string(i + 1));
        }
        CHECK(answer("minsu", good_password, "2001:db8:1:2:ffff::1") == "exhausted too_many_tries");
        CHECK(answer("minsu", good_password, "2001:db8:1:3::1") == "ok");
    }
    SUBCASE("do not count an address's right passwords") {
        for (int i = 0; i < 120; ++i)
            REQUIRE(answer("minsu", good_password) == "ok");
    }
}

template <typename Place>
void keeping_sessions() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    const Call call = patient(id_of(minsu));

    SUBCASE("a token that nobody has is nobody's") {
        for (const std::string& token :
             {std::string(), std::string("x"), std::string(43, 'A'), std::string(100'000, 'A'),
              minsu.token() + "A", minsu.token().substr(1)}) {
            AuthenticateRequest request;
            request.set_token(token);
            CHECK(answer_of(accounts.authenticate(patient(), request)) == "unauthenticated sign_in_first");
        }
    }
    SUBCASE("a session ends after two weeks without use, and each use moves that on") {
        for (int i = 0; i < 5; ++i) {
            place.clock().advance(std::chrono::days(13));
            CHECK(is_open(accounts, minsu.token()));
        }
        place.clock().advance(std::chrono::days(14));
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(session_ids(accounts, id_of(minsu)).empty());
    }
    SUBCASE("a session ends after ninety days, used or not") {
        for (int i = 0; i < 9; ++i) {
            CHECK(is_open(accounts, minsu.token()));
            place.clock().advance(std::chrono::days(10));
        }
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(session_ids(accounts, id_of(minsu)).empty());
    }
    SUBCASE("sessions are listed last used first, to the minute") {
        place.clock().advance(Millis{1'000});
        const SessionReply second = required(accounts.sign_in(patient(), sign_in_request("minsu")));
        CHECK(session_ids(accounts, id_of(minsu)) ==
              std::vector{second.session().id(), minsu.session().id()});
        place.clock().advance(Millis{30'000});
        CHECK(is_open(accounts, minsu.token()));
        CHECK(session_ids(accounts, id_of(minsu)).front() == second.session().id());
        place.clock().advance(Millis{30'000});
        CHECK(is_open(accounts, minsu.token()));
        const SessionsReply sessions = required(accounts.sessions(call, {}));
        CHECK(sessions.sessions(0).id() == minsu.session().id());
        CHECK(sessions.sessions(0).last_used_ms() == place.clock().wall_ms());
        CHECK(sessions.sessions(0).created_ms() == minsu.session().created_ms());
        CHECK(sessions.sessions(1).client().address() == home);
    }
    SUBCASE("a user agent is cut to 300 bytes, between characters") {
        SignInRequest request = sign_in_request("minsu");
        std::string agent = "x";
        for (int i = 0; i < 200; ++i)
            agent += "제";
        request.mutable_client()->set_user_agent(agent);
        const SessionReply reply = required(accounts.sign_in(patient(), request));
        CHECK(reply.session().client().user_agent() == agent.substr(0, 298));
    }
    SUBCASE("signing out ends the session, and may be repeated") {
        const SessionReply second = required(accounts.sign_in(patient(), sign_in_request("minsu")));
        SignOutRequest request;
        request.set_token(minsu.token());
        CHECK(answer_of(accounts.sign_out(patient(), request)) == "ok");
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(is_open(accounts, second.token()));
        CHECK(answer_of(accounts.sign_out(patient(), request)) == "ok");
        request.set_token("no token");
        CHECK(answer_of(accounts.sign_out(patient(), request)) == "ok");
    }
    SUBCASE("one ends one's own sessions only") {
        const SessionReply other = person(accounts, "other");
        CHECK(answer_of(end_session(accounts, call, other.session().id())) == "not_found");
        CHECK(is_open(accounts, other.token()));
        CHECK(answer_of(end_session(accounts, call, minsu.session().id())) == "ok");
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(answer_of(end_session(accounts, call, minsu.session().id())) == "not_found");
    }
    SUBCASE("ending a session with a repeated key is the same as once") {
        const SessionReply second = required(accounts.sign_in(patient(), sign_in_request("minsu")));
        const Call keyed = with_key(call, "end-1");
        CHECK(answer_of(end_session(accounts, keyed, minsu.session().id())) == "ok");
        CHECK(answer_of(end_session(accounts, keyed, minsu.session().id())) == "ok");
        CHECK(answer_of(end_session(accounts, keyed, second.session().id())) == "conflict key_reused");
        CHECK(is_open(accounts, second.token()));
    }
    SUBCASE("a refused call leaves no key behind") {
        const Call keyed = with_key(call, "end-1");
        CHECK(answer_of(end_session(accounts, keyed, 7)) == "not_found");
        CHECK(answer_of(end_session(accounts, keyed, minsu.session().id())) == "ok");
    }
    SUBCASE("all other sessions end at once") {
        const SessionReply other = person(accounts, "other");
        const SessionReply second = required(accounts.sign_in(patient(), sign_in_request("minsu")));
        EndOtherSessionsRequest request;
        request.set_token(second.token());
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(accounts.end_other_sessions(call, request)) == "ok");
        CHECK(session_ids(accounts, id_of(minsu)) == std::vector{second.session().id()});
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(is_open(accounts, other.token()));
    }
    SUBCASE("nobody's call is asked to sign in") {
        CHECK(answer_of(accounts.sessions(patient(), {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(end_session(accounts, patient(), minsu.session().id())) ==
              "unauthenticated sign_in_first");
        CHECK(answer_of(accounts.end_other_sessions(patient(), {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(accounts.change_password(patient(), {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(accounts.change_profile(patient(), {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(accounts.delete_account(patient(), {})) == "unauthenticated sign_in_first");
    }
}

inline constexpr std::string_view next_password = "heron-on-one-leg";

template <typename Place>
void changing_the_password() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    const Call call = patient(id_of(minsu));

    SUBCASE("ends all other sessions and the old password") {
        const SessionReply second = required(accounts.sign_in(patient(), sign_in_request("minsu")));
        CHECK(answer_of(change_password(accounts, call, good_password, next_password, minsu.token())) ==
              "ok");
        CHECK(is_open(accounts, minsu.token()));
        CHECK(!is_open(accounts, second.token()));
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu"))) ==
              "unauthenticated wrong_credentials");
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu", next_password))) == "ok");
    }
    SUBCASE("without a session to stay ends all") {
        CHECK(answer_of(change_password(accounts, call, good_password, next_password)) == "ok");
        CHECK(!is_open(accounts, minsu.token()));
    }
    SUBCASE("asks for the current one") {
        CHECK(answer_of(change_password(accounts, call, "wrong", next_password, minsu.token())) ==
              "invalid password_wrong current_password");
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu"))) == "ok");
    }
    SUBCASE("asks for a good new one") {
        CHECK(answer_of(change_password(accounts, call, good_password, "short")) ==
              "invalid password_too_short new_password");
        CHECK(answer_of(change_password(accounts, call, good_password, "password1")) ==
              "invalid password_common new_password");
        CHECK(answer_of(change_password(accounts, call, good_password, "minsu-88x")) ==
              "invalid password_like_name new_password");
    }
    SUBCASE("is delayed after five wrong ones") {
        for (int i = 0; i < 5; ++i) {
            CHECK(answer_of(change_password(accounts, call, "wrong", next_password)) ==
                  "invalid password_wrong current_password");
        }
        CHECK(answer_of(change_password(accounts, call, good_password, next_password)) ==
              "exhausted too_many_tries");
        place.clock().advance(Millis{1'000});
        CHECK(answer_of(change_password(accounts, call, good_password, next_password)) == "ok");
    }
    SUBCASE("with a repeated key is the same as once, and with another password is refused") {
        const Call keyed = with_key(call, "form-1");
        CHECK(answer_of(change_password(accounts, keyed, good_password, next_password, minsu.token())) ==
              "ok");
        CHECK(answer_of(change_password(accounts, keyed, good_password, next_password, minsu.token())) ==
              "ok");
        CHECK(answer_of(change_password(accounts, keyed, next_password, "third-bird-is-a-charm")) ==
              "conflict key_reused");
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu", next_password))) == "ok");
    }
}

template <typename Place>
void changing_the_profile() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    ChangeProfileRequest request;
    request.set_display_name("김민수");
    request.set_bio("제비를 \r\n좋아해요 ");
    request.set_link("https://example.com/minsu");

    SUBCASE("keeps all three and answers the user") {
        for (int i = 0; i < 2; ++i) {
            const User user = required(accounts.change_profile(patient(id_of(minsu)), request));
            CHECK(user.id() == minsu.user().id());
            CHECK(user.username() == "minsu");
            CHECK(user.display_name() == "김민수");
            CHECK(user.bio() == "제비를 \n좋아해요");
            CHECK(user.link() == "https://example.com/minsu");
            UserByNameRequest name;
            name.set_username("minsu");
            CHECK(required(accounts.user_by_name(patient(), name)).SerializeAsString() ==
                  user.SerializeAsString());
        }
    }
    SUBCASE("keeps none of them when one is wrong") {
        const auto answer = [&](auto change) {
            ChangeProfileRequest wrong = request;
            change(wrong);
            return answer_of(accounts.change_profile(patient(id_of(minsu)), wrong));
        };
        CHECK(answer([](auto& r) { r.set_display_name(""); }) == "invalid display_name_invalid display_name");
        CHECK(answer([](auto& r) { r.set_bio(std::string(161, 'x')); }) == "invalid bio_too_long bio");
        CHECK(answer([](auto& r) { r.set_link("javascript:alert(1)"); }) == "invalid link_invalid link");
        UserByNameRequest name;
        name.set_username("minsu");
        CHECK(required(accounts.user_by_name(patient(), name)).display_name() == "minsu");
    }
    SUBCASE("of an account that is gone is not found") {
        required(delete_account(accounts, patient(id_of(minsu))));
        CHECK(answer_of(accounts.change_profile(patient(id_of(minsu)), request)) == "not_found user_gone");
    }
}

template <typename Place>
void deleting() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu =
        required(accounts.sign_up(with_key(patient(), "form-1"), sign_up_request("minsu")));
    const Call call = patient(id_of(minsu));

    SUBCASE("asks for the password, with delays") {
        for (int i = 0; i < 5; ++i) {
            CHECK(answer_of(delete_account(accounts, call, "wrong")) == "invalid password_wrong password");
        }
        CHECK(answer_of(delete_account(accounts, call)) == "exhausted too_many_tries");
        CHECK(is_open(accounts, minsu.token()));
        CHECK(required(events_after(accounts, 0)).events_size() == 0);
    }
    SUBCASE("removes the user and all sessions, and may be repeated") {
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(delete_account(accounts, call)) == "ok");
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu"))) ==
              "unauthenticated wrong_credentials");
        UsersByIdsRequest ids;
        ids.add_ids(minsu.user().id());
        CHECK(required(accounts.users_by_ids(patient(), ids)).users_size() == 0);
        UserByNameRequest name;
        name.set_username("minsu");
        CHECK(answer_of(accounts.user_by_name(patient(), name)) == "not_found");
        UsersRequest all;
        all.set_page(1);
        all.set_size(10);
        CHECK(required(accounts.users(patient(), all)).total() == 0);
        CHECK(answer_of(change_password(accounts, call, good_password, next_password)) ==
              "not_found user_gone");
    }
    SUBCASE("does not give the name to anybody else, but frees the e-mail") {
        required(delete_account(accounts, call));
        SignUpRequest request = sign_up_request("minsu");
        CHECK(answer_of(accounts.sign_up(patient(), request)) == "conflict username_taken username");
        CHECK(answer_of(accounts.sign_up(with_key(patient(), "form-1"), request)) ==
              "conflict username_taken username");
        request.set_username("minsu2");
        CHECK(answer_of(accounts.sign_up(patient(), request)) == "ok");
    }
    SUBCASE("is told as one event") {
        const SessionReply other = person(accounts, "other");
        required(delete_account(accounts, call));
        required(delete_account(accounts, call));
        place.clock().advance(Millis{5});
        required(delete_account(accounts, patient(id_of(other))));
        const EventsReply all = required(events_after(accounts, 0));
        REQUIRE(all.events_size() == 2);
        CHECK(all.events(0).sequence() >= 1);
        CHECK(all.events(0).deleted().user_id() == minsu.user().id());
        CHECK(all.events(1).deleted().user_id() == other.user().id());
        CHECK(all.events(1).sequence() > all.events(0).sequence());
        CHECK(all.events(1).at_ms() == place.clock().wall_ms());
        const EventsReply rest = required(events_after(accounts, all.events(0).sequence()));
        REQUIRE(rest.events_size() == 1);
        CHECK(rest.events(0).deleted().user_id() == other.user().id());
        CHECK(required(events_after(accounts, 0, 1)).events_size() == 1);
        CHECK(required(events_after(accounts, all.events(1).sequence())).events_size() == 0);
        CHECK(required(events_after(accounts, UINT64_MAX)).events_size() == 0);
    }
    SUBCASE("wakes those who wait for events") {
        std::atomic<int> heard = 0;
        {
            const std::jthread waiting([&] {
                for (int tries = 0; tries < 20 && heard == 0; ++tries) {
                    const auto reply = events_after(accounts, 0, 10, 5'000);
                    if (reply) heard += reply->events_size();
                }
            });
            required(delete_account(accounts, call));
        }
        CHECK(heard == 1);
    }
    SUBCASE("events are asked for within bounds") {
        CHECK(answer_of(events_after(accounts, 0, 0)) == "invalid out_of_range limit");
        CHECK(answer_of(events_after(accounts, 0, 1'001)) == "invalid out_of_range limit");
        CHECK(answer_of(events_after(accounts, 0, 1, 5'001)) == "invalid out_of_range wait_ms");
        CHECK(required(events_after(accounts, 0, 1'000, 1)).events_size() == 0);
    }
    SUBCASE("a wait for events ends before the call's time does") {
        EventsRequest request;
        request.set_limit(1);
        request.set_wait_ms(5'000);
        CHECK(answer_of(accounts.events(Call{.until = in(Millis{500})}, request)) == "ok");
    }
}

template <typename Place>
void finding_people() {
    Place place;
    Accounts& accounts = place.accounts();
    std::vector<User> people;
    for (int i = 0; i < 5; ++i) {
        place.clock().advance(Millis{1});
        people.push_back(person(accounts, "swift" + std::to_string(i)).user());
    }

    SUBCASE("by id, in the order asked for, once each, without those that do not exist") {
        UsersByIdsRequest request;
        for (const std::uint64_t id : {people[3].id(), std::uint64_t{7}, people[0].id(), people[3].id(),
                                       people[4].id(), std::uint64_t{0}, UINT64_MAX}) {
            request.add_ids(id);
        }
        const UsersReply reply = required(accounts.users_by_ids(patient(), request));
        REQUIRE(reply.users_size() == 3);
        CHECK(reply.users(0).SerializeAsString() == people[3].SerializeAsString());
        CHECK(reply.users(1).id() == people[0].id());
        CHECK(reply.users(2).id() == people[4].id());
        CHECK(required(accounts.users_by_ids(patient(), {})).users_size() == 0);
    }
    SUBCASE("by at most a hundred ids") {
        UsersByIdsRequest request;
        for (std::uint64_t i = 1; i < 100; ++i)
            request.add_ids(i);
        request.add_ids(people[2].id());
        CHECK(required(accounts.users_by_ids(patient(), request)).users_size() == 1);
        request.add_ids(1);
        CHECK(answer_of(accounts.users_by_ids(patient(), request)) == "invalid out_of_range ids");
    }
    SUBCASE("by name, in any case") {
        UserByNameRequest request;
        request.set_username("SWIFT2");
        CHECK(required(accounts.user_by_name(patient(), request)).SerializeAsString() ==
              people[2].SerializeAsString());
        for (const std::string& name :
             {std::string("swift"), std::string(), std::string("swift2 "), std::string("swift%"),
              std::string(100'000, 'a'), std::string("제비")}) {
            request.set_username(name);
            CHECK(answer_of(accounts.user_by_name(patient(), request)) == "not_found");
        }
    }
    SUBCASE("page by page, newest first; a page beyond the last is empty") {
        const auto names = [&](std::uint32_t page, std::uint32_t size) {
            UsersRequest request;
            request.set_page(page);
            request.set_size(size);
            const UsersPage reply = required(accounts.users(patient(), request));
            CHECK(reply.total() == 5);
            std::string all;
            for (const User& user : reply.users())
                all += user.username().back();
            return all;
        };
        CHECK(names(1, 2) == "43");
        CHECK(names(2, 2) == "21");
        CHECK(names(3, 2) == "0");
        CHECK(names(4, 2) == "");
        CHECK(names(UINT32_MAX, 100) == "");
        CHECK(names(1, 100) == "43210");
    }
    SUBCASE("in pages of one to a hundred, counted from one") {
        const auto answer = [&](std::uint32_t page, std::uint32_t size) {
            UsersRequest request;
            request.set_page(page);
            request.set_size(size);
            return answer_of(accounts.users(patient(), request));
        };
        CHECK(answer(0, 5) == "invalid out_of_range page");
        CHECK(answer(1, 0) == "invalid out_of_range size");
        CHECK(answer(1, 101) == "invalid out_of_range size");
    }
}

}  // namespace jebi::accounts::testing

// The whole contract, as test cases of a file.
#define ACCOUNTS_CONTRACT(Place)                                 \
    TEST_CASE(#Place ": signing up") {                           \
        jebi::accounts::testing::signing_up<Place>();            \
    }                                                            \
    TEST_CASE(#Place ": signing in") {                           \
        jebi::accounts::testing::signing_in<Place>();            \
    }                                                            \
    TEST_CASE(#Place ": delays") {                               \
        jebi::accounts::testing::delays<Place>();                \
    }                                                            \
    TEST_CASE(#Place ": keeping sessions") {                     \
        jebi::accounts::testing::keeping_sessions<Place>();      \
    }                                                            \
    TEST_CASE(#Place ": changing the password") {                \
        jebi::accounts::testing::changing_the_password<Place>(); \
    }                                                            \
    TEST_CASE(#Place ": changing the profile") {                 \
        jebi::accounts::testing::changing_the_profile<Place>();  \
    }                                                            \
    TEST_CASE(#Place ": deleting an account") {                  \
        jebi::accounts::testing::deleting<Place>();              \
    }                                                            \
    TEST_CASE(#Place ": finding people") {                       \
        jebi::accounts::testing::finding_people<Place>();        \
    }
