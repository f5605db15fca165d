#include "modules/accounts/common_passwords.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "kit/base/crypto.h"

namespace jebi::accounts {

TEST_CASE("well over three thousand passwords that are long enough are refused as common") {
    std::set<std::string> refused;
    std::size_t asked = 0;
    for (const auto word : common_words()) {
        for (const auto ending : {"", "1", "12", "123", "1234", "12345", "!", "01", "69", "2020"}) {
            const std::string password = std::string(word) + ending;
            if (password.size() < 8) continue;
            ++asked;
            if (is_common_password(password)) refused.insert(password);
        }
    }
    CHECK(refused.size() >= 50'000);
    CHECK(refused.size() == asked);
}

TEST_CASE("the words that need no ending are over three thousand by themselves") {
    const auto long_enough =
        std::ranges::count_if(common_words(), [](auto word) { return word.size() >= 8; });
    CHECK(long_enough >= 3'000);
}

TEST_CASE("the listed words are what the rules expect, once each") {
    std::set<std::string_view> seen;
    for (const auto word : common_words()) {
        CAPTURE(word);
        CHECK(word.size() >= 4);
        CHECK(std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; }));
        CHECK(seen.insert(word).second);
    }
}

TEST_CASE("passwords that everybody has seen on such lists are refused") {
    for (const std::string password :
         {"password",      "Password1",  "PASSWORD",    "password123", "password1!",  "p@ssw0rd",
          "P4$$w0rd",      "pa55word",   "passw0rd123", "12345678",    "123456789",   "1234567890",
          "0123456789",    "987654321",  "11111111",    "00000000",    "88888888",    "12341234",
          "123123123",     "12121212",   "11223344",    "147258369",   "789456123",   "741852963",
          "123654789",     "qwertyui",   "qwertyuiop",  "QWERTY123",   "qwerty12345", "1qaz2wsx",
          "1q2w3e4r",      "1q2w3e4r5t", "zaq12wsx",    "qazwsxedc",   "!QAZ2wsx",    "asdfghjkl",
          "asdf1234",      "zxcvbnm1",   "qwer1234",    "1234qwer",    "abcd1234",    "a1b2c3d4",
          "abcdefgh",      "aaaaaaaa",   "abcabcabc",   "abababab",    "!@#$%^&*",    "iloveyou",
          "iloveyou2",     "sunshine",   "princess",    "football",    "baseball",    "superman",
          "trustno1",      "letmein1",   "welcome1",    "dragon123",   "monkey12",    "master99",
          "shadow01",      "michael1",   "jennifer",    "whatever",    "starwars",    "computer",
          "charlie1",      "summer2024", "Summer2024!", "winter2019",  "changeme",    "admin123",
          "administrator", "root1234",   "test1234",    "hello123",    "drowssap",    "secretsecret",
          "19900101",      "01011990",   "12311999",    "1990-01-01",  "31.12.1985"}) {
        CAPTURE(password);
        CHECK(is_common_password(password));
    }
}

TEST_CASE("Korean words are refused in Hangul and as typed on a Latin keyboard") {
    CHECK(typed_as_latin("비밀번호") == "qlalfqjsgh");
    CHECK(typed_as_latin("안녕하세요") == "dkssudgktpdy");
    CHECK(typed_as_latin("사랑해") == "tkfkdgo");
    CHECK(typed_as_latin("꽃wow값") == "rhcwowrkqt");
    for (const std::string password :
         {"qlalfqjsgh", "dkssudgktpdy", "Dkssudgktpdy1", "tkfkdgo123", "tkfkdgody", "eogksalsrnr",
          "비밀번호1234", "안녕하세요123", "사랑해사랑해사랑해", "wpql1234"}) {
        CAPTURE(password);
        CHECK(is_common_password(password));
    }
}

TEST_CASE("passwords that nobody tries first are let through") {
    for (const std::string password :
         {"correct horse battery staple", "swallows fly low before rain", "제비가 낮게 날면 비가 온다",
          "x7#kQ2mZ", "vT9pL4nRw", "blue-lamp-odd-Tuesday", "mydogate14socks", "물빛하늘조약돌셋",
          "ostrich8837", "tangerine-okapi", "10203shoelace", "MyP0nyLikesHay", "qwertyMoonrakerZ"}) {
        CAPTURE(password);
        CHECK(!is_common_password(password));
    }
}

TEST_CASE("random passwords are hardly ever taken for common ones") {
    int refused = 0;
    for (int i = 0; i < 2'000; ++i) {
        if (is_common_password(base64url(bytes_of(sha256(std::to_string(i)))).substr(0, 10))) ++refused;
    }
    CHECK(refused == 0);
}

TEST_CASE("the longest passwords are judged as well") {
    CHECK(is_common_password(std::string(256, '1')));
    std::string varied;
    while (varied.size() < 256)
        varied += "9tL#4wq" + std::to_string(varied.size() * 7919);
    CHECK(!is_common_password(varied));
}

TEST_CASE("words with much around them are let through") {
    CHECK(!is_common_password("482--password--953"));
    CHECK(!is_common_password("dragon8147250396"));
}

}  // namespace jebi::accounts
