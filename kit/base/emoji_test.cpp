#include <doctest/doctest.h>

#include "kit/base/unicode.h"

namespace jebi {

namespace {

// Is the whole text one emoji?
bool is_emoji(std::u32string_view text) {
    return emoji_length(text, 0) == text.size();
}

}  // namespace

TEST_CASE("single pictures are emoji") {
    for (const auto* text : {U"😀", U"🔥", U"💩", U"⌚", U"🤪", U"🧕", U"🫠", U"🏴"})
        CHECK(is_emoji(text));
}

TEST_CASE("letters, digits and signs are none") {
    for (const auto* text : {U"a", U"1", U"#", U"*", U"제", U"\u200d", U"\ufe0f", U"!", U"→", U"♪"}) {
        CHECK(emoji_length(text, 0) == 0);
    }
    CHECK(emoji_length(U"", 0) == 0);
    CHECK(emoji_length(U"😀", 1) == 0);
    CHECK(emoji_length(U"😀", 99) == 0);
}

TEST_CASE("© ® ™ are text until U+FE0F asks for the picture") {
    for (const char32_t sign : U"©®™♟") {
        if (sign == 0) continue;
        const std::u32string plain = {sign};
        CHECK(emoji_length(plain, 0) == 0);
        CHECK(emoji_length(plain + U"\ufe0e", 0) == 0);
        CHECK(emoji_length(plain + U"\ufe0f", 0) == 2);
    }
}

TEST_CASE("other characters that are text by default are pictures, unless U+FE0E asks for text") {
    CHECK(emoji_length(U"❤", 0) == 1);
    CHECK(emoji_length(U"❤\ufe0f", 0) == 2);
    CHECK(emoji_length(U"❤\ufe0e", 0) == 0);
    CHECK(emoji_length(U"‼", 0) == 1);
    CHECK(emoji_length(U"☺a", 0) == 1);
    CHECK(emoji_length(U"⌚\ufe0e", 0) == 0);
}

TEST_CASE("skin tones belong to the person before them") {
    CHECK(is_emoji(U"👍🏽"));
    CHECK(is_emoji(U"🧕🏾"));
    CHECK(is_emoji(U"☝🏿"));
    CHECK(is_emoji(U"☝\ufe0f🏿"));
    CHECK(emoji_length(U"😀🏽", 0) == 1);  // a face has no skin tone
    CHECK(is_emoji(U"🏽"));
}

TEST_CASE("people joined into one picture are one emoji") {
    for (const auto* text :
         {U"👨‍👩‍👧‍👦", U"👨‍🎤", U"👩🏽‍🚀", U"🏳️‍🌈",
          U"👁️‍🗨️", U"👩‍❤️‍💋‍👨", U"👩🏽‍❤️‍💋‍👨🏿",
          U"🧑🏻‍🤝‍🧑🏿", U"🏴‍☠️", U"🤷🏽‍♀️", U"🐈‍⬛"}) {
        CHECK(is_emoji(text));
    }
}

TEST_CASE("joined pictures are found without U+FE0F too") {
    CHECK(is_emoji(U"🏳\u200d🌈"));
    CHECK(is_emoji(U"👩\u200d❤\u200d💋\u200d👨"));
    CHECK(is_emoji(U"🤷\u200d♀"));
    CHECK(is_emoji(U"👁\u200d🗨"));
}

TEST_CASE("what nobody draws as one picture is several") {
    CHECK(emoji_length(U"👩\u200d🐔", 0) == 1);
    CHECK(emoji_length(U"😀\u200d", 0) == 1);
    CHECK(emoji_length(U"😀\u200da", 0) == 1);
    CHECK(emoji_length(U"👨\u200d👩\u200d👧\u200d👦\u200d👦", 0) == 7);
    CHECK(emoji_length(U"😀😀", 0) == 1);
}

TEST_CASE("two regional indicators are a flag when there is such a region") {
    CHECK(is_emoji(U"🇰🇷"));
    CHECK(is_emoji(U"🇪🇺"));
    CHECK(emoji_length(U"🇰🇷🇩🇪", 2) == 2);
    CHECK(emoji_length(U"🇦🇧", 0) == 0);
    CHECK(emoji_length(U"🇰a", 0) == 0);
}

TEST_CASE("flags of parts of a country carry tags") {
    const std::u32string england = U"\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F";
    CHECK(is_emoji(england));
    CHECK(emoji_length(england.substr(0, 6), 0) == 1);  // without the end of the tags: a black flag
    CHECK(emoji_length(U"\U0001F3F4" + std::u32string(1'000, U'\U000E0067'), 0) == 1);
}

TEST_CASE("a digit, # or * in a keycap is an emoji") {
    CHECK(is_emoji(U"1\ufe0f\u20e3"));
    CHECK(is_emoji(U"1\u20e3"));
    CHECK(is_emoji(U"#\ufe0f\u20e3"));
    CHECK(is_emoji(U"*\u20e3"));
    CHECK(emoji_length(U"1\ufe0f", 0) == 0);
    CHECK(emoji_length(U"a\u20e3", 0) == 0);
    CHECK(emoji_length(U"12\u20e3", 0) == 0);
}

TEST_CASE("an emoji is found in the middle of a text") {
    const std::u32string_view text = U"제비 👨‍👩‍👧 1";
    CHECK(emoji_length(text, 3) == 5);
    CHECK(emoji_length(text, 4) == 0);
    CHECK(emoji_length(text, 5) == 3);  // from within: the rest of the family
}

TEST_CASE("reading a chain without end from each of its places takes a bounded time each") {
    std::u32string chain;
    for (int i = 0; i < 100'000; ++i)
        chain += U"👨\u200d";
    for (std::size_t at = 0; at < chain.size(); at += 2)
        REQUIRE(emoji_length(chain, at) == 1);
}

}  // namespace jebi
