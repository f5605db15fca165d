// Text as search compares it, and what somebody looks for in it.
//
// An n-gram is a run of n letters. A word is found anywhere inside another when all of its bigrams are there
// (and then the text itself is looked at, since they might stand apart); so Korean needs neither spaces nor a
// dictionary (Y. Ogawa, T. Matsuda: "Overlapping statistical word indexing", SIGIR 1997, compares the two). A
// word of one letter is found by that letter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/ids.h"
#include "kit/base/result.h"

namespace jebi::search {

// NFKC and case folding; white space is one blank, and there is none at the ends. Wants UTF-8.
std::string normal(std::string_view text);

// One letter, two letters that follow each other inside a word, or an author.
using Gram = std::int64_t;
Gram gram_of(UserId author);
// All letters and pairs of a normal text: sorted, once each.
std::vector<Gram> grams_in(std::string_view text);

struct Query {
    static constexpr std::size_t characters_max = 200;
    static constexpr std::size_t words_max = 10;

    // Normal, none empty: each has to be there as it stands. No words: nothing is looked for.
    std::vector<std::string> words;

    // `invalid` with field "q": query_too_long, or query_invalid when it is no UTF-8.
    static Result<Query> from(std::string_view text);
    bool fits(std::string_view normal_text) const;
    // What a text that fits must have: the pairs of the words, the letter of words that are one. Once each.
    std::vector<Gram> grams() const;
};

}  // namespace jebi::search
