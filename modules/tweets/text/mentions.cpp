// twitter-text's rule for mentions. A name of ASCII letters, digits and '_' behind an '@'. No such
// character stands right before the '@' (that would be an e-mail address), and none of !#$%&*@; but "RT"
// as a word of its own may. A Hangul syllable may as well: "안녕@sehyun" mentions sehyun. Behind the name
// is no other '@', no Latin letter with an accent and no "://".
//
// Where twitter-text ends a name after 20 characters, names here have 30; what is longer is nobody's name.
#include "modules/tweets/text/characters.h"
#include "modules/tweets/text/scanners.h"

namespace jebi::tweets {

namespace {

constexpr std::size_t name_size_max = 30;

constexpr AsciiSet name_characters = AsciiSet::alphanumeric_and("_");
constexpr AsciiSet not_before_sign = AsciiSet::alphanumeric_and("_!#$%&*@");
constexpr AsciiSet not_before_retweet = AsciiSet::alphanumeric_and("_+~.-");

// Is there an "RT" before `at`, in any case, that is not the end of a longer word?
bool follows_retweet(std::string_view text, std::size_t at) {
    if (at < 2 || ascii_lower(text[at - 2]) != 'r' || ascii_lower(text[at - 1]) != 't') return false;
    return !not_before_retweet.has(character_before(text, at - 2).point);
}

bool may_begin(std::string_view text, std::size_t at) {
    const char32_t before = character_before(text, at).point;
    return (!not_before_sign.has(before) && !is_at_sign(before)) || follows_retweet(text, at);
}

bool may_follow(std::string_view text, std::size_t end) {
    const char32_t next = character_at(text, end).point;
    return !is_at_sign(next) && !is_latin_accent(next) && !text.substr(end).starts_with("://");
}

}  // namespace

std::size_t mention_end(std::string_view text, std::size_t at) {
    if (!may_begin(text, at)) return 0;
    const std::size_t begin = at + character_at(text, at).size;
    std::size_t end = begin;
    while (name_characters.has(character_at(text, end).point))
        ++end;
    const std::size_t size = end - begin;
    return size > 0 && size <= name_size_max && may_follow(text, end) ? end : 0;
}

}  // namespace jebi::tweets
