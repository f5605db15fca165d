#include "modules/log_analytics/intake/syslog.h"

#include <array>
#include <charconv>

#include "kit/base/unicode.h"
#include "modules/log_analytics/intake/times.h"

namespace jebi::log_analytics {

namespace {

constexpr unsigned priority_max = 191, priority_default = 13;  // user.notice
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

constexpr std::array<std::string_view, 8> severities{"emerg",   "alert",  "crit", "err",
                                                     "warning", "notice", "info", "debug"};
constexpr std::array<std::string_view, 24> facilities{
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};

std::optional<unsigned> take_priority(std::string_view& rest) {
    const auto end = rest.substr(0, 5).find('>');
    if (!rest.starts_with('<') || end == rest.npos || end < 2) return std::nullopt;
    unsigned priority = 0;
    const auto [stop, status] = std::from_chars(rest.data() + 1, rest.data() + end, priority);
    if (status != std::errc{} || stop != rest.data() + end || priority > priority_max) return std::nullopt;
    rest.remove_prefix(end + 1);
    return priority;
}

std::string_view take_word(std::string_view& rest) {
    const auto end = rest.find(' ');
    const auto word = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    return word;
}

void add_word(RowMaker& maker, std::string_view name, std::string_view word) {
    if (!word.empty() && word != "-") maker.add(name, word);
}

void add_message(RowMaker& maker, std::string_view message) {
    if (message.starts_with(byte_order_mark)) message.remove_prefix(byte_order_mark.size());
    if (!message.empty()) maker.add_or("message", "", message);
}

// A parameter's value in quotes, where \" \\ and \] are escapes; false when it does not end.
bool take_quoted(std::string_view& rest, std::string& value) {
    if (!rest.starts_with('"')) return false;
    value.clear();
    for (std::size_t at = 1; at < rest.size(); ++at) {
        const bool escaped = rest[at] == '\\' && at + 1 < rest.size() &&
                             (rest[at + 1] == '"' || rest[at + 1] == '\\' || rest[at + 1] == ']');
        if (rest[at] == '"') {
            rest.remove_prefix(at + 1);
            return true;
        }
        if (escaped) ++at;
        value += rest[at];
    }
    return false;
}

// `[id name="value" ...]`; false when it is none.
bool take_element(std::string_view& rest, RowMaker& maker) {
    const auto id_end = rest.find_first_of(" ]");
    if (id_end == rest.npos || id_end < 2) return false;
    const std::string prefix = std::string(rest.substr(1, id_end - 1)) + ".";
    rest.remove_prefix(id_end);
    std::string value;
    while (rest.starts_with(' ')) {
        rest.remove_prefix(1);
        const auto equals = rest.find('=');
        if (equals == rest.npos || equals == 0) return false;
        const std::string name = prefix + std::string(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        if (!take_quoted(rest, value)) return false;
        maker.add_or(name, "", std::string_view{value});
    }
    if (!rest.starts_with(']')) return false;
    rest.remove_prefix(1);
    return true;
}

void take_structured_data(std::string_view rest, RowMaker& maker) {
    if (rest.starts_with('-')) {
        rest.remove_prefix(1);
    } else {
        std::string_view whole = rest;
        while (rest.starts_with('[') && take_element(rest, maker))
            whole = rest;
        rest = whole;  // what is no element belongs to the message
    }
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    add_message(maker, rest);
}

// Behind "<PRI>1 ".
bool take_rfc5424(std::string_view rest, RowMaker& maker) {
    const auto time_text = take_word(rest);
    const auto time = time_of(time_text);
    if (!time && time_text != "-") return false;
    if (time) maker.at(*time);
    for (const std::string_view name : {"host", "app", "pid", "msgid"})
        add_word(maker, name, take_word(rest));
    take_structured_data(rest, maker);
    return true;
}

// "su[77]: text", "su: text", or just a text.
void take_tag(std::string_view rest, RowMaker& maker) {
    const auto end = rest.find_first_of("[: ");
    const auto tag = rest.substr(0, end);
    std::string_view behind = end == rest.npos ? std::string_view{} : rest.substr(end);
    std::string_view pid;
    if (behind.starts_with('[')) {
        const auto close = behind.find(']');
        if (close == behind.npos) return add_message(maker, rest);
        pid = behind.substr(1, close - 1);
        behind.remove_prefix(close + 1);
    }
    if (!behind.starts_with(':') || tag.empty()) return add_message(maker, rest);
    behind.remove_prefix(1);
    if (behind.starts_with(' ')) behind.remove_prefix(1);
    add_word(maker, "app", tag);
    add_word(maker, "pid", pid);
    add_message(maker, behind);
}

// Behind "<PRI>". Some senders write the time as RFC 5424 does.
bool take_rfc3164(std::string_view rest, WallMs arrived, int offset_minutes, RowMaker& maker) {
    constexpr std::size_t time_size = 15;
    auto time = rfc3164_time_of(rest.substr(0, time_size), arrived, offset_minutes);
    if (time && rest.size() > time_size && rest[time_size] == ' ') {
        rest.remove_prefix(time_size + 1);
    } else {
        time = time_of(take_word(rest));
    }
    if (!time) return false;
    maker.at(*time);
    // Local senders leave out the host: then the tag, which has a colon or bracket, comes first.
    const auto first = rest.substr(0, rest.find(' '));
    if (first.size() < rest.size() && !first.ends_with(':')) add_word(maker, "host", take_word(rest));
    take_tag(rest, maker);
    return true;
}

}  // namespace

void take_syslog(std::string_view message, WallMs arrived, int offset_minutes, RowMaker& maker) {
    const std::string repaired = is_utf8(message) ? std::string{} : repaired_utf8(message);
    std::string_view rest = repaired.empty() ? message : std::string_view{repaired};
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == '\0'))
        rest.remove_suffix(1);
    maker.begin(arrived);
    const auto priority = take_priority(rest);
    maker.add("severity", severities[priority.value_or(priority_default) % 8]);
    maker.add("facility", facilities[priority.value_or(priority_default) / 8]);
    const bool rfc5424 = priority && rest.starts_with("1 ") && take_rfc5424(rest.substr(2), maker);
    const bool known = rfc5424 || (priority && take_rfc3164(rest, arrived, offset_minutes, maker));
    if (!known) add_message(maker, rest);
    if (rest.empty()) maker.refuse("The syslog message is empty.");
    maker.end();
}

