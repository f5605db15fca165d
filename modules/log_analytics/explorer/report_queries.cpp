#include "modules/log_analytics/explorer/report_queries.h"

#include <algorithm>
#include <array>
#include <map>

#include "modules/log_analytics/explorer/answer_text.h"
#include "modules/log_analytics/explorer/roles.h"
#include "modules/log_analytics/query/search.h"

namespace jebi::log_analytics {

namespace {

constexpr std::array<std::string_view, 7> listed_roles{"page",  "status",  "method", "address",
                                                       "agent", "referer", "level"};
constexpr std::size_t bars_max = 200;
struct Step {
    WallMs ms;
    std::string_view interval;
};
// An hour where that fits; shorter for a short log, longer for a long one.
constexpr std::array<Step, 8> steps{{{1'000, "1 SECOND"},
                                     {10'000, "10 SECOND"},
                                     {60'000, "1 MINUTE"},
                                     {600'000, "10 MINUTE"},
                                     {3'600'000, "1 HOUR"},
                                     {21'600'000, "6 HOUR"},
                                     {86'400'000, "1 DAY"},
                                     {2'592'000'000, "30 DAY"}}};
constexpr WallMs bars_wanted = 12;

class Figures {
public:
    Figures(const ReportSource& source, const ReportOptions& options) : source_(source), options_(options) {}

    Result<Report> all() {
        TRY_VOID(cast());
        TRY(report_.totals, totals());
        if (report_.totals.rows == 0) return std::move(report_);
        TRY_VOID(bars());
        for (const std::string_view role : listed_roles)
            TRY_VOID(list(role));
        TRY_VOID(latencies());
        TRY_VOID(slowest());
        return std::move(report_);
    }

private:
    // Of several names for the same thing, the one that most rows have counts.
    Result<void> cast() {
        std::vector<std::string> rivals;
        for (const Role& role : roles()) {
            const auto fields = fields_for(role, source_.columns);
            if (!fields.empty()) players_[role.name] = fields.front();
            if (fields.size() > 1) rivals.insert(rivals.end(), fields.begin(), fields.end());
        }
        if (rivals.empty()) return {};
        std::string sql = "SELECT ";
        for (std::size_t i = 0; i < rivals.size(); ++i) {
            if (i != 0) sql += ", ";
            sql += "count(" + query::sql_name(rivals[i]) + ") AS c" + std::to_string(i);
        }
        TRY(const query::Answer answer, source_.ask(sql + from()));
        std::map<std::string, double> rows;
        for (std::size_t i = 0; i < rivals.size(); ++i)
            rows[rivals[i]] = number_at(answer, 0, "c" + std::to_string(i)).value_or(0);
        for (auto& [name, player] : players_) {
            const auto role = std::ranges::find(roles(), name, &Role::name);
            const auto fields = fields_for(*role, source_.columns);
            player = *std::ranges::max_element(fields, {}, [&](const auto& field) { return rows[field]; });
        }
        return {};
    }

    std::optional<std::string> name_for(std::string_view role) const {
        const auto found = players_.find(role);
        return found == players_.end() ? std::nullopt : std::optional(found->second);
    }
    std::string number_for(const std::string& field) const { return sql_number(field, source_.columns); }
    std::string from(const std::string& condition = {}) const {
        std::string text = " FROM logs";
        if (options_.where.empty() && condition.empty()) return text;
        text += " WHERE ";
        if (!options_.where.empty()) text += "(" + options_.where + ")";
        if (!options_.where.empty() && !condition.empty()) text += " AND ";
        return text + condition;
    }
    std::string limit() const { return " LIMIT " + std::to_string(options_.list_rows); }

    static std::uint64_t count_at(const query::Answer& answer, std::size_t row, std::string_view column) {
        return static_cast<std::uint64_t>(number_at(answer, row, column).value_or(0));
    }

    Result<ReportTotals> totals() {
        const auto address = name_for("address"), status = name_for("status"), bytes = name_for("bytes");
        std::string sql = "SELECT count() AS n, min(ts) AS first, max(ts) AS last";
        if (address) sql += ", uniq(" + query::sql_name(*address) + ") AS visitors";
        if (bytes) sql += ", sum(" + number_for(*bytes) + ") AS bytes";
        if (status) sql += ", countIf(" + number_for(*status) + " >= 500) AS failures";
        TRY(const query::Answer answer, source_.ask(sql + from()));
        ReportTotals totals;
        if (answer.row_count == 0) return totals;
        totals.rows = count_at(answer, 0, "n");
        totals.first = static_cast<WallMs>(number_at(answer, 0, "first").value_or(0));
        totals.last = static_cast<WallMs>(number_at(answer, 0, "last").value_or(0));
        if (address) totals.visitors = count_at(answer, 0, "visitors");
        totals.bytes = number_at(answer, 0, "bytes");
        if (status) totals.failures = count_at(answer, 0, "failures");
        return totals;
    }

    const Step& step() const {
        const WallMs span = report_.totals.last - report_.totals.first;
        const Step* chosen = steps.data();
        for (const Step& step : steps) {
            if (span / step.ms >= bars_wanted) chosen = &step;
        }
        // The longest with enough bars, but by the hour as long as those are not too many.
        const Step& hour = steps[4];
        return chosen->ms > hour.ms && span / hour.ms < static_cast<WallMs>(bars_max) ? hour : *chosen;
    }

    Result<void> bars() {
        const Step& chosen = step();
        TRY(const query::Answer answer,
            source_.ask("SELECT toStartOfInterval(ts, INTERVAL " + std::string(chosen.interval) +
                        ") AS t, count() AS n" + from() + " GROUP BY t ORDER BY t LIMIT 1000"));
        report_.bar_ms = chosen.ms;
        for (std::size_t row = 0; row < answer.row_count; ++row) {
            report_.bars.push_back(
                {static_cast<WallMs>(number_at(answer, row, "t").value_or(0)), count_at(answer, row, "n")});
        }
        return {};
    }

    Result<void> list(std::string_view role) {
        const auto field = name_for(role);
        if (!field) return {};
        const auto address = role == "address" ? std::nullopt : name_for("address");
        const std::string name = query::sql_name(*field), present = from(name + " IS NOT NULL");
        std::string sql = "SELECT " + name + " AS v, count() AS n";
        if (address) sql += ", uniq(" + query::sql_name(*address) + ") AS visitors";
        TRY(const query::Answer answer,
            source_.ask(sql + present + " GROUP BY v ORDER BY n DESC, v" + limit()));
        if (answer.row_count == 0) return {};
        TRY(const query::Answer all, source_.ask("SELECT uniq(" + name + ") AS n" + present));
        ReportList list{.role = role, .different = count_at(all, 0, "n")};
        for (std::size_t row = 0; row < answer.row_count; ++row) {
            ReportCount count{text_at(answer, row, "v"), count_at(answer, row, "n"), std::nullopt};
            if (address) count.visitors = count_at(answer, row, "visitors");
            list.rows.push_back(std::move(count));
        }
        report_.lists.push_back(std::move(list));
        return {};
    }

    Result<void> latencies() {
        const auto latency = name_for("latency"), route = name_for("route");
        if (!latency || !route) return {};
        const std::string x = number_for(*latency), name = query::sql_name(*route);
        TRY(const query::Answer answer,
            source_.ask("SELECT " + name + " AS v, count() AS n, quantile(0.5)(" + x +
                        ") AS p50, quantile(0.95)(" + x + ") AS p95, quantile(0.99)(" + x + ") AS p99, max(" +
                        x + ") AS most" + from(x + " IS NOT NULL AND " + name + " IS NOT NULL") +
                        " GROUP BY v ORDER BY n DESC, v" + limit()));
        for (std::size_t row = 0; row < answer.row_count; ++row) {
            const auto number = [&](std::string_view column) {
                return number_at(answer, row, column).value_or(0);
            };
            report_.latencies.push_back({text_at(answer, row, "v"), count_at(answer, row, "n"), number("p50"),
                                         number("p95"), number("p99"), number("most")});
        }
        return {};
    }

    Result<void> slowest() {
        const auto latency = name_for("latency");
        auto what = name_for("page");
        if (!what) what = name_for("route");
        if (!latency || !what) return {};
        const std::string x = number_for(*latency);
        TRY(const query::Answer answer,
            source_.ask("SELECT ts, " + query::sql_name(*what) + " AS v, " + x + " AS ms" +
                        from(x + " IS NOT NULL") + " ORDER BY ms DESC" + limit()));
        for (std::size_t row = 0; row < answer.row_count; ++row) {
            report_.slowest.push_back({static_cast<WallMs>(number_at(answer, row, "ts").value_or(0)),
                                       text_at(answer, row, "v"), number_at(answer, row, "ms").value_or(0)});
        }
        return {};
    }

    const ReportSource& source_;
    const ReportOptions& options_;
    std::map<std::string_view, std::string> players_;  // the field for each role that one can play
    Report report_;
};

}  // namespace

Result<Report> report_from(const ReportSource& source, const ReportOptions& options) {
    return Figures(source, options).all();
}

}  // namespace jebi::log_analytics
