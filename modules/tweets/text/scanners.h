// The scanners behind text.h, one a file. Each looks at one place of a text and answers where the thing
// that it knows ends; positions are in bytes. For the *.cpp beside this file.
#pragma once

#include <cstddef>
#include <string_view>

namespace jebi::tweets {

// The end of the hashtag or mention whose sign is at `at`; 0 when there is none.
std::size_t hashtag_end(std::string_view text, std::size_t at);
std::size_t mention_end(std::string_view text, std::size_t at);

// Where to look for the next link is part of the answer: it keeps the work for a text in proportion to its
// size.
struct LinkScan {
    std::size_t begin = 0;
    std::size_t end = 0;        // 0 when there is no link
    std::size_t next = 0;       // no other link begins before
    std::size_t next_bare = 0;  // no link without a scheme begins before
};

// The link whose scheme ends at the colon at `colon`; it does not begin before `from`.
LinkScan scheme_link(std::string_view text, std::size_t colon, std::size_t from);
// The link without a scheme whose first dot is at `dot`; it does not begin before `from`.
LinkScan bare_link(std::string_view text, std::size_t dot, std::size_t from);

enum class Alphabet { any, latin };

// The end of the host name that begins at `at` (after its top-level domain); 0 when there is none.
std::size_t host_end(std::string_view text, std::size_t at, Alphabet alphabet);
// May `c` stand in a label of a host name? ('.' stands between labels.)
bool is_label_character(char32_t c, Alphabet alphabet);

}  // namespace jebi::tweets
