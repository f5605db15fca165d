#include "kit/http/head.h"

#include <algorithm>
#include <array>
#include <optional>

#include "kit/http/pieces.h"

namespace jebi::http {

namespace {

constexpr std::size_t method_bytes_max = 32;
constexpr std::size_t length_digits_max = 18;  // below 2^63 whatever they are

struct CharTable {
    std::array<bool, 256> in{};
    constexpr bool operator()(char c) const { return in[static_cast<unsigned char>(c)]; }
    constexpr void add(std::string_view chars) {
        for (const char c : chars)
            in[static_cast<unsigned char>(c)] = true;
    }
    constexpr void add(unsigned first, unsigned last) {
        for (unsigned c = first; c <= last; ++c)
            in[c] = true;
    }
};

constexpr CharTable alphanumeric_and(std::string_view more) {
    CharTable table;
    table.add('0', '9');
    table.add('A', 'Z');
    table.add('a', 'z');
    table.add(more);
    return table;
}

constexpr CharTable token_chars = alphanumeric_and("!#$%&'*+-.^_`|~");
constexpr CharTable host_chars = alphanumeric_and("-._");
constexpr CharTable address_chars = alphanumeric_and(":.");  // between the brackets of [::1]
constexpr CharTable value_chars = [] {
    CharTable table;
    table.add("\t");
    table.add(' ', 0x7e);
    table.add(0x80, 0xff);
    return table;
}();
constexpr CharTable target_chars = [] {
    CharTable table;
    table.add('!', 0x7e);
    table.add(0x80, 0xff);
    table.in['#'] = false;
    return table;
}();

using Checked = Taken<void>;

std::unexpected<Refusal> refuse(int status, std::string_view why) {
    return std::unexpected(Refusal{status, why});
}
std::unexpected<Refusal> refuse(std::string_view why) {
    return refuse(400, why);
}

bool all_in(const CharTable& table, std::string_view text) {
    return std::ranges::all_of(text, table);
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Cuts the next line off the head. A bare CR in it is found by whoever reads it.
Taken<std::string_view> next_line(std::string_view& head) {
    const auto end = head.find('\n');
    if (end == std::string_view::npos || end == 0 || head[end - 1] != '\r')
        return refuse("A line does not end with CRLF.");
    const auto line = head.substr(0, end - 1);
    head.remove_prefix(end + 1);
    return line;
}

// --- the first line

Checked read_version(std::string_view version, Head& head) {
    head.is_1_1 = version == "HTTP/1.1";
    if (head.is_1_1 || version == "HTTP/1.0") return {};
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                             version[6] == '.' && is_digit(version[7]);
    if (well_formed) return refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    return refuse("The first line has no HTTP version.");
}

// The host of "http://host:port/..."; nothing when the target is no such address.
std::optional<std::string_view> authority_of(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_without_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        return target.substr(0, target.find_first_of("/?"));
    }
    return std::nullopt;
}

Checked check_target(const Head& head, const HeadLimits& limits) {
    const auto target = head.target;
    if (target.size() > limits.target_bytes_max) return refuse(414, "The request's target is too long.");
    if (target.empty() || !all_in(target_chars, target)) return refuse("The request's target is malformed.");
    if (target.front() == '/' || authority_of(target)) return {};
    if (target == "*" && head.method == "OPTIONS") return {};
    return refuse("The request's target is no path.");
}

Checked read_request_line(std::string_view line, const HeadLimits& limits, Head& head) {
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (target_end == method_end) return refuse("The request line is malformed.");
    head.method = line.substr(0, method_end);
    head.target = line.substr(method_end + 1, target_end - method_end - 1);
    if (!is_token(head.method) || head.method.size() > method_bytes_max)
        return refuse("The method is malformed.");
    TRY_VOID(read_version(line.substr(target_end + 1), head));
    return check_target(head, limits);
}

// "HTTP/1.1 200 OK"; the words behind the number may be missing.
Checked read_status_line(std::string_view line, Head& head) {
    const auto status = line.size() < 12 ? std::string_view{} : line.substr(8, 4);
    const bool well_formed = status.starts_with(' ') && status[1] >= '1' && status[1] <= '9' &&
                             is_digit(status[2]) && is_digit(status[3]) &&
                             (line.size() == 12 || line[12] == ' ');
    if (!well_formed || !is_field_value(line)) return refuse("The status line is malformed.");
    head.status = (status[1] - '0') * 100 + (status[2] - '0') * 10 + (status[3] - '0');
    return read_version(line.substr(0, 8), head);
}

// --- the fields

// What some fields say about the message itself.
struct Facts {
    std::optional<std::uint64_t> length{};
    bool chunked = false;
    bool close = false;
    bool keep_alive = false;
    std::size_t hosts = 0;
    std::string_view host{};
};

Checked take_length(std::string_view value, Facts& facts) {
    if (facts.length) return refuse("Content-Length is there twice.");
    const bool malformed = value.empty() || !std::ranges::all_of(value, is_digit) ||
                           (value.size() > 1 && value.front() == '0') || value.size() > length_digits_max;
    if (malformed) return refuse("Content-Length is malformed.");
    std::uint64_t length = 0;
    for (const char c : value)
        length = length * 10 + static_cast<std::uint64_t>(c - '0');
    facts.length = length;
    return {};
}

Checked take_encoding(std::string_view value, Facts& facts) {
    if (facts.chunked) return refuse("Transfer-Encoding is there twice.");
    if (!equal_without_case(value, "chunked")) return refuse("Transfer-Encoding is not just \"chunked\".");
    facts.chunked = true;
    return {};
}

void take_connection(std::string_view list, Facts& facts) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        const auto option = without_blanks(list.substr(0, end));
        facts.close = facts.close || equal_without_case(option, "close");
        facts.keep_alive = facts.keep_alive || equal_without_case(option, "keep-alive");
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

// By size first: most fields are none of these.
Checked take_facts(std::string_view name, std::string_view value, Facts& facts) {
    if (name.size() == 4 && equal_without_case(name, "Host")) {
        ++facts.hosts;
        facts.host = value;
    }
    if (name.size() == 10 && equal_without_case(name, "Connection")) take_connection(value, facts);
    if (name.size() == 14 && equal_without_case(name, "Content-Length")) return take_length(value, facts);
    if (name.size() == 17 && equal_without_case(name, "Transfer-Encoding"))
        return take_encoding(value, facts);
    return {};
}

Checked read_field(std::string_view line, Head& head, Facts& facts) {
    const auto colon = line.find(':');
    if (line.front() == ' ' || line.front() == '\t') return refuse("A header line is folded.");
    if (colon == std::string_view::npos) return refuse("A header line has no colon.");
    const auto name = line.substr(0, colon);
    if (!is_token(name)) return refuse("The name of a header field is malformed.");
    const auto value = without_blanks(line.substr(colon + 1));
    if (!is_field_value(value)) return refuse("The value of a header field has a control character.");
    head.fields.add(name, value);
    return take_facts(name, value, facts);
}

Taken<Facts> read_fields(std::string_view rest, const HeadLimits& limits, Head& head) {
    Facts facts;
    head.fields.list.clear();
    while (true) {
        TRY(const auto line, next_line(rest));
        if (line.empty()) break;
        if (head.fields.list.size() == limits.fields_max)
            return refuse(431, "There are too many header fields.");
        TRY_VOID(read_field(line, head, facts));
    }
    if (!rest.empty()) return refuse("Something follows the empty line.");
    if (facts.chunked && facts.length) return refuse("There are both Content-Length and Transfer-Encoding.");
    if (facts.chunked && !head.is_1_1) return refuse("Transfer-Encoding does not exist in HTTP/1.0.");
    head.keep_alive = !facts.close && (head.is_1_1 || facts.keep_alive);
    return facts;
}

// --- what they say together

// A name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port.
bool is_host(std::string_view text) {
    const auto bracket = text.starts_with('[') ? text.find(']') : 0;
    const auto colon = text.find(':', bracket);
    const auto host = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        const auto port = text.substr(colon + 1);
        if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)) return false;
    }
    if (!host.starts_with('[')) return !host.empty() && all_in(host_chars, host);
    return host.size() > 2 && host.ends_with(']') && all_in(address_chars, host.substr(1, host.size() - 2));
}