void SyslogFrames::append(std::string_view bytes) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    buffer_ += bytes;
}

std::optional<std::string_view> SyslogFrames::next_counted() {
    constexpr std::size_t digits_max = 6;
    const std::string_view left = std::string_view{buffer_}.substr(taken_);
    const auto space = left.substr(0, digits_max + 1).find_first_not_of("0123456789");
    if (space == left.npos && left.size() <= digits_max) return std::nullopt;
    std::size_t size = 0;
    const auto status = std::from_chars(left.data(), left.data() + std::min(space, digits_max), size).ec;
    failed_ = space == left.npos || left[space] != ' ' || status != std::errc{} || size > message_bytes_max;
    if (failed_ || left.size() < space + 1 + size) return std::nullopt;
    taken_ += space + 1 + size;
    return left.substr(space + 1, size);
}

std::optional<std::string_view> SyslogFrames::next() {
    while (!failed_ && taken_ < buffer_.size()) {
        const std::string_view left = std::string_view{buffer_}.substr(taken_);
        if (left.front() >= '1' && left.front() <= '9') return next_counted();
        const auto end = left.find_first_of(std::string_view{"\n\0", 2});
        failed_ = std::min(end, left.size()) > message_bytes_max;
        if (failed_ || end == left.npos) return std::nullopt;
        taken_ += end + 1;
        const auto line = left.substr(0, end);
        if (line.find_first_not_of("\r ") != line.npos) return line;
    }
    return std::nullopt;
}

std::optional<std::string_view> SyslogFrames::rest() {
    const std::string_view left = std::string_view{buffer_}.substr(taken_);
    const bool counted = !left.empty() && left.front() >= '1' && left.front() <= '9';
    if (failed_ || counted || left.find_first_not_of("\r ") == left.npos) return std::nullopt;
    taken_ = buffer_.size();
    return left;
}

}  // namespace jebi::log_analytics
