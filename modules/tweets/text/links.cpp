// twitter-text's rule for links. A host name (hosts.cpp) with "http://" or "https://" before it, then
// a port, a path and a query, each of which may be missing. Punctuation belongs into the middle of a path or
// query, but not to its end: the dot of "See example.com/a." is the sentence's. Nor do parentheses, unless
// in pairs. Letters other than Latin and Cyrillic end a path.
//
// Without a scheme the host is in Latin letters, and a port or query belongs to it only where a path does.
// No Latin word or number may run into a link from before, nor "@", "#" and "$"; nor, without a scheme, "-",
// "_", "." and "/".
#include <algorithm>

#include "modules/tweets/text/characters.h"
#include "modules/tweets/text/scanners.h"

namespace jebi::tweets {

namespace {

constexpr std::size_t link_bytes_max = 4096;

constexpr AsciiSet digits("0123456789");
constexpr AsciiSet not_before_link = AsciiSet::alphanumeric_and("@#$");
constexpr AsciiSet not_before_bare_link = AsciiSet::alphanumeric_and("@#$-_./");
constexpr AsciiSet path_characters = AsciiSet::alphanumeric_and("!*';:=+,.$/%#[]-_~@|&");
constexpr AsciiSet path_ends = AsciiSet::alphanumeric_and("=_#/+-");
constexpr AsciiSet query_characters = AsciiSet::alphanumeric_and("!?*'@();:&=+$/%#[]-_.,~|");
constexpr AsciiSet query_ends = AsciiSet::alphanumeric_and("-_&=#/");

bool may_precede(char32_t c, const AsciiSet& refused) {
    return !refused.has(c) && !is_at_sign(c) && !is_hash_sign(c) && !is_no_character(c);
}

bool is_path_letter(char32_t c) {
    return is_latin_accent(c) || (c >= 0x400 && c <= 0x4FF);
}

bool is_path_character(char32_t c) {
    return c < 0x80 ? path_characters.has(c) : is_path_letter(c) || c == U'–';
}

bool is_path_end(char32_t c) {
    return c < 0x80 ? path_ends.has(c) : is_path_letter(c);
}

std::size_t skip_path_characters(std::string_view text, std::size_t at) {
    for (Character c = character_at(text, at); is_path_character(c.point); c = character_at(text, at))
        at += c.size;
    return at;
}

bool is_at(std::string_view text, std::size_t at, char c) {
    return at < text.size() && text[at] == c;
}

// The end of "(something)" or "(with (something) inside)"; 0 when a parenthesis is missing.
std::size_t parentheses_end(std::string_view text, std::size_t at) {
    std::size_t end = skip_path_characters(text, at + 1);
    if (is_at(text, end, ')')) return end > at + 1 ? end + 1 : 0;
    if (!is_at(text, end, '(')) return 0;
    const std::size_t inner = end + 1;
    end = skip_path_characters(text, inner);
    if (end == inner || !is_at(text, end, ')')) return 0;
    end = skip_path_characters(text, end + 1);
    return is_at(text, end, ')') ? end + 1 : 0;
}

std::size_t port_end(std::string_view text, std::size_t at) {
    if (!is_at(text, at, ':')) return at;
    std::size_t end = at + 1;
    while (digits.has(character_at(text, end).point))
        ++end;
    return end > at + 1 ? end : at;
}

std::size_t path_end(std::string_view text, std::size_t at) {
    if (!is_at(text, at, '/')) return at;
    std::size_t end = at + 1;
    for (std::size_t next = end;;) {
        const Character c = character_at(text, next);
        if (c.point == U'(') {
            next = parentheses_end(text, next);
            if (next == 0) return end;
            end = next;
        } else {
            if (!is_path_character(c.point)) return end;
            next += c.size;
            if (is_path_end(c.point)) end = next;
        }
    }
}

std::size_t query_end(std::string_view text, std::size_t at) {
    if (!is_at(text, at, '?')) return at;
    std::size_t end = at;
    for (std::size_t next = at + 1; query_characters.has(character_at(text, next).point); ++next)
        if (query_ends.has(character_at(text, next).point)) end = next + 1;
    return end;
}

struct Tail {
    bool has_path = false;
    std::size_t end = 0;
};

// What belongs to a link behind its host name, which ends at `at`.
Tail tail(std::string_view text, std::size_t at) {
    const std::size_t port = port_end(text, at);
    const std::size_t path = path_end(text, port);
    return {path > port, query_end(text, path)};
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

// Twitter's short links end after a slug of letters and digits and a query. `at` is where the host name
// ends; 0 when the slug is longer than any.
std::size_t short_link_end(std::string_view text, std::size_t at) {
    constexpr std::size_t slug_size_max = 40;
    std::size_t slug_end = at + 1;
    while (ascii_alphanumeric.has(character_at(text, slug_end).point))
        ++slug_end;
    const std::size_t slug_size = slug_end - at - 1;
    return slug_size > slug_size_max ? 0 : query_end(text, slug_end);
}

bool is_short_link(std::string_view text, std::size_t host, std::size_t end) {
    return equals_ignoring_case(text.substr(host, end - host), "t.co") && is_at(text, end, '/') &&
           ascii_alphanumeric.has(character_at(text, end + 1).point);
}

// Where the scheme before the colon begins; npos when there is none.
std::size_t scheme_begin(std::string_view text, std::size_t colon) {
    if (!text.substr(colon).starts_with("://")) return std::string_view::npos;
    for (const std::string_view scheme : {"http", "https"}) {
        if (colon < scheme.size()) continue;
        const std::size_t begin = colon - scheme.size();
        if (equals_ignoring_case(text.substr(begin, scheme.size()), scheme)) return begin;
    }
    return std::string_view::npos;
}

bool is_host_character(char32_t c, Alphabet alphabet) {
    return c == U'.' || is_label_character(c, alphabet);
}

std::size_t host_run_end(std::string_view text, std::size_t at, Alphabet alphabet) {
    for (;;) {
        const Character c = character_at(text, at);
        if (c.size == 0 || !is_host_character(c.point, alphabet)) return at;
        at += c.size;
    }
}

std::size_t host_run_begin(std::string_view text, std::size_t at, std::size_t from, Alphabet alphabet) {
    while (at > from) {
        const Character c = character_before(text, at);
        if (!is_host_character(c.point, alphabet)) return at;
        at -= c.size;
    }
    return at;
}

// In "안녕.example.com" the first dot is not the host's.
bool ends_sentence(std::string_view text, std::size_t dot) {
    const char32_t before = character_before(text, dot).point;
    return before >= 0x80 && is_label_character(before, Alphabet::any) &&
           may_precede(before, not_before_bare_link);
}

LinkScan no_link(std::size_t next_bare) {
    return {.next_bare = next_bare};
}

LinkScan link(std::size_t begin, std::size_t end, std::size_t next) {
    if (end > begin + link_bytes_max) end = 0;
    return {begin, end, next, next};
}

}  // namespace

LinkScan scheme_link(std::string_view text, std::size_t colon, std::size_t from) {
    const std::size_t begin = scheme_begin(text, colon);
    if (begin == std::string_view::npos || begin < from) return {};
    if (!may_precede(character_before(text, begin).point, not_before_link)) return {};
    const std::size_t host = colon + std::string_view("://").size();
    const std::size_t end = host_end(text, host, Alphabet::any);
    if (end == 0) return no_link(host_run_end(text, host, Alphabet::any));
    const std::size_t next = tail(text, end).end;
    return link(begin, is_short_link(text, host, end) ? short_link_end(text, end) : next, next);
}

LinkScan bare_link(std::string_view text, std::size_t dot, std::size_t from) {
    const std::size_t run = host_run_begin(text, dot, from, Alphabet::latin);
    const std::size_t begin = run == dot && ends_sentence(text, dot) ? dot + 1 : run;
    const std::size_t end = host_end(text, begin, Alphabet::latin);
    if (end == 0) return no_link(host_run_end(text, dot, Alphabet::latin));
    const Tail behind = tail(text, end);
    if (begin == run && !may_precede(character_before(text, run).point, not_before_bare_link)) {
        return no_link(behind.end);
    }
    return link(begin, behind.has_path ? behind.end : end, behind.end);
}

}  // namespace jebi::tweets
