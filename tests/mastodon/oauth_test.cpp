// How programs get a token: registering, the page on which people say yes, codes, revocation.
#include "tests/mastodon/client_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

constexpr const char* callback = "https://phanpy.example/back?keep=1";
constexpr const char* out_of_band = "urn:ietf:wg:oauth:2.0:oob";
// RFC 7636, appendix B.
constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

using Query = std::vector<std::pair<std::string, std::string>>;

std::string encoded(const Query& query) {
    std::string all;
    for (const auto& [name, text] : query)
        all += (all.empty() ? "" : "&") + name + "=" + http::percent_encoded(text);
    return all;
}

std::string parameter(const std::string& address, const std::string& name) {
    const auto query = http::form_from(address.substr(address.find('?') + 1));
    REQUIRE(query);
    return std::string(query->get(name).value_or(""));
}

struct Program {
    explicit Program(Twitter& twitter, const std::string& redirect_uris = callback,
                     const std::string& scopes = "read write follow push")
        : client(twitter) {
        const auto app = client.act("/api/v1/apps", encoded({{"client_name", "Phanpy"},
                                                             {"redirect_uris", redirect_uris},
                                                             {"scopes", scopes},
                                                             {"website", "https://phanpy.example"}}));
        id = text(app, "client_id");
        secret = text(app, "client_secret");
    }

    std::string authorize(const Query& more = {}) const {
        Query query{{"response_type", "code"},
                    {"client_id", id},
                    {"redirect_uri", callback},
                    {"scope", "read write follow"},
                    {"state", "a b&c"}};
        for (const auto& [name, text] : more) {
            std::erase_if(query, [&](const auto& given) { return given.first == name; });
            query.emplace_back(name, text);
        }
        return "/oauth/authorize?" + encoded(query);
    }
    Answer token(Query more) {
        more.emplace_back("client_id", id);
        more.emplace_back("client_secret", secret);
        return client.send(http::Method::post, "/oauth/token", encoded(more));
    }
    Answer token_for(const std::string& code, Query more = {}) {
        more.emplace_back("grant_type", "authorization_code");
        more.emplace_back("code", code);
        if (std::ranges::find(more, "redirect_uri", &Query::value_type::first) == more.end())
            more.emplace_back("redirect_uri", callback);
        return token(more);
    }

    Client client;
    std::string id;
    std::string secret;
};

// What the page's form would send, answered.
Answer answer_page(Browser& browser, const std::string& page, const std::string& answer) {
    const auto query = http::form_from(page.substr(page.find('?') + 1)).value();
    std::vector<std::pair<std::string, std::string>> form;
    for (const auto& [name, text] : query.list)
        form.emplace_back(name, text);
    form.emplace_back("answer", answer);
    return browser.submit(page, "/oauth/authorize", form);
}

}  // namespace

TEST_CASE("a program signs somebody in: code, PKCE, token, and acts in their name") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    const std::string page =
        program.authorize({{"code_challenge", challenge}, {"code_challenge_method", "S256"}});
    const Answer asked = mira.get(page);
    CHECK(asked.status == 200);
    CHECK(has(asked.body, "Phanpy"));
    CHECK(has(asked.body, "@mira"));
    CHECK(has(field(asked, "Content-Security-Policy"), "form-action 'self' https://phanpy.example;"));
    const Answer said = answer_page(mira, page, "allow");
    REQUIRE(said.status == 303);
    REQUIRE(location(said).starts_with("https://phanpy.example/back?keep=1&code="));
    CHECK(parameter(location(said), "state") == "a b&c");
    const std::string code = parameter(location(said), "code");
    CHECK(program.token_for(code).status == 400);

    const Answer given = program.token_for(code, {{"code_verifier", verifier}});
    CHECK(given.status == 200);
    CHECK(field(given, "Cache-Control") == "no-store");
    const auto token = json_of(given);
    CHECK(text(token, "token_type") == "Bearer");
    CHECK(text(token, "scope") == "read write follow");
    CHECK(number(token, "created_at") > 1'700'000'000);
    CHECK(number(token, "created_at") < 10'000'000'000);
    Client client{twitter};
    client.use(text(token, "access_token"));
    CHECK(text(client.read("/api/v1/accounts/verify_credentials"), "acct") == "mira");
    CHECK(text(client.read("/api/v1/apps/verify_credentials"), "name") == "Phanpy");
    client.write("from afar");
}

TEST_CASE("a token may do what its scopes say, and no more") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    const std::string page = program.authorize({{"scope", "read:accounts write:statuses"}});
    const auto token =
        json_of(program.token_for(parameter(location(answer_page(mira, page, "allow")), "code")));
    Client client{twitter};
    client.use(text(token, "access_token"));
    client.read("/api/v1/accounts/verify_credentials");
    const std::string id = client.write("hello");
    CHECK(client.get("/api/v1/timelines/home").status == 403);
    CHECK(client.send(http::Method::post, "/api/v1/statuses/" + id + "/favourite", "").status == 403);
}

