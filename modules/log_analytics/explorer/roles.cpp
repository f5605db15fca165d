#include "modules/log_analytics/explorer/roles.h"

#include <algorithm>
#include <array>

#include "modules/log_analytics/query/search.h"

namespace jebi::log_analytics {

namespace {

constexpr std::array<std::string_view, 7> address{
    "ip", "client.address", "remote_addr", "remoteAddr", "client_ip", "clientip", "source.address"};
constexpr std::array<std::string_view, 7> page{"originalUrl", "path",        "url.path", "http.target",
                                               "url",         "request_uri", "uri"};
constexpr std::array<std::string_view, 7> route{"route",    "http.route",  "originalUrl", "path",
                                                "url.path", "http.target", "name"};
constexpr std::array<std::string_view, 5> status{"status", "http.response.status_code", "http.status_code",
                                                 "statusCode", "status_code"};
constexpr std::array<std::string_view, 4> level{"level", "severity", "severity_text", "log.level"};
constexpr std::array<std::string_view, 7> latency{"latency_ms",   "duration_ms",   "response_time_ms",
                                                  "responseTime", "response_time", "elapsed_ms",
                                                  "took_ms"};
constexpr std::array<std::string_view, 5> agent{"user_agent", "userAgent", "user_agent.original",
                                                "http.user_agent", "ua"};
constexpr std::array<std::string_view, 2> referer{"referer", "referrer"};
constexpr std::array<std::string_view, 3> method{"method", "http.request.method", "http.method"};
constexpr std::array<std::string_view, 5> bytes{"bytes", "body_bytes_sent", "bytes_sent", "response_bytes",
                                                "http.response.body.size"};
constexpr std::array<std::string_view, 5> message{"message", "msg", "body", "log", "name"};
constexpr std::array<std::string_view, 5> user{"user", "userID", "user_id", "userId", "username"};
constexpr std::array<std::string_view, 1> trace{"trace_id"};

constexpr std::array table{
    Role{"address", false, address}, Role{"page", false, page},       Role{"route", false, route},
    Role{"status", true, status},    Role{"level", false, level},     Role{"latency", true, latency},
    Role{"agent", false, agent},     Role{"referer", false, referer}, Role{"method", false, method},
    Role{"bytes", true, bytes},      Role{"message", false, message}, Role{"user", false, user},
    Role{"trace", false, trace}};

bool is_number(Kind kind) {
    return kind == Kind::integer || kind == Kind::number;
}

bool plays(std::string_view field, bool numbers_only, std::span<const Column> columns) {
    return std::ranges::any_of(columns, [&](const Column& column) {
        return column.name == field && (!numbers_only || is_number(column.kind));
    });
}

}  // namespace

std::span<const Role> roles() {
    return table;
}

std::vector<std::string> fields_for(const Role& role, std::span<const Column> columns) {
    std::vector<std::string> fields;
    for (const std::string_view field : role.fields) {
        if (plays(field, role.is_number, columns)) fields.emplace_back(field);
    }
    return fields;
}

std::string sql_number(std::string_view name, std::span<const Column> columns) {
    const bool mixed = std::ranges::any_of(
        columns, [&](const Column& column) { return column.name == name && !is_number(column.kind); });
    const std::string quoted = query::sql_name(name);
    return mixed ? "toFloat64(" + quoted + ")" : quoted;
}

}  // namespace jebi::log_analytics
