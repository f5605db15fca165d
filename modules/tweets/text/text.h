// What is in a tweet's text, by twitter-text's rules (https://github.com/twitter/twitter-text,
// configuration v3): its weighted length, and its hashtags, mentions and links.
//
// Pure functions over valid UTF-8 in NFC (jebi::nfc), in time in proportion to the text. The rules stand in
// the *.cpp beside this, each at the head of its scanner. The conformance suite in
// ../shared/data/twitter-text drives conformance_test.cpp.
//
// Where the rules differ from twitter-text's on purpose: a mention has up to 30 characters, as user names
// here do, and none is cut out of a longer word; "@name/list" mentions @name, for there are no lists;
// cashtags are plain text; and a link inside a hashtag or mention is not counted as a link.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::tweets {

inline constexpr std::uint32_t weight_max = 280;
inline constexpr std::uint32_t link_weight = 23;

// Letters, spaces and punctuation of most scripts weigh 1 each; Hangul, Han, kana and all else 2; an emoji 2,
// of however many code points it is made; a link 23, whatever its length.
std::uint32_t weight(std::string_view text);

struct TextEntity {
    enum class Kind : std::uint8_t { hashtag, mention, link } kind;
    std::uint32_t begin = 0;  // in bytes
    std::uint32_t end = 0;
    std::string value;  // without '#' or '@'; a link with its scheme ("https://" is added to a bare domain)
};

// In the order of the text, not overlapping.
std::vector<TextEntity> entities(std::string_view text);

}  // namespace jebi::tweets
