#include "modules/web/log_analytics.h"

#include <algorithm>
#include <array>

#include "kit/base/json.h"
#include "modules/web/door.h"
#include "modules/web/visit.h"

namespace jebi::web {

namespace {

constexpr std::string_view service_name = "jebi";
constexpr std::size_t url_bytes_max = 2'048;
constexpr std::size_t field_bytes_max = 300;
constexpr std::array<std::string_view, 7> told_queries{"page",   "before",  "cursor", "limit",
                                                       "author", "hashtag", "lang"};

void append_hex(std::string& out, std::uint64_t value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[(value >> shift) & 0xf];
}

std::string event_id() {
    std::string id;
    id.reserve(32);
    append_hex(id, random_bits());
    append_hex(id, random_bits());
    return id;
}

bool is_told(std::string_view pair) {
    return std::ranges::find(told_queries, pair.substr(0, pair.find('='))) != told_queries.end();
}

std::string original_url(const http::Request& request) {
    std::string url{request.path.substr(0, url_bytes_max)};
    char before = '?';
    for (std::string_view rest = request.query; !rest.empty();) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (!is_told(pair) || url.size() + 1 + pair.size() > url_bytes_max) continue;
        url += before;
        url += pair;
        before = '&';
    }
    return url;
}

void write_text(json::Writer& out, std::string_view key, std::string_view text) {
    if (!text.empty()) out.key(key).string(text.substr(0, field_bytes_max));
}

void write_asker(json::Writer& out, const Answered& answered) {
    if (!answered.user) return;
    out.key("userID").id(answered.user.value);
    write_text(out, "user", answered.username);
}

std::string line_of(const Site& site, const http::Request& request, const Answered& answered) {
    const auto field = [&](std::string_view name) { return request.fields.get(name).value_or(""); };
    const std::string_view referer = field("Referer");
    const auto took_us = std::chrono::duration_cast<std::chrono::microseconds>(answered.took).count();
    json::Writer out;
    out.begin_object().key("ts").string(iso8601(site.clock.wall_ms()));
    out.key("event_id").string(event_id()).key("service").string(service_name);
    out.key("ip").string(client_address_of(site, request));
    out.key("method").string(http::name(request.method)).key("originalUrl").string(original_url(request));
    write_text(out, "route", request.route);
    out.key("status").integer(answered.response.status);
    out.key("latency_ms").number(static_cast<double>(took_us) / 1000);
    write_asker(out, answered);
    write_text(out, "user_agent", field("User-Agent"));
    write_text(out, "referer", referer.substr(0, referer.find_first_of("?#")));
    out.key("trace_id").string(request.trace.id_hex()).end_object();
    return out.take();
}

}  // namespace

void log_analytics(const Site& site, const http::Request& request, const Answered& answered) noexcept {
    if (!site.events.is_on()) return;
    try {
        site.events.put(line_of(site, request, answered));
    } catch (...) {  // no memory: a page matters more than its line
        site.events.drop();
    }
}

}  // namespace jebi::web
