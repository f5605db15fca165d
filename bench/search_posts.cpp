#include "bench/search_posts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_set>

namespace jebi::bench {

namespace {

constexpr std::size_t words_a_language = 40'000;
constexpr std::uint64_t vocabulary_seed = 20'261'126;  // the same words for every seed of posts

constexpr std::array<std::string_view, 12> particles{"은", "는", "이",   "가",   "을", "를",
                                                     "에", "도", "에서", "으로", "의", "하고"};
constexpr std::array<std::string_view, 20> onsets{"s",  "t", "r", "l",  "m", "n",  "p",  "b",  "d",  "st",
                                                  "tr", "w", "h", "sh", "c", "ch", "th", "gr", "pl", ""};
constexpr std::array<std::string_view, 10> vowels{"a", "e", "i", "o", "u", "ea", "ou", "ai", "y", "oo"};
constexpr std::array<std::string_view, 14> codas{"",  "",   "",   "n",  "r", "s", "t",
                                                 "l", "ng", "nd", "ck", "m", "d", "ll"};

std::size_t below(std::mt19937_64& random, std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
}

// Rank r with a probability in proportion to 1 / r.
std::size_t zipf(std::mt19937_64& random, std::size_t count) {
    const double at = std::uniform_real_distribution{0.0, 1.0}(random);
    const auto rank = static_cast<std::size_t>(std::pow(static_cast<double>(count), at)) - 1;
    return std::min(rank, count - 1);
}

// Some syllables are in far more words than others; about 1,900 are used at all.
std::string syllable(std::mt19937_64& random) {
    const auto code = 0xAC00 + static_cast<std::uint32_t>((zipf(random, 1'900) * 5'923) % 11'172);
    return {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
}

std::string english_syllable(std::mt19937_64& random) {
    return std::string(onsets[below(random, onsets.size())]) +
           std::string(vowels[below(random, vowels.size())]) +
           std::string(codas[below(random, codas.size())]);
}

template <typename Syllable>
std::vector<std::string> vocabulary(std::mt19937_64& random, Syllable one) {
    std::unordered_set<std::string> seen;
    std::vector<std::string> words;
    while (words.size() < words_a_language) {
        std::string word;
        for (std::size_t left = 1 + below(random, 3) + below(random, 2); left > 0; --left)
            word += one(random);
        if (seen.insert(word).second) words.push_back(std::move(word));
    }
    return words;
}

}  // namespace

Posts::Posts(std::uint64_t seed) : random_(seed) {
    std::mt19937_64 words{vocabulary_seed};
    korean_words_ = vocabulary(words, syllable);
    english_words_ = vocabulary(words, english_syllable);
}

const std::string& Posts::word(const std::vector<std::string>& words) {
    return words[zipf(random_, words.size())];
}

std::string Posts::korean() {
    const std::string_view blank = below(random_, 5) == 0 ? "" : " ";
    std::string text;
    for (std::size_t left = 4 + below(random_, 10); left > 0; --left) {
        text += text.empty() ? "" : blank;
        text += word(korean_words_);
        if (below(random_, 2) == 0) text += particles[below(random_, particles.size())];
    }
    return text;
}

std::string Posts::english() {
    std::string text;
    for (std::size_t left = 6 + below(random_, 16); left > 0; --left)
        text += (text.empty() ? "" : " ") + word(english_words_);
    return text;
}

std::string Posts::next() {
    const bool is_korean = below(random_, 10) < 7;
    std::string text = is_korean ? korean() : english();
    if (below(random_, 5) == 0) text += " #" + word(is_korean ? korean_words_ : english_words_);
    return text;
}

std::string Posts::query() {
    const auto& words = below(random_, 10) < 7 ? korean_words_ : english_words_;
    // Half of them as often as they are written, half evenly over the vocabulary: mostly rare ones.
    const auto one = [&] {
        return below(random_, 2) == 0 ? word(words) : words[below(random_, words.size())];
    };
    std::string query = one();
    if (below(random_, 3) == 0) query += " " + one();
    return query;
}

}  // namespace jebi::bench
