#include <doctest/doctest.h>

#include "kit/base/crypto.h"
#include "modules/web/visit.h"

using namespace jebi;
using namespace jebi::web;

namespace {

http::Request from(std::string_view field, std::string_view value) {
    http::Request request;
    request.fields.add("Host", "jebi.example:3000");
    if (!field.empty()) request.fields.add(field, value);
    return request;
}

bool passes(const http::Request& request, std::string_view token,
            std::string secret = "secret of this browser", bool secure = false) {
    Visit visit{.request = request, .call = {}};
    visit.secret = std::move(secret);
    return check_csrf({.secure = secure}, visit, token).has_value();
}

bool passes_by_https(const http::Request& request, std::string_view token) {
    return passes(request, token, "secret of this browser", true);
}

std::string token_of(std::string secret) {
    REQUIRE(start_crypto());
    const http::Request request;
    Visit visit{.request = request, .call = {}};
    visit.secret = std::move(secret);
    return csrf_token(visit);
}

}  // namespace

TEST_CASE("a token passes with its own secret only, and looks different each time") {
    const std::string token = token_of("secret of this browser");
    CHECK(passes(from("", ""), token));
    CHECK(token != token_of("secret of this browser"));
    CHECK_FALSE(passes(from("", ""), token, "secret of another"));
    CHECK_FALSE(passes(from("", ""), ""));
    CHECK_FALSE(passes(from("", ""), "x" + token));
    CHECK_FALSE(passes(from("", ""), token.substr(1)));
    CHECK_FALSE(passes(from("", ""), std::string(token.size(), 'A')));
}

TEST_CASE("a request that comes from another site is refused, whatever its token") {
    const std::string token = token_of("secret of this browser");
    CHECK(passes(from("Sec-Fetch-Site", "same-origin"), token));
    CHECK_FALSE(passes(from("Sec-Fetch-Site", "cross-site"), token));
    CHECK_FALSE(passes(from("Sec-Fetch-Site", "same-site"), token));
    CHECK(passes(from("Origin", "http://jebi.example:3000"), token));
    CHECK_FALSE(passes(from("Origin", "http://jebi.example"), token));
    CHECK_FALSE(passes(from("Origin", "https://evil.example"), token));
    CHECK_FALSE(passes(from("Origin", "null"), token));
}

TEST_CASE("where browsers come by https, a page that came by http is another site") {
    const std::string token = token_of("secret of this browser");
    CHECK(passes_by_https(from("Origin", "https://jebi.example:3000"), token));
    CHECK_FALSE(passes_by_https(from("Origin", "http://jebi.example:3000"), token));
    CHECK_FALSE(passes_by_https(from("Origin", "https://jebi.example"), token));
    CHECK_FALSE(passes_by_https(from("Origin", "ftp://jebi.example:3000"), token));
}
