#include "modules/accounts/common_passwords.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <ranges>
#include <unordered_set>

#include "kit/base/unicode.h"

namespace jebi::accounts {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

// Walks: each character stands beside the one before it, on a keyboard, on a number pad, or in the alphabet.

struct Key {
    int row = -1;
    int column = -1;
    bool beside(Key other) const {
        return row >= 0 && other.row >= 0 && std::abs(row - other.row) <= 1 &&
               std::abs(column - other.column) <= 1;
    }
};

constexpr std::array<std::string_view, 4> keyboard = {"1234567890-=", "qwertyuiop[]", "asdfghjkl;'",
                                                      "zxcvbnm,./"};
// What the top row gives with shift.
constexpr std::string_view shifted_digits = "!@#$%^&*()_+";
constexpr std::array<std::string_view, 4> number_pad = {"789", "456", "123", "0"};

Key place_in(std::span<const std::string_view> rows, char c) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto column = rows[row].find(c);
        if (column != std::string_view::npos) return {static_cast<int>(row), static_cast<int>(column)};
    }
    return {};
}

Key on_keyboard(char c) {
    const auto shifted = shifted_digits.find(c);
    return place_in(keyboard, shifted == std::string_view::npos ? c : keyboard[0][shifted]);
}

bool are_neighbours(char a, char b) {
    if (a == b || (a == '9' && b == '0') || (a == '0' && b == '9')) return true;
    const bool alike = (is_digit(a) && is_digit(b)) || (is_letter(a) && is_letter(b));
    return (alike && std::abs(a - b) == 1) || on_keyboard(a).beside(on_keyboard(b)) ||
           place_in(number_pad, a).beside(place_in(number_pad, b));
}

// In how many walks can one type it? "qwer1234" takes two.
std::size_t walks_in(std::string_view text) {
    std::size_t walks = text.empty() ? 0 : 1;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (!are_neighbours(text[i - 1], text[i])) ++walks;
    }
    return walks;
}

// Three keys a walk on average: chance and language hardly ever make such texts.
bool is_walk(std::string_view text) {
    return text.size() >= 3 * walks_in(text);
}

// Two walks, a character of each in turn: "a1b2c3d4".
bool is_walk_of_two(std::string_view text) {
    std::string first;
    std::string second;
    for (std::size_t i = 0; i < text.size(); ++i)
        (i % 2 == 0 ? first : second) += text[i];
    return is_walk(first) && is_walk(second);
}

// The shortest text that gives `text` when repeated: "abcabcabc" gives "abc", "secret" itself.
std::string_view repeated_part(std::string_view text) {
    for (std::size_t size = 1; size <= text.size() / 2; ++size) {
        if (text.substr(size) == text.substr(0, text.size() - size)) return text.substr(0, size);
    }
    return text;
}

bool is_repetition(std::string_view text) {
    constexpr std::size_t short_part = 4;
    return repeated_part(text).size() <= short_part && text.size() >= 2 * repeated_part(text).size();
}

// Dates: what people remember.

