#include "kit/http/answer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstdio>

#include "kit/http/head.h"

namespace jebi::http {

namespace {

void append_number(std::string& out, std::size_t number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    out.append(digits.begin(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, int status) {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(status));
    out.append(" ").append(reason_of(status)).append("\r\n");
}

// Fields that are the server's business.
bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 5> ours{"Content-Length", "Transfer-Encoding", "Date",
                                                   "Connection", "Keep-Alive"};
    return std::ranges::any_of(ours, [&](std::string_view one) { return equal_without_case(one, name); });
}

bool can_be_sent(std::string_view name, std::string_view value) {
    return is_token(name) && is_field_value(value);
}

std::size_t append_fields(std::string& out, const Fields<std::string>& fields) {
    std::size_t dropped = 0;
    for (const auto& [name, value] : fields.list) {
        if (!can_be_sent(name, value)) {
            ++dropped;
        } else if (!is_ours(name)) {
            append_field(out, name, value);
        }
    }
    return dropped;
}

void append_framing(std::string& out, const Response& response, const AnswerShape& shape) {
    if (response.status == 101) {
        out += "Connection: Upgrade\r\n";
    } else if (!shape.keep_alive) {
        out += "Connection: close\r\n";
    } else if (!shape.to_1_1) {
        out += "Connection: keep-alive\r\n";
    }
    if (has_no_body(response.status)) return;
    if (shape.in_chunks) {
        if (shape.to_1_1) out += "Transfer-Encoding: chunked\r\n";
        return;
    }
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
}

}  // namespace

AlwaysFields::AlwaysFields(const Fields<std::string>& fields) {
    for (const auto& [name, value] : fields.list) {
        assert(can_be_sent(name, value));
        std::string line;
        append_field(line, name, value);
        lines_.emplace_back(name, std::move(line));
    }
}

void AlwaysFields::append_to(std::string& out, const Response& response) const {
    for (const auto& [name, line] : lines_) {
        if (!response.fields.get(name)) out += line;
    }
}

std::string_view DateLine::at(std::time_t now) {
    if (now == at_) return line_;
    at_ = now;
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                                   days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                   months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                                   utc.tm_hour, utc.tm_min, utc.tm_sec);
    line_.assign(text.data(), static_cast<std::size_t>(size));
    return line_;
}

std::size_t append_head(std::string& out, const Response& response, const AnswerShape& shape,
                        std::string_view date_line, const AlwaysFields& always) {
    append_status_line(out, response.status);
    out += date_line;
    const std::size_t dropped = append_fields(out, response.fields);
    always.append_to(out, response);
    append_framing(out, response, shape);
    out += "\r\n";
    return dropped;
}

}  // namespace jebi::http
