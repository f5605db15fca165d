#include "kit/base/crypto.h"

#include <doctest/doctest.h>

namespace jebi {

namespace {

constexpr PasswordCost cheap{.memory_bytes = 8'192, .passes = 1};

std::string hex_of(const Hash& hash) {
    return hex(bytes_of(hash));
}

}  // namespace

TEST_CASE("cryptography starts, and may be started again") {
    CHECK(start_crypto());
    CHECK(start_crypto());
}

TEST_CASE("random bytes are as many as asked for and differ") {
    CHECK(random_bytes(0).empty());
    CHECK(random_bytes(33).size() == 33);
    CHECK(random_bytes(16) != random_bytes(16));
}

TEST_CASE("SHA-256 gives the values of FIPS 180-4") {
    CHECK(hex_of(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex_of(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex_of(sha256(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("HMAC-SHA-256 gives the values of RFC 4231, for short and for long keys") {
    CHECK(hex_of(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hex_of(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hex_of(hmac_sha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("bytes compare as equal only when all are") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("token", "token"));
    CHECK_FALSE(equal_in_constant_time("token", "tokem"));
    CHECK_FALSE(equal_in_constant_time("Token", "token"));
    CHECK_FALSE(equal_in_constant_time("token", "token2"));
    CHECK_FALSE(equal_in_constant_time("token", ""));
    CHECK_FALSE(equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST_CASE("hex is lower case, two digits a byte") {
    CHECK(hex("").empty());
    CHECK(hex(std::string_view("\x00\x0f\xff", 3)) == "000fff");
}

TEST_CASE("base64 gives the values of RFC 4648") {
    const std::pair<const char*, const char*> known[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"},
    };
    for (const auto& [bytes, text] : known) {
        CAPTURE(text);
        CHECK(base64(bytes) == text);
        CHECK(from_base64(text) == bytes);
    }
}

TEST_CASE("base64 is read without padding too, but not with half of it") {
    CHECK(from_base64("Zg") == "f");
    CHECK(from_base64("Zm8") == "fo");
    CHECK_FALSE(from_base64("Zg=").has_value());
    CHECK_FALSE(from_base64("Zg===").has_value());
}

TEST_CASE("base64url uses - and _ and no padding") {
    CHECK(base64url("\xfb\xff\xfe") == "-__-");
    CHECK(base64url("f") == "Zg");
    CHECK(from_base64url("-__-") == "\xfb\xff\xfe");
    CHECK(from_base64url("") == "");
    CHECK_FALSE(from_base64url("+//+").has_value());
    CHECK_FALSE(from_base64url("Zg==").has_value());
}

TEST_CASE("what is no base64 is refused, and so is a second spelling of the same bytes") {
    for (const char* text : {"Z", "Zm9vY", "Zm 9", "Zm9v\n", "Zm*v", "Zm9\x80", "Zm9\xff", "제비00",
                             "Zh==", "Zm9=", "=", "===="}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text).has_value());
    }
    CHECK_FALSE(from_base64url("Zh").has_value());
}

TEST_CASE("a password matches its own hash only") {
    const std::string phc = hashed_password("correct horse", cheap);
    CHECK(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    CHECK(phc.find('\0') == phc.npos);
    CHECK(password_matches("correct horse", phc));
    CHECK_FALSE(password_matches("correct horsf", phc));
    CHECK_FALSE(password_matches("", phc));
    CHECK_FALSE(password_matches(std::string_view("correct horse\0", 14), phc));
}

TEST_CASE("the same password is hashed with another salt each time") {
    CHECK(hashed_password("twice", cheap) != hashed_password("twice", cheap));
}

TEST_CASE("a hash by Argon2's reference program matches") {
    CHECK(password_matches(
        "password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"));
}

TEST_CASE("what is no hash matches nothing") {
    for (const char* phc : {"", "$", "$argon2id$", "password", "$argon2id$v=19$m=8,t=1,p=1$"}) {
        CAPTURE(phc);
        CHECK_FALSE(password_matches("password", phc));
        CHECK(needs_rehash(phc, cheap));
    }
}

TEST_CASE("a hash of another cost needs a new one") {
    const std::string phc = hashed_password("password", cheap);
    CHECK_FALSE(needs_rehash(phc, cheap));
    CHECK(needs_rehash(phc, {.memory_bytes = 16'384, .passes = 1}));
    CHECK(needs_rehash(phc, {.memory_bytes = 8'192, .passes = 2}));
}

TEST_CASE("the cost by default is what OWASP advises") {
    CHECK(hashed_password("password", {}).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST_CASE("a cost that cannot be paid gives no hash") {
    CHECK(hashed_password("password", {.memory_bytes = 1, .passes = 1}).empty());
}

}  // namespace jebi