int number_in(std::string_view digits) {
    int number = 0;
    for (const char c : digits)
        number = number * 10 + (c - '0');
    return number;
}
bool is_year(std::string_view digits) {
    return digits.size() == 4 && number_in(digits) >= 1900 && number_in(digits) < 2050;
}
bool is_day_and_month(int day, int month) {
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

// Eight digits as yyyymmdd, ddmmyyyy or mmddyyyy, with or without signs between them.
bool is_date(std::string_view text) {
    std::string digits(text);
    std::erase_if(digits, [](char c) { return c == '-' || c == '.' || c == '/'; });
    if (digits.size() != 8 || !std::ranges::all_of(digits, is_digit)) return false;
    const std::string_view eight = digits;
    const auto two = [&](std::size_t at) { return number_in(eight.substr(at, 2)); };
    return (is_year(eight.substr(0, 4)) && is_day_and_month(two(6), two(4))) ||
           (is_year(eight.substr(4)) &&
            (is_day_and_month(two(0), two(2)) || is_day_and_month(two(2), two(0))));
}

// Words, with what people put around them and in them.

using Words = std::unordered_set<std::string>;

Words made_words() {
    Words words;
    for (const auto word : common_words())
        words.emplace(word);
    for (const auto word : common_korean_words()) {
        words.emplace(word);
        words.emplace(typed_as_latin(word));
    }
    return words;
}

bool is_word(const std::string& text) {
    static const Words words = made_words();
    return words.contains(text) || words.contains(std::string(text.rbegin(), text.rend()));
}

// Digits and signs that replace letters: "p4$$w0rd". The 1 may stand for i or for l.
std::string with_letters_for_digits(std::string_view text, char one) {
    constexpr std::string_view digits = "034578@$!9";
    constexpr std::string_view letters = "oeastbasig";
    std::string plain(text);
    for (char& c : plain) {
        const auto at = digits.find(c);
        if (c == '1') {
            c = one;
        } else if (at != std::string_view::npos) {
            c = letters[at];
        }
    }
    return plain;
}

bool is_disguised_word(std::string_view text) {
    for (const std::string_view part : {text, repeated_part(text)}) {
        if (is_word(std::string(part)) || is_word(with_letters_for_digits(part, 'i')) ||
            is_word(with_letters_for_digits(part, 'l'))) {
            return true;
        }
    }
    return false;
}

constexpr std::size_t decoration_bytes_max = 10;

// Numbers that mean something to many.
bool is_known_number(std::string_view digits) {
    constexpr std::string_view known[] = {"007",  "101",  "182",  "187",  "311",  "313",  "360",
                                          "365",  "404",  "411",  "420",  "619",  "747",  "786",
                                          "808",  "818",  "911",  "1004", "1337", "1701", "2112",
                                          "5150", "8282", "1357", "2468", "1379", "1010", "0909"};
    return std::ranges::find(known, digits) != std::end(known);
}

// What is usual before or after a word: signs, up to two digits, a year, digits in a walk or repeated.
bool is_usual_decoration(std::string_view text) {
    constexpr std::size_t signs_max = 3;
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
    if (text.size() - digits.size() > signs_max) return false;
    return digits.size() <= 2 || is_year(digits) || is_known_number(digits) || is_walk(digits) ||
           is_repetition(digits);
}

// How many characters at the beginning could be decoration.
template <typename Text>
std::size_t decoration_size(const Text& text) {
    const auto is_letter_of_any_script = [](char c) {
        return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
    };
    const auto end = std::ranges::find_if(text, is_letter_of_any_script);
    return std::min(static_cast<std::size_t>(std::ranges::distance(text.begin(), end)), decoration_bytes_max);
}

// Is it a word between decorations, wherever one sees the word begin and end? Digits may belong to either,
// as in "passw0rd1", so each way to cut is tried; there are few.
bool is_decorated_word(std::string_view text) {
    const std::size_t front_max = decoration_size(text);
    const std::size_t back_max = decoration_size(text | std::views::reverse);
    if (front_max + back_max > text.size()) return false;
    for (std::size_t front = 0; front <= front_max; ++front) {
        if (!is_usual_decoration(text.substr(0, front))) continue;
        for (std::size_t back = 0; back <= back_max; ++back) {
            const auto inner = text.substr(front, text.size() - front - back);
            if (is_usual_decoration(text.substr(text.size() - back)) && is_disguised_word(inner)) return true;
        }
    }
    return false;
}

// Hangul on the two-set keyboard.

constexpr std::array<std::string_view, 19> initial_keys = {"r", "r", "s", "e", "e", "f", "a", "q", "q", "t",
                                                           "t", "d", "w", "w", "c", "z", "x", "v", "g"};
constexpr std::array<std::string_view, 21> vowel_keys = {"k",  "o",  "i",  "o",  "j",  "p",  "u",
                                                         "p",  "h",  "hk", "ho", "hl", "y",  "n",
                                                         "nj", "np", "nl", "b",  "m",  "ml", "l"};
constexpr std::array<std::string_view, 28> final_keys = {
    "",   "r",  "r", "rt", "s",  "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx",
    "fv", "fg", "a", "q",  "qt", "t",  "t",  "d", "w", "c",  "z",  "x",  "v",  "g"};
constexpr char32_t first_syllable = 0xAC00;
constexpr char32_t last_syllable = 0xD7A3;

std::string keys_of_syllable(char32_t syllable) {
    const auto index = static_cast<std::size_t>(syllable - first_syllable);
    constexpr auto finals = final_keys.size();
    constexpr auto vowels = vowel_keys.size();
    std::string keys(initial_keys[index / finals / vowels]);
    keys += vowel_keys[index / finals % vowels];
    keys += final_keys[index % finals];
    return keys;
}

}  // namespace

std::string typed_as_latin(std::string_view text) {
    const CodePoints all = code_points(text);
    std::string keys;
    for (std::size_t i = 0; i < all.points.size(); ++i) {
        const char32_t c = all.points[i];
        if (c >= first_syllable && c <= last_syllable) {
            keys += keys_of_syllable(c);
        } else {
            keys += text.substr(all.begins[i], all.begins[i + 1] - all.begins[i]);
        }
    }
    return keys;
}

bool is_common_password(std::string_view password) {
    const std::string text = lower(password);
    return is_walk(text) || is_walk_of_two(text) || is_repetition(text) || is_date(text) ||
           is_decorated_word(text);
}

}  // namespace jebi::accounts
