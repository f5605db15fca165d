#include "modules/tweets/text/text.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "kit/base/unicode.h"
#include "modules/tweets/text/characters.h"
#include "modules/tweets/text/scanners.h"

namespace jebi::tweets {

namespace {

using Kind = TextEntity::Kind;

// Entities are found by the first byte of their sign, their scheme's colon or their host's first dot. Most
// of a text is none of these, and all that it costs is a look into this table.
constexpr std::array<bool, 256> is_clue = [] {
    std::array<bool, 256> table{};
    for (const char c : {'#', '@', '.', ':'})
        table[static_cast<unsigned char>(c)] = true;
    table[0xEF] = true;  // of '＃' and '＠'
    return table;
}();

// Reads a text from its beginning to its end. What begins first wins over what overlaps it, so a link keeps
// the '#' and '@' inside of it.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::vector<TextEntity> entities() && {
        for (skip_to_clue(); at_ < text_.size(); skip_to_clue())
            read();
        return std::move(entities_);
    }

private:
    void skip_to_clue() {
        while (at_ < text_.size() && !is_clue[static_cast<unsigned char>(text_[at_])])
            ++at_;
    }

    void read() {
        const Character clue = character_at(text_, at_);
        const std::size_t begin = at_;
        at_ += clue.size;
        if (is_hash_sign(clue.point)) add_signed(Kind::hashtag, begin, hashtag_end(text_, begin));
        if (is_at_sign(clue.point)) add_signed(Kind::mention, begin, mention_end(text_, begin));
        if (clue.point == U':') add_link("", scheme_link(text_, begin, next_link_));
        if (clue.point != U'.' || begin < next_bare_link_) return;
        add_link("https://", bare_link(text_, begin, next_bare_link_));
    }

    void add_signed(Kind kind, std::size_t begin, std::size_t end) {
        if (end == 0) return;
        const std::size_t sign_size = character_at(text_, begin).size;
        add(kind, begin, end, std::string(text_.substr(begin, end - begin).substr(sign_size)));
    }

    void add_link(std::string scheme, const LinkScan& scan) {
        next_link_ = std::max(next_link_, scan.next);
        next_bare_link_ = std::max(next_bare_link_, scan.next_bare);
        if (scan.end == 0) return;
        add(Kind::link, scan.begin, scan.end, scheme.append(text_.substr(scan.begin, scan.end - scan.begin)));
    }

    void add(Kind kind, std::size_t begin, std::size_t end, std::string value) {
        entities_.push_back({.kind = kind,
                             .begin = static_cast<std::uint32_t>(begin),
                             .end = static_cast<std::uint32_t>(end),
                             .value = std::move(value)});
        at_ = end;
        next_link_ = std::max(next_link_, end);
        next_bare_link_ = std::max(next_bare_link_, end);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t next_link_ = 0;       // no link begins before
    std::size_t next_bare_link_ = 0;  // no link without a scheme begins before; not less than next_link_
    std::vector<TextEntity> entities_;
};

// Upstream's table for version 3: letters of most alphabets, the spaces and the punctuation that go with
// them.
bool is_light(char32_t c) {
    return c <= 0x10FF || (c >= 0x2000 && c <= 0x200D) || (c >= 0x2010 && c <= 0x201F) ||
           (c >= 0x2032 && c <= 0x2037);
}

std::uint32_t weight_of(char32_t c) {
    return is_light(c) ? 1 : 2;
}

// Only emoji of several characters weigh other than their characters do. All of them have one of these bytes:
// of the joiner and keycap, of the emoji style, of what is beyond the Basic Multilingual Plane.
bool may_have_emoji(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0xE2 || byte >= 0xEF;
    });
}

std::uint32_t weight_without_emoji(std::string_view text) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character c = character_at(text, at);
        sum += weight_of(c.point);
        at += c.size;
    }
    return sum;
}

std::uint32_t weight_with_emoji(std::u32string_view text) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t emoji = emoji_length(text, at);
        sum += emoji == 0 ? weight_of(text[at]) : 2;
        at += std::max<std::size_t>(emoji, 1);
    }
    return sum;
}

std::uint32_t weight_without_links(std::string_view text) {
    return may_have_emoji(text) ? weight_with_emoji(code_points(text).points) : weight_without_emoji(text);
}

}  // namespace

std::uint32_t weight(std::string_view text) {
    std::uint32_t sum = 0;
    std::size_t at = 0;
    for (const TextEntity& entity : entities(text)) {
        if (entity.kind != Kind::link) continue;
        sum += weight_without_links(text.substr(at, entity.begin - at)) + link_weight;
        at = entity.end;
    }
    return sum + weight_without_links(text.substr(at));
}

std::vector<TextEntity> entities(std::string_view text) {
    assert(text.size() <= UINT32_MAX);
    return Reader(text).entities();
}

}  // namespace jebi::tweets
