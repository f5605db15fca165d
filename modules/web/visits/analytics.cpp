#include "modules/web/visits/analytics.h"

#include <algorithm>

#include "kit/base/json.h"

namespace jebi::web {

namespace {

constexpr std::size_t lines_max = 64;
constexpr std::size_t text_bytes_max = 200;  // of what the page shows of a field

LogServiceOptions for_questions(LogServiceOptions options) {
    options.connections_max = 4;
    options.waiting_max = 64;
    return options;
}

// The objects of an answer in JSON lines; what is none is left out.
std::vector<json::Value> rows_of(std::string_view answer) {
    std::vector<json::Value> rows;
    for (std::size_t i = 0; i < lines_max && !answer.empty(); ++i) {
        const std::string_view line = answer.substr(0, answer.find('\n'));
        answer.remove_prefix(std::min(answer.size(), line.size() + 1));
        auto row = json::parse(line);
        if (row && row->object() != nullptr) rows.push_back(std::move(*row));
    }
    return rows;
}

std::string text_of(const json::Value& row, std::string_view name) {
    const json::Value* value = row.find(name);
    if (value == nullptr || value->text() == nullptr) return "";
    const std::string& text = *value->text();
    std::size_t end = std::min(text.size(), text_bytes_max);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;  // not inside a character
    return text.substr(0, end);
}

LoggedVisit visit_of(const json::Value& row) {
    const json::Value* status = row.find("status");
    return {.when = text_of(row, "ts"),
            .page = text_of(row, "originalUrl"),
            .address = text_of(row, "ip"),
            .status = status != nullptr ? status->integer().value_or(0) : 0};
}

std::string of_user(UserId user) {
    return " FROM logs WHERE service = 'jebi' AND userID = '" + std::to_string(user.value) + "'";
}

}  // namespace

Analytics::Analytics(const std::optional<LogServiceOptions>& options) {
    if (options) service_.emplace(for_questions(*options));
}

std::optional<std::uint64_t> Analytics::visits(Deadline until) {
    {
        const std::lock_guard lock{mutex_};
        if (std::chrono::steady_clock::now() < fresh_until_) return visits_;
        fresh_until_ = in(kept);  // others go on with the old figure while this one asks
    }
    const auto counted = number("SELECT count() AS visits FROM logs WHERE service = 'jebi'", until);
    const std::lock_guard lock{mutex_};
    visits_ = counted ? std::optional(*counted) : std::nullopt;
    return visits_;
}

Result<LoggedVisits> Analytics::visits_of(UserId user, std::uint32_t page, Deadline until) {
    LoggedVisits known;
    TRY(known.total, number("SELECT count() AS visits" + of_user(user), until));
    if (page > pages_max || known.total == 0) return known;
    TRY(const std::string rows,
        answer("SELECT ts, originalUrl, ip, status" + of_user(user) + " ORDER BY ts DESC LIMIT " +
                   std::to_string(page_size) + " OFFSET " + std::to_string((page - 1) * page_size),
               until));
    for (const json::Value& row : rows_of(rows))
        if (row.find("ts") != nullptr && known.visits.size() < page_size)
            known.visits.push_back(visit_of(row));
    return known;
}

Result<std::string> Analytics::answer(const std::string& sql, Deadline until) {
    if (!service_) return fail(Code::unavailable, "Visits are not logged here.");
    TRY(auto response, service_->post("/query", "text/plain; charset=utf-8", sql, until));
    if (response.status == 200) return std::move(response.body);
    return fail(error(Code::unavailable, "The log cannot be asked now.")
                    .detailed("it answers " + std::to_string(response.status)));
}

Result<std::uint64_t> Analytics::number(const std::string& sql, Deadline until) {
    TRY(const std::string answered, answer(sql, until));
    for (const json::Value& row : rows_of(answered)) {
        const json::Value* visits = row.find("visits");
        if (visits == nullptr) continue;
        const auto count =
            visits->text() != nullptr
                ? id_from(*visits->text())
                : visits->integer().transform([](auto n) { return static_cast<std::uint64_t>(n); });
        if (count && *count <= INT64_MAX) return *count;
    }
    return fail(error(Code::unavailable, "The log cannot be asked now.").detailed("its answer has no count"));
}

}  // namespace jebi::web
