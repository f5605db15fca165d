#include "modules/log_analytics/intake/access_log.h"

#include <charconv>
#include <optional>
#include <string>

#include "kit/base/unicode.h"
#include "modules/log_analytics/intake/times.h"

namespace jebi::log_analytics {

namespace {

// The pieces of a line, as they stand there.
struct Line {
    std::string_view ip, ident, user, time, request, status, bytes, referer, user_agent, rest;
};

bool take_word(std::string_view& rest, std::string_view& word) {
    const auto end = rest.find(' ');
    word = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    return !word.empty();
}

// What stands between `open` and `close`; an escaped `close` is not the end.
bool take_between(std::string_view& rest, char open, char close, std::string_view& inside) {
    if (!rest.starts_with(open)) return false;
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != close)
        end += rest[end] == '\\' ? 2U : 1U;
    if (end >= rest.size()) return false;
    inside = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    return true;
}

bool split(std::string_view rest, Line& line) {
    if (!take_word(rest, line.ip) || !take_word(rest, line.ident)) return false;
    // A user's name may hold spaces.
    const auto bracket = rest.find(" [");
    if (bracket == rest.npos || bracket == 0) return false;
    line.user = rest.substr(0, bracket);
    rest.remove_prefix(bracket + 1);
    if (!take_between(rest, '[', ']', line.time) || !take_between(rest, '"', '"', line.request)) return false;
    if (!take_word(rest, line.status) || !take_word(rest, line.bytes)) return false;
    if (take_between(rest, '"', '"', line.referer)) take_between(rest, '"', '"', line.user_agent);
    line.rest = rest;
    return true;
}

std::optional<std::int64_t> integer_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape =
            text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
        if (escape) ++at;
        plain += text[at];
    }
    return plain;
}

void add_text(RowMaker& maker, std::string_view name, std::string_view text) {
    if (text.empty() || text == "-") return;
    if (!text.contains('\\')) return maker.add(name, text);
    maker.add(name, std::string_view{unescaped(text)});
}

void add_request(RowMaker& maker, std::string_view request) {
    const auto first = request.find(' '), last = request.rfind(' ');
    const bool three_words = first != request.npos && last > first && first > 0 && last + 1 < request.size();
    if (!three_words) return add_text(maker, "request", request);
    add_text(maker, "method", request.substr(0, first));
    add_text(maker, "path", request.substr(first + 1, last - first - 1));
    add_text(maker, "protocol", request.substr(last + 1));
}

}  // namespace

bool begin_access_log_row(std::string_view text, RowMaker& maker) {
    const std::string repaired = is_utf8(text) ? std::string{} : repaired_utf8(text);
    Line line;
    if (!split(repaired.empty() ? text : std::string_view{repaired}, line)) return false;
    const auto time = access_log_time_of(line.time);
    const auto status = integer_of(line.status), bytes = integer_of(line.bytes);
    if (!time || !status || (!bytes && line.bytes != "-")) return false;
    maker.begin(*time);
    add_text(maker, "ip", line.ip);
    add_text(maker, "ident", line.ident);
    add_text(maker, "user", line.user);
    add_request(maker, line.request);
    maker.add("status", *status);
    if (bytes) maker.add("bytes", *bytes);
    add_text(maker, "referer", line.referer);
    add_text(maker, "user_agent", line.user_agent);
    add_text(maker, "rest", line.rest);
    return true;
}

}  // namespace jebi::log_analytics
