#include "modules/accounts/oauth/scopes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace jebi::accounts {

namespace {

// The finest words, each a bit.
constexpr std::array<std::string_view, 26> finest{
    "read:accounts",    "read:blocks",         "read:bookmarks", "read:favourites",    "read:filters",
    "read:follows",     "read:lists",          "read:mutes",     "read:notifications", "read:search",
    "read:statuses",    "write:accounts",      "write:blocks",   "write:bookmarks",    "write:conversations",
    "write:favourites", "write:filters",       "write:follows",  "write:lists",        "write:media",
    "write:mutes",      "write:notifications", "write:reports",  "write:statuses",     "push",
    "profile"};

using Bits = std::uint32_t;
static_assert(finest.size() <= 32);

Bits bit(std::size_t index) {
    return Bits{1} << index;
}

Bits bit_of(std::string_view word) {
    const auto found = std::ranges::find(finest, word);
    return found == finest.end() ? 0 : bit(static_cast<std::size_t>(found - finest.begin()));
}

Bits bits_that_begin(std::string_view start) {
    Bits bits = 0;
    for (std::size_t i = 0; i < finest.size(); ++i) {
        if (finest[i].starts_with(start)) bits |= bit(i);
    }
    return bits;
}

Bits bits_about(std::string_view relationship) {
    return bit_of("read:" + std::string(relationship)) | bit_of("write:" + std::string(relationship));
}

// 0: the word is not known.
Bits bits_of_word(std::string_view word) {
    if (word == "read") return bits_that_begin("read:") | bit_of("profile");
    if (word == "write") return bits_that_begin("write:");
    if (word == "follow") return bits_about("blocks") | bits_about("follows") | bits_about("mutes");
    return bit_of(word);
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
        if (text.empty()) return words;
        words.push_back(text.substr(0, text.find(' ')));
        text.remove_prefix(words.back().size());
    }
}

Bits bits_of(std::string_view scopes) {
    Bits bits = 0;
    for (const std::string_view word : words_of(scopes))
        bits |= bits_of_word(word);
    return bits;
}

std::unexpected<Error> refused(std::string message) {
    return fail(error(Code::invalid, std::move(message)).because("scope_invalid").at("scopes"));
}

}  // namespace

Result<std::string> accepted_scopes(std::string_view given) {
    if (given.size() > scopes_bytes_max) return refused("These are too many scopes.");
    std::string kept;
    std::vector<std::string_view> seen;
    for (const std::string_view word : words_of(given)) {
        if (bits_of_word(word) == 0) return refused("A scope is not known.");
        if (std::ranges::find(seen, word) != seen.end()) continue;
        seen.push_back(word);
        kept += (kept.empty() ? "" : " ") + std::string(word);
    }
    if (kept.empty()) return refused("There are no scopes.");
    return kept;
}

bool are_within(std::string_view scopes, std::string_view bounds) {
    return (bits_of(scopes) & ~bits_of(bounds)) == 0;
}

}  // namespace jebi::accounts
