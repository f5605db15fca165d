#include "modules/tweets/text/text.h"

#include <doctest/doctest.h>

#include <array>
#include <iostream>
#include <random>
#include <ranges>

#include "kit/base/unicode.h"
#include "modules/tweets/text/punycode.h"
#include "modules/tweets/text/tlds.h"

namespace jebi::tweets {

namespace {

using Kind = TextEntity::Kind;

std::string repeated(std::string_view part, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += part;
    return out;
}

// What is in a text, each with its sign: "#tag @name https://link".
std::string found(std::string_view text) {
    std::string all;
    for (const TextEntity& entity : entities(text)) {
        const char* sign = entity.kind == Kind::hashtag ? "#" : entity.kind == Kind::mention ? "@" : "";
        all.append(all.empty() ? "" : " ").append(sign).append(entity.value);
    }
    return all;
}

}  // namespace

TEST_CASE("a Hangul syllable weighs two, so 140 of them fill a tweet") {
    CHECK(weight(repeated("가", 140)) == weight_max);
    CHECK(weight(repeated("가", 141)) == 282);
    CHECK(weight("ㅋ") == 2);
    CHECK(weight("漢") == 2);
    CHECK(weight("Ａ") == 2);
}

TEST_CASE("letters of most other scripts, their spaces and punctuation weigh one") {
    CHECK(weight("") == 0);
    CHECK(weight(repeated("a", 280)) == weight_max);
    CHECK(weight("é ш א ا ก ა\n") == 12);
    CHECK(weight("‘a’ – “b” …") == 12);  // the ellipsis is beyond the range
    CHECK(weight("\u10FF\u1100") == 3);
    CHECK(weight("\u200D\u200E\u200F\u2010") == 6);
    CHECK(weight("\u201F\u2020\u2031\u2032\u2037\u2038") == 9);
}

TEST_CASE("an emoji weighs two, of however many characters it is made") {
    CHECK(weight("😀") == 2);
    CHECK(weight("👨‍👩‍👧‍👦") == 2);
    CHECK(weight("🇰🇷") == 2);
    CHECK(weight("👍🏽") == 2);
    CHECK(weight("1️⃣") == 2);
    CHECK(weight("1⃣") == 2);
    CHECK(weight("❤️") == 2);
    CHECK(weight("©️") == 2);
    CHECK(weight("©") == 1);
    CHECK(weight("😀👨‍👩‍👧‍👦 제비🇰🇷") == 11);
    CHECK(weight("1") == 1);
}

TEST_CASE("a link weighs 23, whatever its length") {
    CHECK(weight("http://a.kr") == link_weight);
    CHECK(weight("https://example.com/" + std::string(1000, 'a')) == link_weight);
    CHECK(weight("example.com") == link_weight);
    CHECK(weight("제비 https://example.com/가나") == 5 + link_weight + 4);
    CHECK(weight("👍🏽http://a.kr👍🏽http://b.kr👍🏽") == 3 * 2 + 2 * link_weight);
}

TEST_CASE("hashtags are of any script") {
    CHECK(found("#제비") == "#제비");
    CHECK(found("＃전각") == "#전각");
    CHECK(found("보라 #제비가_온다, #swallow! #日本語 #１등") == "#제비가_온다 #swallow #日本語 #１등");
    CHECK(found("(#하나)#둘/#셋.#넷") == "#하나 #둘 #셋 #넷");
    CHECK(found("👍🏽#좋다 ❤️#사랑") == "#좋다 #사랑");
    CHECK(found("#il·lusió #メ〜テレ #ㅋㅋㅋ") == "#il·lusió #メ〜テレ #ㅋㅋㅋ");
}

TEST_CASE("a '#' in a word, before a number or in an emoji makes no hashtag") {
    CHECK(found("안녕#붙음 a#b 1#c _#d &#x27;") == "");
    CHECK(found("#1 #2024 #_ #1_2 ＃３") == "");
    CHECK(found("#️⃣ #⃣a #️a") == "");
    CHECK(found("# #. ##") == "");
    CHECK(found("#a#b") == "");
    CHECK(found("##a") == "#a");
    CHECK(found("#http://") == "");
}

TEST_CASE("mentions may be glued to Korean text, but not to Latin letters") {
    CHECK(found("안녕@sehyun") == "@sehyun");
    CHECK(found("@sehyun님, ＠Jebi_1!") == "@sehyun @Jebi_1");
    CHECK(found("me@example.com a.b@c 1@d _@e !@f #@g $@h %@i &@j *@k @@l ＠@m") == "");
    CHECK(found("@a@b @제비 @ @é @aé @http://") == "");
    CHECK(found("@sehyun/list") == "@sehyun");
}

TEST_CASE("RT may stand right before a mention") {
    CHECK(found("RT@a rt@b Rt:@c (RT@d 가RT@e") == "@a @b @c @d @e");
    CHECK(found("ART@a _RT@b .RT@c -RT@d ~RT@e +RT@f 1RT@g T@h RX@i") == "");
}

TEST_CASE("a mention is as long as a user name may be") {
    const std::string name(30, 'a');
    CHECK(found("@" + name) == "@" + name);
    CHECK(found("@" + name + "a") == "");
}

TEST_CASE("links have a scheme or a known top-level domain") {
    CHECK(found("http://example.com") == "http://example.com");
    CHECK(found("HTTPS://Example.COM/A") == "HTTPS://Example.COM/A");
    CHECK(found("example.com www.example.co.kr Example.KR") ==
          "https://example.com https://www.example.co.kr https://Example.KR");
    CHECK(found("http://도메인.한국 www.한국") == "http://도메인.한국 https://www.한국");
    CHECK(found("http://ПРЕЗИДЕНТ.РФ/ http://a.xn--3e0b707e") ==
          "http://ПРЕЗИДЕНТ.РФ/ http://a.xn--3e0b707e");
    CHECK(found("ELPAÍS.com 3×a.kr") == "https://ELPAÍS.com https://a.kr");
    CHECK(found("main.cpp v1.2.3 3.14 http://localhost/ http://a.nosuchtld ftp://example.com a..com") == "");
}

TEST_CASE("a path ends before characters of other scripts and closing punctuation") {
    CHECK(found("https://example.com/가나") == "https://example.com/");
    CHECK(found("https://example.com/a가") == "https://example.com/a");
    CHECK(found("https://example.com/Русские/café–b") == "https://example.com/Русские/café–b");
    CHECK(found("http://a.kr/b. http://a.kr/b, http://a.kr/b!?") ==
          "http://a.kr/b http://a.kr/b http://a.kr/b");
    CHECK(found("http://a.kr/b?c=d&e=%20f. http://a.kr?c") == "http://a.kr/b?c=d&e=%20f http://a.kr?c");
    CHECK(found("http://a.kr:8080/b http://a.kr:") == "http://a.kr:8080/b http://a.kr");
    CHECK(found("http://a.kr/\"onclick=\"x()") == "http://a.kr/");
}

TEST_CASE("parentheses belong to a path in pairs") {
    CHECK(found("(http://a.kr/b_(c))") == "http://a.kr/b_(c)");
    CHECK(found("http://a.kr/b_(c_(d))_e") == "http://a.kr/b_(c_(d))_e");
    CHECK(found("(http://a.kr/b)") == "http://a.kr/b");
    CHECK(found("http://a.kr/b(c http://a.kr/b() http://a.kr/b(()) http://a.kr/b(c(d)") ==
          "http://a.kr/b http://a.kr/b http://a.kr/b http://a.kr/b");
}

TEST_CASE("links may be glued to text of scripts without spaces") {
    CHECK(found("여기http://a.kr로") == "http://a.kr");
    CHECK(found("여기example.com입니다") == "https://example.com");
    CHECK(found("왔다.example.com 왔다.http://a.kr") == "https://example.com http://a.kr");
    CHECK(found("a.kr가b.kr") == "https://a.kr https://b.kr");
    CHECK(found("“example.com”") == "https://example.com");
}

TEST_CASE("what runs into a link from before keeps it from being one") {
    CHECK(found("xhttp://a.kr 1http://a.kr $http://a.kr $a.kr") == "");
    CHECK(found("-a.kr _a.kr .a.kr /a.kr") == "");
    CHECK(found("me@a.kr") == "");
    CHECK(found("＠http://a.kr ＃http://a.kr \uFEFFhttp://a.kr \uFEFFa.kr") == "");
    CHECK(found("http://http://a.kr") == "http://a.kr");
}

TEST_CASE("without a scheme, a port or query needs a path") {
    CHECK(found("a.kr?b=c") == "https://a.kr");
    CHECK(found("a.kr:80") == "https://a.kr");
    CHECK(found("a.kr:80/?b=c") == "https://a.kr:80/?b=c");
    CHECK(found("a.kr?b=c.kr") == "https://a.kr");
}

TEST_CASE("a host's labels are those of DNS") {
    CHECK(found("http://a_b.c.kr http://a-b.kr") == "http://a_b.c.kr http://a-b.kr");
    CHECK(found("http://a_b.kr http://-a.kr http://a-.kr http://_a.b.kr http://a_.b.kr a.kr-b") == "");
    CHECK(found("http://" + std::string(63, 'a') + ".kr") != "");
    CHECK(found("http://" + std::string(64, 'a') + ".kr") == "");
    CHECK(found("http://" + repeated("가", 53) + ".kr") != "");
    CHECK(found("http://" + repeated("가나", 26) + ".kr") == "");
    CHECK(found("http://xn--가.kr") == "");
    CHECK(found("http://한\u200F국.한국 http://한\u202E국.한국 http://한\u3000국.한국") == "");
}

TEST_CASE("a link is no longer than browsers take") {
    const std::string host = "http://a.kr/";
    CHECK(found(host + std::string(4096 - host.size(), 'a')) != "");
    CHECK(found(host + std::string(4097 - host.size(), 'a')) == "");
}

TEST_CASE("Twitter's short links end with their slug and query") {
    CHECK(found("http://t.co/abc's https://T.co/a-b") == "http://t.co/abc https://T.co/a");
    CHECK(found("http://t.co/abc?d=e http://t.co/ http://t.co") ==
          "http://t.co/abc?d=e http://t.co/ http://t.co");
    CHECK(found("http://t.co/" + std::string(40, 'a')) != "");
    CHECK(found("http://t.co/" + std::string(41, 'a')) == "");
}

TEST_CASE("what begins first wins over what overlaps it") {
    CHECK(found("http://a.kr/#tag?@name#b") == "http://a.kr/#tag?@name#b");
    CHECK(found("http://a.kr/@sehyun") == "http://a.kr/@sehyun");
    CHECK(found("#a.kr @a.kr ＃a.kr") == "#a @a #a");
    CHECK(found("a.kr?#tag") == "https://a.kr #tag");
}

TEST_CASE("positions are in bytes and cover the sign") {
    const std::vector<TextEntity> all = entities("가 ＃나 @b c.kr");
    REQUIRE(all.size() == 3);
    CHECK(all[0].begin == 4);
    CHECK(all[0].end == 10);
    CHECK(all[1].begin == 11);
    CHECK(all[1].end == 13);
    CHECK(all[2].begin == 14);
    CHECK(all[2].end == 18);
}

TEST_CASE("Punycode's size is known without writing it") {
    CHECK(punycode_size(U"한국") == std::string_view("3e0b707e").size());
    CHECK(punycode_size(U"bücher") == std::string_view("bcher-kva").size());
    CHECK(punycode_size(U"他们为什么不说中文") == std::string_view("ihqwcrb4cv8a8dqg056pqjye").size());
    CHECK(punycode_size(U"MajiでKoiする5秒前") == std::string_view("MajiKoi5-783gue6qz075azm5e").size());
}

TEST_CASE("top-level domains are looked up in lower case and in their own script") {
    CHECK(is_tld("kr"));
    CHECK(is_tld("한국"));
    CHECK(is_tld("aaa"));
    CHECK_FALSE(is_tld("KR"));
    CHECK_FALSE(is_tld(""));
    CHECK_FALSE(is_tld("cpp"));
    CHECK(begins_tld("한"));
    CHECK(begins_tld("한국"));
    CHECK_FALSE(begins_tld("한국어"));
    CHECK_FALSE(begins_tld("힣"));
}

namespace {

// Parts whose neighbours decide what they are.
constexpr std::array<std::string_view, 64> parts = {"a",           "foo",     "Z9",
                                                    "com",         "co.kr",   ".",
                                                    ".",           "/",       "?",
                                                    "=",           "&",       "#",
                                                    "@",           "＃",      "＠",
                                                    ":",           "http://", "://",
                                                    "https://",    "-",       "_",
                                                    "한국",        "안녕",    "の",
                                                    "。",          "é",       "ß",
                                                    "рф",          " ",       " ",
                                                    "\n",          "(",       ")",
                                                    "!",           "$",       "%",
                                                    "'",           "\"",      "~",
                                                    "RT",          "1",       "12",
                                                    "example.com", "t.co/a",  "http://t.co/",
                                                    "xn--p1ai",    "😀",      "👨‍👩‍👧‍👦",
                                                    "🇰🇷",          "🏽",      "\u200D",
                                                    "\uFE0F",      "\u20E3",  "1️⃣",
                                                    "©",           "·",       "～",
                                                    "\u202E",      "ㅋ",      "Ａ",
                                                    "１",          "みんな",  "sehyun",
                                                    "𠀡"};

std::string random_text(std::mt19937_64& random) {
    std::string text;
    for (std::size_t i = random() % 20; i > 0; --i)
        text += parts[random() % parts.size()];
    return text;
}

bool is_boundary(std::string_view text, std::size_t at) {
    return at == text.size() || (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80);
}

void check_positions(std::string_view text) {
    std::size_t at = 0;
    for (const TextEntity& entity : entities(text)) {
        CHECK(entity.begin >= at);
        CHECK(entity.begin < entity.end);
        CHECK(is_boundary(text, entity.begin));
        CHECK(is_boundary(text, entity.end));
        at = entity.end;
        CHECK(text.substr(entity.begin, entity.end - entity.begin)
                  .ends_with(entity.value.substr(entity.value.starts_with("https://") ? 8 : 0)));
    }
}

}  // namespace

TEST_CASE("in any mixture, entities are in order, apart and on the boundaries of characters") {
    const std::uint64_t seed = std::random_device{}();
    std::cout << "seed of the mixtures: " << seed << '\n';
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::size_t entities_seen = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = random_text(random);
        CAPTURE(text);
        check_positions(text);
        entities_seen += entities(text).size();
    }
    CHECK(entities_seen > 5'000);
}

TEST_CASE("a word before and behind changes nothing of what is in a text") {
    const std::uint64_t seed = std::random_device{}();
    std::cout << "seed of the mixtures: " << seed << '\n';
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = random_text(random);
        CAPTURE(text);
        CHECK(found("제비 " + text + " 제비") == found(text));
        CHECK(weight("제비 " + text + " 제비") == weight(text) + 10);
    }
}

