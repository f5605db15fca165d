#include "modules/accounts/password_policy.h"

#include <doctest/doctest.h>

#include <string>

namespace jebi::accounts {

namespace {

constexpr PasswordOwner owner{.username = "saebyeok", .email = "sae.b@example.com"};

std::string reason_of(std::string_view password) {
    const auto accepted = accepted_password(password, owner, "new_password");
    if (accepted) return "";
    CHECK(accepted.error().code == Code::invalid);
    CHECK(accepted.error().field == "new_password");
    return accepted.error().reason;
}

std::string times(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

}  // namespace

TEST_CASE("a password has at least eight characters, whatever their script") {
    CHECK(reason_of("") == "password_too_short");
    CHECK(reason_of("x7#kQ2m") == "password_too_short");
    CHECK(reason_of("x7#kQ2mZ") == "");
    CHECK(reason_of("물빛하늘조약돌") == "password_too_short");
    CHECK(reason_of("물빛하늘조약돌셋") == "");
    // Seven syllables are seven, also when they arrive as twenty letters.
    CHECK(reason_of("\u1106\u116e\u11af\u1107\u1175\u11be\u1112\u1161\u1102\u1173\u11af\u110c\u1169"
                    "\u110b\u1163\u11a8\u1103\u1169\u11af") == "password_too_short");
}

TEST_CASE("a password has at most 256 bytes after NFC") {
    const std::string varied = "vT9pL4nRw#e1-Kq8";
    CHECK(reason_of(times(varied, 16)) == "");
    CHECK(reason_of(times(varied, 16) + "x") == "password_too_long");
    CHECK(reason_of(std::string(1'000'000, 'x')) == "password_too_long");
    const std::string syllables_nfd =
        times("\u1100\u1161\u1102\u1161\u1103\u1161\u1105\u1165\u1106\u1169", 17);
    REQUIRE(syllables_nfd.size() > password_bytes_max);
    CHECK(reason_of(syllables_nfd) == "");
}

TEST_CASE("a password is kept as it is but for NFC") {
    CHECK(accepted_password("  Sp aces\tand CASE stay ", owner, "password").value() ==
          "  Sp aces\tand CASE stay ");
    const auto composed = accepted_password("물빛하늘조약돌셋", owner, "password");
    const auto decomposed = accepted_password(
        "\u1106\u116e\u11af\u1107\u1175\u11be\u1112\u1161\u1102\u1173\u11af\u110c\u1169"
        "\u110b\u1163\u11a8\u1103\u1169\u11af\u1109\u1166\u11ba",
        owner, "password");
    CHECK(composed.value() == decomposed.value());
}

TEST_CASE("what is not UTF-8 is no password") {
    CHECK(reason_of("abcdefg\xff\xfe") == "password_invalid");
    CHECK(!typed_password("abcdefg\xff\xfe"));
}

TEST_CASE("common passwords are refused") {
    CHECK(reason_of("password123") == "password_common");
    CHECK(reason_of("qlalfqjsgh") == "password_common");
}

TEST_CASE("a password that is the name and little else is refused") {
    for (const std::string password :
         {"saebyeok", "saebyeok-88x", "88xSAEBYEOK!", "saebyeoksaebyeok", "koeybeas7", "sae.b@example.com",
          "sae.b#77", "jebi-x9q", "제비x9q제비z", "xq jebi 7"}) {
        CAPTURE(password);
        CHECK(reason_of(password) == "password_like_name");
    }
    CHECK(reason_of("saebyeok keeps two odd okapis") == "");
}

TEST_CASE("a very short name is in too many words to matter") {
    CHECK(accepted_password("kazoo-tub-19", {.username = "ka", .email = "z@example.com"}, "password")
              .has_value());
}

TEST_CASE("what was typed to be let in is only brought to NFC and bounded") {
    CHECK(typed_password("") == "");
    CHECK(typed_password("short") == "short");
    CHECK(typed_password("\u1100\u1161") == "가");
    CHECK(!typed_password(std::string(257, 'x')));
    CHECK(!typed_password(std::string(2'000'000, 'x')));
}

}  // namespace jebi::accounts