TEST_CASE("a visitor signs in first, and comes back with the whole question") {
    Twitter twitter;
    Browser known{twitter};
    known.sign_up("mira");
    Program program{twitter};
    Browser mira{twitter};
    const Answer sent = mira.get(program.authorize());
    CHECK(sent.status == 303);
    REQUIRE(location(sent).starts_with("/login?next="));
    const Answer back = mira.submit(location(sent), "/users/sessions",
                                    {{"username_or_email", "mira"},
                                     {"password", "a long enough one"},
                                     {"next", parameter(location(sent), "next")}});
    CHECK(location(back) == program.authorize());
    CHECK(mira.get(location(back)).status == 200);
}

TEST_CASE("without a place to send it to, the code is shown") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter, out_of_band};
    const std::string page = program.authorize({{"redirect_uri", out_of_band}});
    const Answer said = answer_page(mira, page, "allow");
    CHECK(said.status == 200);
    std::smatch found;
    REQUIRE(std::regex_search(said.body, found, std::regex{"<code>([^<]+)</code>"}));
    CHECK(program.token_for(found[1], {{"redirect_uri", out_of_band}}).status == 200);
    CHECK(location(answer_page(mira, page, "deny")) == "/");
}

TEST_CASE("no means no, and is told") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    const Answer said = answer_page(mira, program.authorize(), "deny");
    CHECK(location(said).starts_with("https://phanpy.example/back?"));
    CHECK(parameter(location(said), "error") == "access_denied");
    CHECK(parameter(location(said), "state") == "a b&c");
    CHECK(parameter(location(said), "code") == "");
}

TEST_CASE("an unknown program or address ends on a page, and leads nowhere") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    for (const Query& wrong :
         {Query{{"client_id", "nobody"}}, Query{{"redirect_uri", "https://evil.example/"}},
          Query{{"redirect_uri", out_of_band}}, Query{{"redirect_uri", ""}, {"client_id", ""}},
          Query{{"redirect_uri", "https://phanpy.example/back?keep=1&more=1"}}}) {
        const Answer answer = mira.get(program.authorize(wrong));
        INFO(encoded(wrong));
        CHECK(answer.status == 400);
        CHECK(location(answer) == "");
        Query form = wrong;
        form.emplace_back("answer", "allow");
        const Answer sent = mira.submit(program.authorize(), "/oauth/authorize", form);
        CHECK(sent.status == 400);
        CHECK(location(sent) == "");
    }
}

TEST_CASE("what is wrong with the question goes back to the program") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter, callback, "read"};
    const auto error_for = [&](const Query& wrong) {
        return parameter(location(mira.get(program.authorize(wrong))), "error");
    };
    CHECK(error_for({{"scope", "read"}, {"response_type", "token"}}) == "unsupported_response_type");
    CHECK(error_for({{"scope", "read write"}}) == "invalid_scope");
    CHECK(error_for({{"scope", "read"}, {"code_challenge", challenge}, {"code_challenge_method", "plain"}}) ==
          "invalid_request");
    CHECK(mira.get(program.authorize({{"scope", ""}})).status == 200);
}

TEST_CASE("only our own page can say yes") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    const std::string query = program.authorize().substr(std::string("/oauth/authorize?").size());
    const Answer forged = mira.send(http::Method::post, "/oauth/authorize", query + "&answer=allow");
    CHECK(forged.status == 403);
    CHECK(location(forged) == "");
}

TEST_CASE("a code is good once, and used again it ends the token that it gave") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    const std::string code = parameter(location(answer_page(mira, program.authorize(), "allow")), "code");
    Client client{twitter};
    client.use(text(json_of(program.token_for(code)), "access_token"));
    client.read("/api/v1/accounts/verify_credentials");
    const Answer again = program.token_for(code);
    CHECK(again.status == 400);
    CHECK(text(json_of(again), "error") == "invalid_grant");
    CHECK(client.get("/api/v1/accounts/verify_credentials").status == 401);
}

TEST_CASE("a token is revoked by its program") {
    Twitter twitter;
    Browser mira{twitter};
    mira.sign_up("mira");
    Program program{twitter};
    const std::string code = parameter(location(answer_page(mira, program.authorize(), "allow")), "code");
    Client client{twitter};
    const std::string token = text(json_of(program.token_for(code)), "access_token");
    client.use(token);
    const auto revoke = [&](const std::string& secret) {
        return program.client.send(
            http::Method::post, "/oauth/revoke",
            encoded({{"client_id", program.id}, {"client_secret", secret}, {"token", token}}));
    };
    CHECK(revoke("wrong").status == 401);
    client.read("/api/v1/accounts/verify_credentials");
    CHECK(revoke(program.secret).body == "{}");
    CHECK(revoke(program.secret).status == 200);
    CHECK(client.get("/api/v1/accounts/verify_credentials").status == 401);
}

