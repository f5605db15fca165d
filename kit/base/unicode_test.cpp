#include "kit/base/unicode.h"

#include <doctest/doctest.h>

#include <latch>
#include <thread>
#include <vector>

namespace jebi {

TEST_CASE("well-formed UTF-8 is recognised, up to the last code point") {
    for (const std::string_view text :
         {"", "abc", "é", "제비", "😀", "\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff", "\U00010000\U0010ffff",
          "\uFEFF"}) {
        CHECK(is_utf8(text));
    }
    CHECK(is_utf8(std::string_view("a\0b", 3)));
}

TEST_CASE("what is no UTF-8 is recognised as well") {
    for (const std::string_view bytes : {
             "\x80", "\xbf", "abc\xff", "\xfe",  // bytes that begin nothing
             "\xc3", "\xe2\x82", "\xf0\x9f\x98",
             "\xe2\x61",                                                      // cut off
             "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",      // longer than needed
             "\xed\xa0\x80", "\xed\xbf\xbf",                                  // surrogates
             "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",  // beyond U+10FFFF
         }) {
        CHECK_FALSE(is_utf8(bytes));
    }
}

TEST_CASE("repairing puts U+FFFD where there was no UTF-8, and keeps the rest") {
    CHECK(repaired_utf8("") == "");
    CHECK(repaired_utf8("제비 😀") == "제비 😀");
    CHECK(repaired_utf8("a\xff"
                        "b") == "a\uFFFDb");
    CHECK(repaired_utf8("\xf0\x9f\x98z") == "\uFFFDz");
    CHECK(repaired_utf8("\xc0\xaf") == "\uFFFD\uFFFD");
    CHECK(is_utf8(repaired_utf8("\xed\xa0\x80")));
}

TEST_CASE("NFC puts decomposed Hangul and Latin together") {
    CHECK(nfc("\u1112\u1161\u11ab\u1100\u1173\u11af") == "한글");
    CHECK(nfc("e\u0301") == "é");
    CHECK(nfc("\u212b") == "Å");
    CHECK(nfc("a\u0323\u0307") == nfc("a\u0307\u0323"));
}

TEST_CASE("NFC leaves alone what is in it already") {
    for (const char* text : {"", "abc", "한글 제비", "é", "😀", "ＡＢＣ", "ﬁ"})
        CHECK(nfc(text) == text);
}

TEST_CASE("folding makes names that look alike the same") {
    CHECK(folded("ＡＢＣ") == "abc");
    CHECK(folded("Straße") == "strasse");
    CHECK(folded("ΣΊΣΥΦΟΣ") == folded("σίσυφος"));
    CHECK(folded("ﬁ①㎏") == "fi1kg");
    CHECK(folded("\u1112\u1161\u11ab") == "한");
    CHECK(folded("ｶﾞ") == "ガ");
}

TEST_CASE("folding drops what cannot be seen") {
    CHECK(folded("a\u200db\u00ad") == "ab");
    CHECK(folded("\u3164") == "");
}

TEST_CASE("lower case does not depend on where the program runs") {
    CHECK(lower("SeHyun_1") == "sehyun_1");
    CHECK(lower("ÄÖÜ ΑΣ") == "äöü ας");
    CHECK(lower("I") == "i");
    CHECK(lower("제비") == "제비");
}

TEST_CASE("white space of every script is trimmed, from the ends only") {
    CHECK(trimmed("") == "");
    CHECK(trimmed(" \t\r\n") == "");
    CHECK(trimmed("\u3000 a\u3000b \u3000") == "a\u3000b");
    CHECK(trimmed("\u00a0\u2003\u2028제비\u2029\u0085") == "제비");
    CHECK(trimmed("😀 ") == "😀");
    CHECK(trimmed("\u200ba") == "\u200ba");
}

TEST_CASE("a text that shows nothing is blank, of whatever it is made") {
    for (const char* blank : {"", " \t\r\n", "\u3000\u00a0\u1680", "\ufeff", "\u200b\u200d\n\u200b",
                              "\u2060\u200e", "\u3164 \u115f", "\u2800", "\ufe0f", "\u00ad", "\x7f"}) {
        CAPTURE(std::string(blank));
        CHECK(is_blank(blank));
    }
    for (const char* seen : {".", "\u200b.", "제비", "\u200d😀", "\u0301", "\u2801", "\u0600", "\ufffd"}) {
        CAPTURE(std::string(seen));
        CHECK_FALSE(is_blank(seen));
    }
}

TEST_CASE("the first grapheme is a whole one") {
    CHECK(first_grapheme("") == "");
    CHECK(first_grapheme("a") == "a");
    CHECK(first_grapheme("abc") == "a");
    CHECK(first_grapheme("김민지") == "김");
    CHECK(first_grapheme("e\u0301x") == "e\u0301");
    CHECK(first_grapheme("👨‍👩‍👧‍👦 Kim") == "👨‍👩‍👧‍👦");
    CHECK(first_grapheme("\u1112\u1161\u11abx") == "\u1112\u1161\u11ab");
    CHECK(first_grapheme("가\u11a8나") == "가\u11a8");
    CHECK(first_grapheme("가\u0301") == "가\u0301");
    CHECK(first_grapheme("a\u200d") == "a\u200d");
    CHECK(first_grapheme("제 a") == "제");
    CHECK(first_grapheme("\r\nb") == "\r\n");
}

TEST_CASE("graphemes are what people count") {
    CHECK(grapheme_count("") == 0);
    CHECK(grapheme_count("abc") == 3);
    CHECK(grapheme_count("한글") == 2);
    CHECK(grapheme_count("\u1112\u1161\u11ab\u1100\u1173\u11af") == 2);
    CHECK(grapheme_count("e\u0301x") == 2);
    CHECK(grapheme_count("👨‍👩‍👧‍👦") == 1);
    CHECK(grapheme_count("🇰🇷🇩🇪") == 2);
    CHECK(grapheme_count("👍🏽👍") == 2);
    CHECK(grapheme_count("\r\n") == 1);
    CHECK(grapheme_count("a\r\nb") == 3);
}

TEST_CASE("counting graphemes stops behind the bound") {
    CHECK(grapheme_count(std::string(1'000, 'a'), 30) == 31);
    CHECK(grapheme_count("제비제비", 2) == 3);
    CHECK(grapheme_count("제비제비", 4) == 4);
    CHECK(grapheme_count("제비", 0) == 1);
    CHECK(grapheme_count("", 0) == 0);
}

TEST_CASE("several threads may count at a time") {
    constexpr std::size_t threads = 4;
    constexpr std::size_t rounds = 5'000;
    std::vector<std::size_t> counts(threads);
    std::latch together(threads);
    {
        std::vector<std::jthread> running;
        running.reserve(threads);
        for (std::size_t& count : counts) {
            running.emplace_back([&] {
                together.arrive_and_wait();
                for (std::size_t i = 0; i < rounds; ++i)
                    count += grapheme_count("제비가 👨‍👩‍👧‍👦");
            });
        }
    }
    CHECK(counts == std::vector<std::size_t>(threads, 5 * rounds));
}

TEST_CASE("control characters and characters that turn the direction are found") {
    for (const std::string_view text :
         {"a\tb", "\r", "\x7f", "\u0085", "\u202e", "a\u202a", "\u2066", "x\u2069"}) {
        CHECK(has_controls(text));
    }
    CHECK(has_controls(std::string_view("a\0", 2)));
}

TEST_CASE("line feeds, letters of right-to-left scripts and joiners are no controls") {
    for (const char* text :
         {"", "a\nb", "제비", "שלום", "👨‍👩‍👧", "\u2029", "\u202f", "\u2065", "\u206a"}) {
        CHECK_FALSE(has_controls(text));
    }
}

TEST_CASE("code points know where they begin") {
    const CodePoints text = code_points("aé제😀");
    CHECK(text.points == U"aé제😀");
    CHECK(text.begins == std::vector<std::uint32_t>{0, 1, 3, 6, 10});
    CHECK(code_points("").begins == std::vector<std::uint32_t>{0});
}

TEST_CASE("letters, marks and digits of every script are told apart") {
    for (const char32_t c : U"aZé제漢あ\u0301\u0903ʼ")
        CHECK((c == 0 || is_letter_or_mark(c)));
    for (const char32_t c : U"1_- .😀#\u200d")
        CHECK_FALSE(is_letter_or_mark(c));
    for (const char32_t c : U"09٣５")
        CHECK((c == 0 || is_decimal_digit(c)));
    for (const char32_t c : U"a½①Ⅷ一")
        CHECK_FALSE(is_decimal_digit(c));
}

TEST_CASE("a terminal gives Hangul and emoji two columns, and marks none") {
    CHECK(terminal_columns("") == 0);
    CHECK(terminal_columns("jebi") == 4);
    CHECK(terminal_columns("제비") == 4);
    CHECK(terminal_columns("e\u0301") == 1);
    CHECK(terminal_columns("\u1112\u1161\u11ab") == 2);  // 한 of three letters
    CHECK(terminal_columns("👩‍👩‍👧") == 2);
    CHECK(terminal_columns("…") == 1);
}

TEST_CASE("text is fitted into columns without cutting a character in two") {
    CHECK(fitted_to_columns("jebi", 4) == "jebi");
    CHECK(fitted_to_columns("swallow", 4) == "swa…");
    CHECK(fitted_to_columns("제비가 난다", 5) == "제비…");
    CHECK(fitted_to_columns("제비가 난다", 4) == "제…");
    CHECK(fitted_to_columns("swallow", 0).empty());
    CHECK(fitted_to_columns("swallow", 1) == "…");
}

TEST_CASE("what is fitted says nothing to the terminal") {
    CHECK(fitted_to_columns("a\x1b[31mb\nc\u202Ed", 20) == "a [31mb c d");
}

}  // namespace jebi
