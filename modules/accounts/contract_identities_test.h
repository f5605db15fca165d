// Of the contract of Accounts, what is about those who sign in through somebody else.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "modules/accounts/contract_steps.h"

namespace jebi::accounts::testing {

inline SignInWithIdentityRequest identity_request(const std::string& subject,
                                                  const std::string& login = "Min-Su") {
    SignInWithIdentityRequest request;
    request.set_provider("github");
    request.set_subject(subject);
    request.set_login(login);
    request.set_display_name("김민수");
    request.mutable_client()->set_address(std::string(home));
    return request;
}

inline SessionReply person_of(Accounts& accounts, const std::string& subject,
                              const std::string& login = "Min-Su") {
    return required(accounts.sign_in_with_identity(patient(), identity_request(subject, login)));
}

inline Result<OwnReply> link(Accounts& accounts, UserId user, const std::string& subject,
                             const std::string& provider = "github") {
    LinkIdentityRequest request;
    request.set_provider(provider);
    request.set_subject(subject);
    request.set_login("login-of-" + subject);
    return accounts.link_identity(patient(user), request);
}

inline Result<OwnReply> unlink(Accounts& accounts, UserId user, const std::string& provider = "github") {
    UnlinkIdentityRequest request;
    request.set_provider(provider);
    return accounts.unlink_identity(patient(user), request);
}

// "github login-of-1, gitlab login-of-2"
inline std::string linked(Accounts& accounts, UserId user) {
    std::string text;
    const OwnReply own = required(accounts.own(patient(user), {}));
    for (const Identity& identity : own.identities())
        text += (text.empty() ? "" : ", ") + identity.provider() + ' ' + identity.login();
    return text;
}

template <typename Place>
void signing_in_through_others() {
    Place place;
    Accounts& accounts = place.accounts();
    const auto answer = [&](auto change) {
        SignInWithIdentityRequest request = identity_request("7");
        change(request);
        return answer_of(accounts.sign_in_with_identity(patient(), request));
    };

    SUBCASE("makes an account without password and e-mail, and signs it in") {
        const SessionReply made = person_of(accounts, "7");
        CHECK(made.user().username() == "min_su");
        CHECK(made.user().display_name() == "김민수");
        CHECK(made.user().created_ms() == place.clock().wall_ms());
        CHECK(is_open(accounts, made.token()));
        const OwnReply own = required(accounts.own(patient(id_of(made)), {}));
        CHECK(!own.has_password());
        CHECK(own.email().empty());
        REQUIRE(own.identities_size() == 1);
        CHECK(own.identities(0).provider() == "github");
        CHECK(own.identities(0).login() == "Min-Su");
        CHECK(own.identities(0).linked_ms() == place.clock().wall_ms());
        CHECK(told_after(accounts, 0) == "created min_su\n");
    }
    SUBCASE("signs in to the same account, whatever the name there is by now") {
        const SessionReply made = person_of(accounts, "7");
        const SessionReply again = person_of(accounts, "7", "somebody-else");
        CHECK(again.user().id() == made.user().id());
        CHECK(again.user().username() == "min_su");
        CHECK(again.token() != made.token());
        CHECK(is_open(accounts, made.token()));
        CHECK(linked(accounts, id_of(made)) == "github somebody-else");
        CHECK(last_event(accounts) == 1);
    }
    SUBCASE("does not sign in to the account of that name, but asks for another name") {
        const SessionReply local = person(accounts, "min_su");
        CHECK(answer([](auto&) {}) == "conflict username_taken username");
        CHECK(linked(accounts, id_of(local)).empty());
        SignInWithIdentityRequest request = identity_request("7");
        request.set_username("Min_Su_2");
        const SessionReply chosen = required(accounts.sign_in_with_identity(patient(), request));
        CHECK(chosen.user().username() == "min_su_2");
        CHECK(person_of(accounts, "7").user().id() == chosen.user().id());
    }
    SUBCASE("keeps those apart who have one name, or one id at different providers") {
        const SessionReply first = person_of(accounts, "7", "first");
        SignInWithIdentityRequest request = identity_request("7", "second");
        request.set_provider("gitlab");
        CHECK(required(accounts.sign_in_with_identity(patient(), request)).user().id() != first.user().id());
        CHECK(answer_of(accounts.sign_in_with_identity(patient(), identity_request("8", "first"))) ==
              "conflict username_taken username");
        CHECK(person_of(accounts, "07", "third").user().id() != first.user().id());
    }
    SUBCASE("has many people without e-mail") {
        for (const std::string n : {"1", "2", "3"})
            CHECK(person_of(accounts, n, "bird" + n).user().username() == "bird" + n);
    }
    SUBCASE("says what is wrong with what was given, and makes nothing") {
        CHECK(answer([](auto& r) { r.set_provider("GitHub"); }) == "invalid identity_invalid provider");
        CHECK(answer([](auto& r) { r.clear_provider(); }) == "invalid identity_invalid provider");
        CHECK(answer([](auto& r) { r.set_provider(std::string(21, 'a')); }) ==
              "invalid identity_invalid provider");
        CHECK(answer([](auto& r) { r.clear_subject(); }) == "invalid identity_invalid subject");
        CHECK(answer([](auto& r) { r.set_subject("1 2"); }) == "invalid identity_invalid subject");
        CHECK(answer([](auto& r) { r.set_subject(std::string(65, '1')); }) ==
              "invalid identity_invalid subject");
        CHECK(answer([](auto& r) { r.set_login(std::string(101, 'a')); }) ==
              "invalid identity_invalid login");
        CHECK(answer([](auto& r) { r.set_login("a\nb"); }) == "invalid identity_invalid login");
        CHECK(answer([](auto& r) { r.clear_login(); }) == "invalid username_invalid username");
        CHECK(answer([](auto& r) { r.set_login("제비"); }) == "invalid username_invalid username");
        CHECK(answer([](auto& r) { r.set_login("admin"); }) == "invalid username_reserved username");
        CHECK(answer([](auto& r) { r.set_username("min su"); }) == "invalid username_invalid username");
        CHECK(last_event(accounts) == 0);
    }
    SUBCASE("leaves out a display name that would not do here") {
        SignInWithIdentityRequest request = identity_request("7");
        request.set_display_name(std::string(51, 'x'));
        CHECK(required(accounts.sign_in_with_identity(patient(), request)).user().display_name() == "min_su");
        request = identity_request("8", "other");
        request.clear_display_name();
        CHECK(required(accounts.sign_in_with_identity(patient(), request)).user().display_name() == "other");
    }
    SUBCASE("at the same moment makes one account") {
        std::vector<std::uint64_t> ids(6);
        {
            std::vector<std::jthread> coming;
            for (auto& id : ids) {
                coming.emplace_back([&] {
                    const auto reply = accounts.sign_in_with_identity(patient(), identity_request("7"));
                    if (reply) id = reply->user().id();
                });
            }
        }
        CHECK(ids[0] != 0);
        CHECK(std::ranges::count(ids, ids[0]) == 6);
        CHECK(session_ids(accounts, UserId{ids[0]}).size() == 6);
    }
    SUBCASE("with a repeated key replaces the session that it made") {
        const Call keyed = with_key(patient(), "callback-1");
        const auto first = required(accounts.sign_in_with_identity(keyed, identity_request("7")));
        const auto again = required(accounts.sign_in_with_identity(keyed, identity_request("7")));
        CHECK(!is_open(accounts, first.token()));
        CHECK(is_open(accounts, again.token()));
    }
    SUBCASE("is slowed down when too many accounts come from one address, but not for those who have one") {
        person_of(accounts, "0", "bird0");
        std::string last = "ok";
        int made = 1;
        for (; last == "ok" && made < 1'000; ++made) {
            const std::string n = std::to_string(made);
            last = answer_of(accounts.sign_in_with_identity(patient(), identity_request(n, "bird" + n)));
        }
        CHECK(last == "exhausted too_many_tries");
        CHECK(made == 51);
        CHECK(answer_of(accounts.sign_in_with_identity(patient(), identity_request("0"))) == "ok");
    }
}

template <typename Place>
void linking_identities() {
    Place place;
    Accounts& accounts = place.accounts();
    const UserId minsu = id_of(person(accounts, "minsu"));
    const UserId other = id_of(person(accounts, "other"));

    SUBCASE("a linked identity is a way in, until it is unlinked") {
        const OwnReply own = required(link(accounts, minsu, "7"));
        CHECK(own.user().username() == "minsu");
        REQUIRE(own.identities_size() == 1);
        CHECK(own.identities(0).login() == "login-of-7");
        CHECK(person_of(accounts, "7").user().id() == minsu.value);
        CHECK(required(unlink(accounts, minsu)).identities_size() == 0);
        CHECK(person_of(accounts, "7").user().id() != minsu.value);
    }
    SUBCASE("twice is the same as once") {
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(link(accounts, minsu, "7")) == "ok");
        CHECK(linked(accounts, minsu) == "github login-of-7");
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(unlink(accounts, minsu)) == "ok");
        CHECK(linked(accounts, minsu).empty());
    }
    SUBCASE("an identity has one account, and an account one identity of a provider") {
        required(link(accounts, minsu, "7"));
        CHECK(answer_of(link(accounts, other, "7")) == "conflict identity_taken");
        CHECK(answer_of(link(accounts, minsu, "8")) == "conflict provider_taken");
        CHECK(answer_of(link(accounts, minsu, "8", "gitlab")) == "ok");
        CHECK(linked(accounts, minsu) == "github login-of-7, gitlab login-of-8");
        CHECK(linked(accounts, other).empty());
        CHECK(answer_of(unlink(accounts, other)) == "ok");
        CHECK(linked(accounts, minsu) == "github login-of-7, gitlab login-of-8");
    }
    SUBCASE("at the same moment, one of two accounts gets it") {
        std::vector<Result<OwnReply>> replies(8, fail(Code::internal, "not asked"));
        {
            std::vector<std::jthread> linking;
            for (std::size_t i = 0; i < replies.size(); ++i) {
                linking.emplace_back(
                    [&, i] { replies[i] = link(accounts, i % 2 == 0 ? minsu : other, "7"); });
            }
        }
        const bool is_minsus = !linked(accounts, minsu).empty();
        CHECK(is_minsus == linked(accounts, other).empty());
        for (std::size_t i = 0; i < replies.size(); ++i) {
            CHECK(answer_of(replies[i]) == ((i % 2 == 0) == is_minsus ? "ok" : "conflict identity_taken"));
        }
    }
    SUBCASE("the last way in stays") {
        const SessionReply through = person_of(accounts, "7");
        CHECK(answer_of(unlink(accounts, id_of(through))) == "invalid last_way_in");
        CHECK(answer_of(unlink(accounts, id_of(through), "gitlab")) == "ok");
        required(link(accounts, id_of(through), "9", "gitlab"));
        CHECK(answer_of(unlink(accounts, id_of(through))) == "ok");
        CHECK(answer_of(unlink(accounts, id_of(through), "gitlab")) == "invalid last_way_in");
    }
    SUBCASE("of two ways in that are taken off at the same moment, one stays") {
        const UserId through = id_of(person_of(accounts, "7"));
        required(link(accounts, through, "9", "gitlab"));
        {
            const std::jthread first([&] { std::ignore = unlink(accounts, through, "github"); });
            const std::jthread second([&] { std::ignore = unlink(accounts, through, "gitlab"); });
        }
        CHECK(required(accounts.own(patient(through), {})).identities_size() == 1);
    }
    SUBCASE("is for those who are signed in, and are there") {
        CHECK(answer_of(link(accounts, {}, "7")) == "unauthenticated sign_in_first");
        CHECK(answer_of(unlink(accounts, {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(link(accounts, minsu, "")) == "invalid identity_invalid subject");
        CHECK(answer_of(unlink(accounts, minsu, "GitHub")) == "invalid identity_invalid provider");
        required(delete_account(accounts, patient(minsu)));
        CHECK(answer_of(link(accounts, minsu, "7")) == "not_found user_gone");
        CHECK(answer_of(unlink(accounts, minsu)) == "not_found user_gone");
    }
}

template <typename Place>
void having_no_password() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person_of(accounts, "7");
    const Call call = patient(id_of(minsu));
    const auto removed = [&](const std::string& token) {
        DeleteAccountRequest request;
        request.set_token(token);
        return answer_of(accounts.delete_account(call, request));
    };

    SUBCASE("no password signs in") {
        for (const std::string password : {"", "x", "swallow-nest-7"}) {
            CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("min_su", password))) ==
                  "unauthenticated wrong_credentials");
        }
    }
    SUBCASE("a first one is set with a session of the last ten minutes, and signs in") {
        CHECK(answer_of(change_password(accounts, call, "", "short", minsu.token())) ==
              "invalid password_too_short new_password");
        CHECK(answer_of(change_password(accounts, call, "", good_password, minsu.token())) == "ok");
        CHECK(is_open(accounts, minsu.token()));
        CHECK(required(accounts.own(call, {})).has_password());
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("min_su"))) == "ok");
        CHECK(answer_of(change_password(accounts, call, "", next_password, minsu.token())) ==
              "invalid password_wrong current_password");
        CHECK(answer_of(unlink(accounts, id_of(minsu))) == "ok");
    }
    SUBCASE("setting a first one with a repeated key is the same as once") {
        const Call keyed = with_key(call, "form-1");
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(change_password(accounts, keyed, "", good_password, minsu.token())) == "ok");
    }
    SUBCASE("an older session, another's, or none sets no password and deletes nothing") {
        const SessionReply other = person(accounts, "other");
        place.clock().advance(std::chrono::minutes(10) + Millis{1});
        const SessionReply others_new = required(accounts.sign_in(patient(), sign_in_request("other")));
        for (const std::string& token :
             {std::string(), std::string(43, 'A'), minsu.token(), other.token(), others_new.token()}) {
            CHECK(answer_of(change_password(accounts, call, "", good_password, token)) ==
                  "unauthenticated sign_in_again");
            CHECK(removed(token) == "unauthenticated sign_in_again");
        }
        CHECK(!required(accounts.own(call, {})).has_password());
        CHECK(removed(person_of(accounts, "7").token()) == "ok");
    }
    SUBCASE("the account is deleted with a session of the last ten minutes, and its identity is free") {
        place.clock().advance(std::chrono::minutes(10));
        CHECK(removed(minsu.token()) == "ok");
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(answer_of(accounts.sign_in_with_identity(patient(), identity_request("7"))) ==
              "conflict username_taken username");
        const SessionReply anew = person_of(accounts, "7", "anew");
        CHECK(anew.user().id() != minsu.user().id());
        CHECK(removed("") == "ok");
    }
    SUBCASE("a session does not stand for the password of those who have one") {
        const SessionReply other = person(accounts, "other");
        DeleteAccountRequest request;
        request.set_token(other.token());
        CHECK(answer_of(accounts.delete_account(patient(id_of(other)), request)) ==
              "invalid password_wrong password");
    }
}

}  // namespace jebi::accounts::testing