TEST_CASE("a program's own token reads what is public, and is nobody") {
    Twitter twitter;
    Program program{twitter};
    const auto token = json_of(program.token({{"grant_type", "client_credentials"}, {"scope", "read"}}));
    Client client{twitter};
    client.use(text(token, "access_token"));
    CHECK(client.get("/api/v1/timelines/public").status == 200);
    CHECK(text(client.read("/api/v1/apps/verify_credentials"), "name") == "Phanpy");
    CHECK(client.get("/api/v1/accounts/verify_credentials").status == 401);
    CHECK(client.send(http::Method::post, "/api/v1/statuses", R"({"status":"x"})").status == 401);
}

TEST_CASE("a program may send its id and secret in the Authorization field, and everything as JSON") {
    Twitter twitter;
    Program program{twitter};
    program.client.fields = {{"Authorization", "Basic " + base64(program.id + ":" + program.secret)},
                             {"Content-Type", "application/json"}};
    const Answer answer = program.client.send(http::Method::post, "/oauth/token",
                                              R"({"grant_type":"client_credentials","scope":"read"})");
    CHECK(answer.status == 200);
    program.client.fields[0].second = "Basic " + base64(program.id + ":wrong");
    const Answer refused = program.client.send(http::Method::post, "/oauth/token",
                                               R"({"grant_type":"client_credentials","scope":"read"})");
    CHECK(refused.status == 401);
    CHECK(text(json_of(refused), "error") == "invalid_client");
}

TEST_CASE("registering is told what is wrong, and answers all that clients read") {
    Twitter twitter;
    Client client{twitter};
    const auto app = client.act(
        "/api/v1/apps",
        R"({"client_name":"toot","redirect_uris":["https://a.example/","urn:ietf:wg:oauth:2.0:oob"],"scopes":"read"})");
    CHECK(text(app, "redirect_uri") == "https://a.example/\nurn:ietf:wg:oauth:2.0:oob");
    CHECK(is_null(app, "website"));
    for (const char* name : {"id", "name", "client_id", "client_secret", "vapid_key"})
        text(app, name);
    for (const char* wrong : {"redirect_uris=https://a.example/", "client_name=x",
                              "client_name=x&redirect_uris=javascript:alert(1)",
                              "client_name=x&redirect_uris=https://a.example/&scopes=everything"})
        CHECK(client.send(http::Method::post, "/api/v1/apps", wrong).status == 422);
}

TEST_CASE("a program makes an account for somebody, who has agreed") {
    Twitter twitter;
    Program program{twitter};
    Client client{twitter};
    const std::string form = encoded({{"username", "mira"},
                                      {"email", "mira@example.org"},
                                      {"password", "a long enough one"},
                                      {"locale", "ko"}});
    CHECK(client.send(http::Method::post, "/api/v1/accounts", form + "&agreement=true").status == 401);
    const auto own = json_of(program.token({{"grant_type", "client_credentials"}, {"scope", "read write"}}));
    client.use(text(own, "access_token"));
    CHECK(client.send(http::Method::post, "/api/v1/accounts", form).status == 422);
    const auto token = client.act("/api/v1/accounts", form + "&agreement=true");
    client.use(text(token, "access_token"));
    CHECK(text(client.read("/api/v1/accounts/verify_credentials"), "acct") == "mira");
}

TEST_CASE("a password is taken for a token only where the operator wants it") {
    const auto asked_for = [](bool wanted, const std::string& password) {
        Twitter twitter{{.password_grant = wanted}};
        Client mira{twitter, "mira"};
        Program program{twitter};
        const Answer answer = program.token({{"grant_type", "password"},
                                             {"username", "mira@example.org"},
                                             {"password", password},
                                             {"scope", "read write"}});
        if (answer.status == 200) {
            Client client{twitter};
            client.use(text(json_of(answer), "access_token"));
            CHECK(text(client.read("/api/v1/accounts/verify_credentials"), "acct") == "mira");
            CHECK(member(client.read("/api/v1/sessions"), "sessions").array()->size() ==
                  2);  // signing up made one
            return std::string("token");
        }
        return text(json_of(answer), "error");
    };
    CHECK(asked_for(false, "a long enough one") == "unsupported_grant_type");
    CHECK(asked_for(true, "a long enough one") == "token");
    CHECK(asked_for(true, "another one") == "invalid_grant");
}

TEST_CASE("the description of all this names PKCE, and only what is there") {
    Twitter twitter;
    Client client{twitter};
    const auto described = client.read("/.well-known/oauth-authorization-server");
    CHECK(*member(described, "code_challenge_methods_supported").array()->front().text() == "S256");
    CHECK(text(described, "token_endpoint") == "http://jebi.example/oauth/token");
}
