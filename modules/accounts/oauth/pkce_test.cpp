#include "modules/accounts/oauth/pkce.h"

#include <doctest/doctest.h>

#include <string>

#include "kit/base/crypto.h"

namespace jebi::accounts {

namespace {

// RFC 7636, appendix B.
constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

std::string challenge_of(const std::string& text) {
    return base64url(bytes_of(sha256(text)));
}

}  // namespace

TEST_CASE("the verifier of the RFC's example fits, and no other") {
    REQUIRE(start_crypto());
    CHECK(is_challenge(challenge));
    CHECK(verifier_fits(challenge, verifier));
    std::string other(verifier);
    other.back() = 'j';
    CHECK(!verifier_fits(challenge, other));
    CHECK(!verifier_fits(challenge, challenge));
    CHECK(!verifier_fits(challenge, ""));
}

TEST_CASE("a verifier has 43 to 128 unreserved characters") {
    for (const std::size_t size : {42U, 43U, 128U, 129U}) {
        const std::string text(size, '~');
        CHECK(verifier_fits(challenge_of(text), text) == (size == 43 || size == 128));
    }
    for (const char c : {' ', '+', '/', '=', '\0', '\n', '\x80'}) {
        const std::string text = std::string(50, 'a') + c;
        CHECK(!verifier_fits(challenge_of(text), text));
    }
}

TEST_CASE("a challenge is 43 characters of base64url") {
    CHECK(!is_challenge(""));
    CHECK(!is_challenge(std::string(42, 'a')));
    CHECK(!is_challenge(std::string(44, 'a')));
    CHECK(!is_challenge(std::string(42, 'a') + "="));
    CHECK(!is_challenge(std::string(42, 'a') + "+"));
}

TEST_CASE("without a challenge no verifier fits") {
    CHECK(verifier_fits("", ""));
    CHECK(!verifier_fits("", verifier));
}

}  // namespace jebi::accounts