Checked check_host(const Head& head, const Facts& facts) {
    if (facts.hosts > 1) return refuse("Host is there twice.");
    if (facts.hosts == 0 && head.is_1_1) return refuse("Host is missing.");
    if (facts.hosts == 1 && !is_host(facts.host)) return refuse("Host is malformed.");
    if (head.target.front() == '/') return {};
    const auto authority = authority_of(head.target);
    if (!authority) return {};
    if (!is_host(*authority)) return refuse("The host in the target is malformed.");
    if (facts.hosts == 1 && !equal_without_case(facts.host, *authority))
        return refuse("Host is not the host of the target.");
    return {};
}

Framing framing_of(const Facts& facts, Framing::Kind otherwise) {
    if (facts.chunked) return {Framing::Kind::chunked};
    if (!facts.length) return {otherwise};
    return {*facts.length == 0 ? Framing::Kind::none : Framing::Kind::length, *facts.length};
}

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && all_in(token_chars, text);
}
bool is_field_value(std::string_view text) {
    return all_in(value_chars, text);
}

bool has_no_body(int status) {
    return status / 100 == 1 || status == 204 || status == 304;
}

Taken<std::size_t> HeadEnd::in(std::string_view bytes) {
    if (seen_ == 0 && !bytes.empty() && !token_chars(bytes.front())) return refuse("This is not HTTP.");
    const auto looked_at = bytes.substr(0, limits_.bytes_max);
    const bool full = looked_at.size() == limits_.bytes_max;
    while (seen_ < looked_at.size()) {
        const auto end = looked_at.find('\n', seen_);
        seen_ = std::min(end, looked_at.size());
        const bool first_line = line_begin_ == 0;
        if (first_line &&
            (seen_ > limits_.target_bytes_max + method_bytes_max || (full && seen_ == looked_at.size())))
            return refuse(414, "The request's target is too long.");
        if (end == std::string_view::npos) break;
        if (bytes[end - 1] != '\r') return refuse("A line does not end with CRLF.");
        if (end - line_begin_ == 1) return end + 1;
        seen_ = line_begin_ = end + 1;
    }
    if (full) return refuse(431, "The header is too large.");
    return std::size_t{0};
}

Taken<void> read_request_head(std::string_view bytes, const HeadLimits& limits, Head& into) {
    TRY(const auto line, next_line(bytes));
    TRY_VOID(read_request_line(line, limits, into));
    TRY(const auto facts, read_fields(bytes, limits, into));
    into.framing = framing_of(facts, Framing::Kind::none);
    return check_host(into, facts);
}

Taken<void> read_answer_head(std::string_view bytes, const HeadLimits& limits, bool to_head, Head& into) {
    TRY(const auto line, next_line(bytes));
    TRY_VOID(read_status_line(line, into));
    TRY(const auto facts, read_fields(bytes, limits, into));
    into.framing = framing_of(facts, Framing::Kind::until_close);
    if (to_head || has_no_body(into.status)) into.framing = {};
    if (into.framing.kind == Framing::Kind::until_close) into.keep_alive = false;
    return {};
}

}  // namespace jebi::http
