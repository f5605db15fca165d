#include "modules/web/github/sealed.h"

#include <doctest/doctest.h>

#include "kit/base/crypto.h"

using namespace jebi;
using namespace jebi::web::github;

namespace {

constexpr WallMs now_ms = 1'700'000'000'000;

std::string one() {
    REQUIRE(start_crypto());
    return sealed("secret", "start", now_ms, {{"next", "/tweets?q=제비&a=b"}, {"user", "17"}});
}

}  // namespace

TEST_CASE("what was sealed comes back as it was, until it is too old") {
    const std::string text = one();
    const auto fields = unsealed("secret", "start", now_ms, text);
    REQUIRE(fields);
    CHECK(fields->get("next") == "/tweets?q=제비&a=b");
    CHECK(fields->get("user") == "17");
    CHECK(unsealed("secret", "start", now_ms + sealed_s * 1'000, text));
    CHECK_FALSE(unsealed("secret", "start", now_ms + sealed_s * 1'000 + 1, text));
}

TEST_CASE("what somebody else sealed, or sealed for another purpose, is nothing") {
    const std::string text = one();
    CHECK_FALSE(unsealed("other", "start", now_ms, text));
    CHECK_FALSE(unsealed("secret", "who", now_ms, text));
    CHECK_FALSE(unsealed("secret", "start", now_ms, ""));
    CHECK_FALSE(unsealed("secret", "start", now_ms, "."));
    CHECK_FALSE(unsealed("secret", "start", now_ms, text + "A"));
    CHECK_FALSE(unsealed("secret", "start", now_ms, text.substr(0, text.find('.') + 1)));
}

TEST_CASE("no byte of it can be changed") {
    const std::string text = one();
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string changed = text;
        changed[at] = changed[at] == 'x' ? 'y' : 'x';
        CAPTURE(at);
        CHECK_FALSE(unsealed("secret", "start", now_ms, changed));
    }
}