namespace {

// Each of these, repeated, makes a scanner look far ahead or back from many places. Were the work to grow
// with the square of the size, a megabyte would take hours, and the test would run into its time limit.
constexpr std::string_view hostile_parts =
    "a 가 # #가 @a ＃ : . .. a. 가. a.co. com. xn--. -a.co/http:// "
    "http:// http://a. http://가. http://xn-- a.kr/( a.kr/(( a.kr/(a a.kr? a.kr/! http://a.kr/! "
    "https://vermö.";

}  // namespace

TEST_CASE("hostile texts take work in proportion to their size") {
    constexpr std::size_t size = 1'000'000;
    for (const auto split : std::views::split(hostile_parts, ' ')) {
        const std::string_view part(split);
        CAPTURE(part);
        const std::string text = repeated(part, size / part.size());
        CHECK(weight(text) > 0);
        CHECK(entities(text).size() <= size / 4);
    }
}

TEST_CASE("a hostile label takes work in proportion to its size") {
    CHECK(found("http://a." + repeated("가", 300'000)) == "");
    std::string label;
    for (char32_t c = 0x10000; c <= 0x10FFFF; ++c)  // No two of them the same.
        for (const char32_t byte :
             {0xF0 | c >> 18U, 0x80 | (c >> 12U & 0x3F), 0x80 | (c >> 6U & 0x3F), 0x80 | (c & 0x3F)})
            label += static_cast<char>(byte);
    CHECK(found("http://" + label + ".kr") == "");
}

}  // namespace jebi::tweets
