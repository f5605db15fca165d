// What every Accounts does, whatever stands behind it. A Place has `Accounts& accounts()` and the
// `TestClock& clock()` that the service behind it goes by; each case begins with a new, empty one.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "modules/accounts/contract_apps_test.h"
#include "modules/accounts/contract_avatars_test.h"
#include "modules/accounts/contract_events_test.h"
#include "modules/accounts/contract_identities_test.h"
#include "modules/accounts/contract_people_test.h"
#include "modules/accounts/contract_steps.h"

namespace jebi::accounts::testing {

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
        const Call keyed = with_key(patient(), "form-1");
        required(accounts.sign_up(keyed, sign_up_request("first")));
        std::string answer = "ok";
        int made = 0;
        while (answer == "ok" && made < 1'000) {
            answer = answer_of(accounts.sign_up(patient(), sign_up_request("swift" + std::to_string(made))));
            if (answer == "ok") ++made;
        }
        CHECK(answer == "exhausted too_many_tries");
        CHECK(made == 49);
        CHECK(answer_of(accounts.sign_up(keyed, sign_up_request("first"))) == "ok");
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

}  // namespace jebi::accounts::testing

// The whole contract, as test cases of a file.
#define ACCOUNTS_CONTRACT(Place)                                     \
    TEST_CASE(#Place ": signing up") {                               \
        jebi::accounts::testing::signing_up<Place>();                \
    }                                                                \
    TEST_CASE(#Place ": signing in") {                               \
        jebi::accounts::testing::signing_in<Place>();                \
    }                                                                \
    TEST_CASE(#Place ": delays") {                                   \
        jebi::accounts::testing::delays<Place>();                    \
    }                                                                \
    TEST_CASE(#Place ": keeping sessions") {                         \
        jebi::accounts::testing::keeping_sessions<Place>();          \
    }                                                                \
    TEST_CASE(#Place ": changing the password") {                    \
        jebi::accounts::testing::changing_the_password<Place>();     \
    }                                                                \
    TEST_CASE(#Place ": changing the profile") {                     \
        jebi::accounts::testing::changing_the_profile<Place>();      \
    }                                                                \
    TEST_CASE(#Place ": deleting an account") {                      \
        jebi::accounts::testing::deleting<Place>();                  \
    }                                                                \
    TEST_CASE(#Place ": finding people") {                           \
        jebi::accounts::testing::finding_people<Place>();            \
    }                                                                \
    TEST_CASE(#Place ": telling what happened") {                    \
        jebi::accounts::testing::telling_what_happened<Place>();     \
    }                                                                \
    TEST_CASE(#Place ": registering programs") {                     \
        jebi::accounts::testing::registering_programs<Place>();      \
    }                                                                \
    TEST_CASE(#Place ": letting programs act") {                     \
        jebi::accounts::testing::letting_programs_act<Place>();      \
    }                                                                \
    TEST_CASE(#Place ": keeping tokens") {                           \
        jebi::accounts::testing::keeping_tokens<Place>();            \
    }                                                                \
    TEST_CASE(#Place ": signing in through others") {                \
        jebi::accounts::testing::signing_in_through_others<Place>(); \
    }                                                                \
    TEST_CASE(#Place ": linking identities") {                       \
        jebi::accounts::testing::linking_identities<Place>();        \
    }                                                                \
    TEST_CASE(#Place ": having no password") {                       \
        jebi::accounts::testing::having_no_password<Place>();        \
    }                                                                \
    TEST_CASE(#Place ": having a picture") {                         \
        jebi::accounts::testing::having_a_picture<Place>();          \
    }
