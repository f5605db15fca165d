// Of the contract of Accounts, what is about programs that act for people.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "modules/accounts/contract_steps.h"

namespace jebi::accounts::testing {

inline constexpr std::string_view phone_uri = "jebi-phone://signed-in";
// The pair of RFC 7636, appendix B.
inline constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

inline CreateAppRequest app_request() {
    CreateAppRequest request;
    request.set_name("Phone");
    request.set_website("https://phone.example");
    request.add_redirect_uris(std::string(phone_uri));
    request.add_redirect_uris("urn:ietf:wg:oauth:2.0:oob");
    request.set_scopes("read write follow");
    request.mutable_client()->set_address(std::string(home));
    return request;
}

inline App phone(Accounts& accounts) {
    return required(accounts.create_app(patient(), app_request()));
}

inline GrantCodeRequest grant_request(const App& app) {
    GrantCodeRequest request;
    request.set_client_id(app.client_id());
    request.set_redirect_uri(std::string(phone_uri));
    return request;
}

inline std::string code_of(Accounts& accounts, UserId user, const GrantCodeRequest& request) {
    return required(accounts.grant_code(patient(user), request)).code();
}

inline ExchangeCodeRequest exchange_request(const App& app, const std::string& code) {
    ExchangeCodeRequest request;
    request.set_client_id(app.client_id());
    request.set_client_secret(app.client_secret());
    request.set_code(code);
    request.set_redirect_uri(std::string(phone_uri));
    request.mutable_client()->set_address(std::string(home));
    return request;
}

// A token with which the program acts for the user.
inline TokenReply token_for(Accounts& accounts, UserId user, const App& app) {
    const std::string code = code_of(accounts, user, grant_request(app));
    return required(accounts.exchange_code(patient(), exchange_request(app, code)));
}

inline AuthenticateReply who_is(Accounts& accounts, const std::string& token) {
    AuthenticateRequest request;
    request.set_token(token);
    return required(accounts.authenticate(patient(), request));
}

inline Result<Empty> revoke(Accounts& accounts, const App& app, const std::string& token) {
    RevokeTokenRequest request;
    request.set_client_id(app.client_id());
    request.set_client_secret(app.client_secret());
    request.set_token(token);
    return accounts.revoke_token(patient(), request);
}

template <typename Place>
void registering_programs() {
    Place place;
    Accounts& accounts = place.accounts();

    SUBCASE("gives an id and a secret, and shows the secret once") {
        const App made = phone(accounts);
        CHECK(made.id() != 0);
        CHECK(made.client_id().size() == 43);
        CHECK(made.client_secret().size() == 43);
        CHECK(made.client_secret() != made.client_id());
        AppByClientIdRequest request;
        request.set_client_id(made.client_id());
        const App found = required(accounts.app_by_client_id(patient(), request));
        CHECK(found.id() == made.id());
        CHECK(found.name() == "Phone");
        CHECK(found.website() == "https://phone.example");
        CHECK(found.redirect_uris_size() == 2);
        CHECK(found.redirect_uris(0) == phone_uri);
        CHECK(found.redirect_uris(1) == "urn:ietf:wg:oauth:2.0:oob");
        CHECK(found.scopes() == "read write follow");
        CHECK(found.client_secret().empty());
    }
    SUBCASE("asks for reading alone where nothing is said") {
        CreateAppRequest request = app_request();
        request.clear_scopes();
        CHECK(required(accounts.create_app(patient(), request)).scopes() == "read");
    }
    SUBCASE("says what is wrong with what was given") {
        const auto answer = [&](auto change) {
            CreateAppRequest request = app_request();
            change(request);
            return answer_of(accounts.create_app(patient(), request));
        };
        CHECK(answer([](auto& r) { r.clear_name(); }) == "invalid name_invalid name");
        CHECK(answer([](auto& r) { r.set_name(std::string(101, 'x')); }) == "invalid name_invalid name");
        CHECK(answer([](auto& r) { r.set_website("javascript:alert(1)"); }) ==
              "invalid website_invalid website");
        CHECK(answer([](auto& r) { r.clear_redirect_uris(); }) == "invalid redirect_invalid redirect_uris");
        CHECK(answer([](auto& r) { r.add_redirect_uris("http://example.com/"); }) ==
              "invalid redirect_invalid redirect_uris");
        CHECK(answer([](auto& r) { r.add_redirect_uris("https://a.example/\nhttps://b.example/"); }) ==
              "invalid redirect_invalid redirect_uris");
        CHECK(answer([](auto& r) { r.set_scopes("read everything"); }) == "invalid scope_invalid scopes");
    }
    SUBCASE("knows no other ids") {
        for (const std::string& id :
             {std::string(), std::string("x"), std::string(43, 'A'), std::string(100'000, 'A')}) {
            AppByClientIdRequest request;
            request.set_client_id(id);
            CHECK(answer_of(accounts.app_by_client_id(patient(), request)) == "not_found no_such_app");
        }
    }
    SUBCASE("is slowed down after thirty from one address") {
        for (int i = 0; i < 30; ++i)
            phone(accounts);
        CHECK(answer_of(accounts.create_app(patient(), app_request())) == "exhausted too_many_tries");
        CreateAppRequest elsewhere = app_request();
        elsewhere.mutable_client()->set_address("198.51.100.9");
        CHECK(answer_of(accounts.create_app(patient(), elsewhere)) == "ok");
    }
}

template <typename Place>
void letting_programs_act() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    const UserId me = id_of(minsu);
    const App app = phone(accounts);
    const auto exchanged = [&](const ExchangeCodeRequest& request) {
        return answer_of(accounts.exchange_code(patient(), request));
    };

    SUBCASE("a code gives a token that says who acts for whom, and how far") {
        GrantCodeRequest asked = grant_request(app);
        asked.set_scopes("read write:statuses");
        const std::string code = code_of(accounts, me, asked);
        const TokenReply reply = required(accounts.exchange_code(patient(), exchange_request(app, code)));
        CHECK(reply.token().size() == 43);
        CHECK(reply.scopes() == "read write:statuses");
        CHECK(reply.created_ms() == place.clock().wall_ms());
        CHECK(reply.user().username() == "minsu");
        const AuthenticateReply who = who_is(accounts, reply.token());
        CHECK(who.user().id() == me.value);
        CHECK(who.scopes() == "read write:statuses");
        CHECK(who.app().id() == app.id());
        CHECK(who.app().client_secret().empty());
        CHECK(who_is(accounts, minsu.token()).app().id() == 0);
        CHECK(who_is(accounts, minsu.token()).scopes().empty());
    }
    SUBCASE("without scopes a code has the program's") {
        CHECK(token_for(accounts, me, app).scopes() == "read write follow");
    }
    SUBCASE("a code is asked for by somebody, for a program, at one of its addresses, within its scopes") {
        const auto answer = [&](auto change) {
            GrantCodeRequest request = grant_request(app);
            change(request);
            return answer_of(accounts.grant_code(patient(me), request));
        };
        CHECK(answer([](auto&) {}) == "ok");
        CHECK(answer([](auto& r) { r.set_client_id("x"); }) == "not_found no_such_app");
        CHECK(answer([](auto& r) { r.set_redirect_uri("jebi-phone://signed-in/"); }) ==
              "invalid redirect_invalid redirect_uri");
        CHECK(answer([](auto& r) { r.set_scopes("read push"); }) == "invalid scope_invalid scopes");
        CHECK(answer([](auto& r) { r.set_scopes("nonsense"); }) == "invalid scope_invalid scopes");
        CHECK(answer([](auto& r) { r.set_code_challenge("plain"); }) ==
              "invalid challenge_invalid code_challenge");
        CHECK(answer_of(accounts.grant_code(patient(), grant_request(app))) ==
              "unauthenticated sign_in_first");
        required(delete_account(accounts, patient(me)));
        CHECK(answer([](auto&) {}) == "not_found user_gone");
    }
    SUBCASE("a code is good for that program, with its secret, and for that address") {
        const App other = phone(accounts);
        const std::string code = code_of(accounts, me, grant_request(app));
        ExchangeCodeRequest wrong = exchange_request(app, code);
        wrong.set_client_secret(other.client_secret());
        CHECK(exchanged(wrong) == "unauthenticated invalid_client");
        wrong.clear_client_secret();
        CHECK(exchanged(wrong) == "unauthenticated invalid_client");
        wrong.set_client_id("x");
        CHECK(exchanged(wrong) == "unauthenticated invalid_client");
        CHECK(exchanged(exchange_request(other, code)) == "invalid invalid_grant");
        wrong = exchange_request(app, code);
        wrong.set_redirect_uri("urn:ietf:wg:oauth:2.0:oob");
        CHECK(exchanged(wrong) == "invalid invalid_grant");
        wrong = exchange_request(app, code);
        wrong.set_code_verifier(std::string(verifier));
        CHECK(exchanged(wrong) == "invalid invalid_grant");
        for (const std::string& none : {std::string(), std::string(43, 'A'), code + "A"})
            CHECK(exchanged(exchange_request(app, none)) == "invalid invalid_grant");
        CHECK(exchanged(exchange_request(app, code)) == "ok");
    }
    SUBCASE("a code that was asked for with a challenge needs its verifier") {
        GrantCodeRequest asked = grant_request(app);
        asked.set_code_challenge(std::string(challenge));
        const std::string code = code_of(accounts, me, asked);
        ExchangeCodeRequest brought = exchange_request(app, code);
        CHECK(exchanged(brought) == "invalid invalid_grant");
        brought.set_code_verifier(std::string(challenge));
        CHECK(exchanged(brought) == "invalid invalid_grant");
        brought.set_code_verifier(std::string(verifier));
        CHECK(exchanged(brought) == "ok");
    }
    SUBCASE("a code is good for ten minutes") {
        const std::string in_time = code_of(accounts, me, grant_request(app));
        const std::string late = code_of(accounts, me, grant_request(app));
        place.clock().advance(std::chrono::minutes(10) - Millis{1});
        CHECK(exchanged(exchange_request(app, in_time)) == "ok");
        place.clock().advance(Millis{1});
        CHECK(exchanged(exchange_request(app, late)) == "invalid invalid_grant");
    }
    SUBCASE("a code that is brought twice ends the token that it gave, and no other") {
        const TokenReply untouched = token_for(accounts, me, app);
        const std::string code = code_of(accounts, me, grant_request(app));
        const TokenReply given = required(accounts.exchange_code(patient(), exchange_request(app, code)));
        const App other = phone(accounts);
        CHECK(exchanged(exchange_request(other, code)) == "invalid invalid_grant");
        CHECK(is_open(accounts, given.token()));
        CHECK(exchanged(exchange_request(app, code)) == "invalid invalid_grant");
        CHECK(!is_open(accounts, given.token()));
        CHECK(is_open(accounts, untouched.token()));
        CHECK(exchanged(exchange_request(app, code)) == "invalid invalid_grant");
    }
    SUBCASE("a code that is brought again with its idempotency key replaces the token") {
        const std::string code = code_of(accounts, me, grant_request(app));
        const Call keyed = with_key(patient(), "exchange-1");
        const TokenReply first = required(accounts.exchange_code(keyed, exchange_request(app, code)));
        const TokenReply again = required(accounts.exchange_code(keyed, exchange_request(app, code)));
        CHECK(!is_open(accounts, first.token()));
        CHECK(is_open(accounts, again.token()));
        CHECK(again.user().id() == me.value);
        CHECK(again.scopes() == first.scopes());
    }
    SUBCASE("of a code that is brought by many at once, one token is made at most, and it has ended") {
        const std::string code = code_of(accounts, me, grant_request(app));
        std::vector<Result<TokenReply>> replies(8, fail(Code::internal, "not asked"));
        {
            std::vector<std::jthread> bringing;
            for (auto& reply : replies) {
                bringing.emplace_back(
                    [&] { reply = accounts.exchange_code(patient(), exchange_request(app, code)); });
            }
        }
        CHECK(std::ranges::count_if(replies, [](const auto& reply) { return reply.has_value(); }) == 1);
        for (const auto& reply : replies) {
            if (reply) {
                CHECK(!is_open(accounts, reply->token()));
            } else {
                CHECK(answer_of(reply) == "invalid invalid_grant");
            }
        }
    }
    SUBCASE("of many codes the newest twenty are kept") {
        std::vector<std::string> codes;
        for (int i = 0; i < 21; ++i) {
            place.clock().advance(Millis{1});
            codes.push_back(code_of(accounts, me, grant_request(app)));
        }
        CHECK(exchanged(exchange_request(app, codes.front())) == "invalid invalid_grant");
        CHECK(exchanged(exchange_request(app, codes[1])) == "ok");
        CHECK(exchanged(exchange_request(app, codes.back())) == "ok");
    }
}

template <typename Place>
void keeping_tokens() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    const UserId me = id_of(minsu);
    const App app = phone(accounts);

    SUBCASE("a token is never too old, nor unused for too long") {
        const TokenReply token = token_for(accounts, me, app);
        place.clock().advance(std::chrono::days(1'000));
        person(accounts, "other");
        CHECK(who_is(accounts, token.token()).user().id() == me.value);
        CHECK(!is_open(accounts, minsu.token()));
    }
    SUBCASE("programs are in the list of sessions by their names, and end there") {
        place.clock().advance(Millis{1});
        const TokenReply token = token_for(accounts, me, app);
        const SessionsReply all = required(accounts.sessions(patient(me), {}));
        REQUIRE(all.sessions_size() == 2);
        CHECK(all.sessions(0).app_name() == "Phone");
        CHECK(all.sessions(1).app_name().empty());
        CHECK(answer_of(end_session(accounts, patient(me), all.sessions(0).id())) == "ok");
        CHECK(!is_open(accounts, token.token()));
        CHECK(is_open(accounts, minsu.token()));
    }
    SUBCASE("a program ends its own tokens, with its secret, and that may be repeated") {
        const App other = phone(accounts);
        const TokenReply token = token_for(accounts, me, app);
        CHECK(answer_of(revoke(accounts, other, token.token())) == "ok");
        CHECK(is_open(accounts, token.token()));
        App guessed = app;
        guessed.set_client_secret(other.client_secret());
        CHECK(answer_of(revoke(accounts, guessed, token.token())) == "unauthenticated invalid_client");
        CHECK(answer_of(revoke(accounts, app, minsu.token())) == "ok");
        CHECK(is_open(accounts, minsu.token()));
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(revoke(accounts, app, token.token())) == "ok");
        CHECK(!is_open(accounts, token.token()));
        CHECK(answer_of(revoke(accounts, app, "no token")) == "ok");
    }
    SUBCASE("tokens and codes end with the password, all other sessions, and the account") {
        const auto ends = [&](auto what) {
            const TokenReply token = token_for(accounts, me, app);
            const std::string code = code_of(accounts, me, grant_request(app));
            what();
            CHECK(!is_open(accounts, token.token()));
            CHECK(answer_of(accounts.exchange_code(patient(), exchange_request(app, code))) ==
                  "invalid invalid_grant");
        };
        ends([&] {
            required(change_password(accounts, patient(me), good_password, next_password, minsu.token()));
        });
        ends([&] {
            EndOtherSessionsRequest others;
            others.set_token(minsu.token());
            required(accounts.end_other_sessions(patient(me), others));
        });
        CHECK(is_open(accounts, minsu.token()));
        ends([&] { required(delete_account(accounts, patient(me), next_password)); });
    }
    SUBCASE("a hundred programs' tokens leave browsers alone, and one more ends the one unused for longest") {
        const TokenReply first = token_for(accounts, me, app);
        for (int i = 0; i < 100; ++i) {
            place.clock().advance(Millis{1});
            token_for(accounts, me, app);
        }
        CHECK(!is_open(accounts, first.token()));
        CHECK(is_open(accounts, minsu.token()));
        CHECK(session_ids(accounts, me).size() == 101);
    }
    SUBCASE("a program's own token is nobody's, within its scopes") {
        ClientTokenRequest request;
        request.set_client_id(app.client_id());
        request.set_client_secret(app.client_secret());
        const TokenReply token = required(accounts.client_token(patient(), request));
        CHECK(token.user().id() == 0);
        CHECK(token.scopes() == "read write follow");
        const AuthenticateReply who = who_is(accounts, token.token());
        CHECK(who.user().id() == 0);
        CHECK(who.app().id() == app.id());
        request.set_scopes("push");
        CHECK(answer_of(accounts.client_token(patient(), request)) == "invalid scope_invalid scopes");
        request.set_scopes("read");
        CHECK(required(accounts.client_token(patient(), request)).scopes() == "read");
        request.set_client_secret("x");
        CHECK(answer_of(accounts.client_token(patient(), request)) == "unauthenticated invalid_client");
        CHECK(answer_of(revoke(accounts, app, token.token())) == "ok");
        CHECK(!is_open(accounts, token.token()));
    }
    SUBCASE("a program has ten tokens of its own") {
        ClientTokenRequest request;
        request.set_client_id(app.client_id());
        request.set_client_secret(app.client_secret());
        const TokenReply first = required(accounts.client_token(patient(), request));
        const TokenReply of_user = token_for(accounts, me, app);
        for (int i = 0; i < 10; ++i) {
            place.clock().advance(Millis{1});
            CHECK(is_open(accounts, first.token()));
            required(accounts.client_token(patient(), request));
        }
        CHECK(!is_open(accounts, first.token()));
        CHECK(is_open(accounts, of_user.token()));
    }
}

}  // namespace jebi::accounts::testing
