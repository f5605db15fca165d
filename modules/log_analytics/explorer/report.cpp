#include "modules/log_analytics/explorer/report.h"

#include <algorithm>

#include "modules/log_analytics/explorer/answer_text.h"
#include "modules/log_analytics/explorer/html.h"
#include "modules/log_analytics/explorer/pages.h"
#include "modules/log_analytics/explorer/report_queries.h"

namespace jebi::log_analytics {

namespace {

constexpr double chart_width = 960, chart_height = 160;

void show_head(Html& out, const Words& words, const ReportOptions& options) {
    out.markup("<!doctype html>\n<html lang=\"").text(code(words.language()));
    out.markup("\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    out.markup("'unsafe-inline'; img-src data:\">\n<title>").text(options.title).markup(" · ");
    out.text(words["report"]).markup("</title>\n<style>\n").file(page_file("report.css"));
    out.markup("</style>\n</head>\n<body>\n<main>\n<h1>").isolated(options.title).markup("</h1>\n");
}

void show_fact(Html& out, std::string_view name, std::string_view value) {
    out.markup("<div><dt>").text(name).markup("</dt><dd>").text(value).markup("</dd></div>");
}

void show_totals(Html& out, const Words& words, const ReportTotals& totals) {
    out.markup("<p class=\"soft\">").text(utc_text(totals.first)).markup(" – ").text(utc_text(totals.last));
    out.markup(" UTC</p>\n<dl class=\"facts\">");
    show_fact(out, words["report_rows"], grouped(totals.rows));
    if (totals.visitors) show_fact(out, words["report_visitors"], grouped(*totals.visitors));
    if (totals.bytes) show_fact(out, words["report_bytes"], bytes_text(*totals.bytes));
    if (totals.failures) {
        show_fact(out, words["report_failures"],
                  grouped(*totals.failures) + " (" +
                      share_text(static_cast<double>(*totals.failures), static_cast<double>(totals.rows)) +
                      ")");
    }
    out.markup("</dl>\n");
}

std::string length_text(const Words& words, WallMs ms) {
    constexpr WallMs second = 1'000, minute = 60'000, hour = 3'600'000, day = 86'400'000;
    const auto of = [&](std::string_view key, WallMs unit) {
        return words.filled(key, "count", std::to_string(ms / unit));
    };
    if (ms >= day) return of("days", day);
    if (ms >= hour) return of("hours", hour);
    if (ms >= minute) return of("minutes", minute);
    return of("seconds", second);
}

void show_chart(Html& out, const Words& words, const Report& report) {
    if (report.bars.empty()) return;
    const WallMs first = report.bars.front().begin;
    const auto places = static_cast<double>((report.bars.back().begin - first) / report.bar_ms + 1);
    const std::uint64_t most = std::ranges::max(report.bars, {}, &ReportBar::rows).rows;
    const std::string length = length_text(words, report.bar_ms);
    out.markup("<section class=\"wide\"><h2>").text(words.filled("report_over_time", "length", length));
    out.markup("</h2>\n<p class=\"soft\">").text(words.filled("report_most", "count", grouped(most)));
    out.markup("</p>\n<svg class=\"chart\" role=\"img\" preserveAspectRatio=\"none\" viewBox=\"0 0 ");
    out.coordinate(chart_width).markup(" ").coordinate(chart_height).markup("\" aria-label=\"");
    out.text(words.filled("report_over_time", "length", length)).markup("\">\n");
    const double width = chart_width / places;
    for (const ReportBar& bar : report.bars) {
        const double height = static_cast<double>(bar.rows) / static_cast<double>(most) * chart_height;
        const auto place = static_cast<double>((bar.begin - first) / report.bar_ms);
        out.markup("<rect x=\"").coordinate(place * width).markup("\" width=\"");
        out.coordinate(std::max(width * 0.88, 0.5)).markup("\" y=\"").coordinate(chart_height - height);
        out.markup("\" height=\"").coordinate(height).markup("\"><title>").text(utc_text(bar.begin));
        out.markup(" UTC: ").text(grouped(bar.rows)).markup("</title></rect>\n");
    }
    out.markup("</svg>\n<p class=\"ends\"><span>").text(utc_text(first)).markup("</span><span>");
    out.text(utc_text(report.bars.back().begin)).markup("</span></p></section>\n");
}

void show_share(Html& out, double part) {
    out.markup(
        "<svg class=\"share\" width=\"100%\" height=\"6\" aria-hidden=\"true\"><rect rx=\"3\" width=\"");
    out.coordinate(std::clamp(part, 0.0, 1.0) * 100).markup("%\" height=\"6\"/></svg>");
}

void show_list(Html& out, const Words& words, const ReportList& list, std::uint64_t all) {
    const std::uint64_t most = list.rows.front().rows;
    const bool with_visitors = list.rows.front().visitors.has_value();
    out.markup("<section><h2>").text(words["report_" + std::string(list.role)]).markup("</h2>\n");
    out.markup("<p class=\"soft\">").text(words.filled("report_different", "count", grouped(list.different)));
    out.markup("</p>\n<table><thead><tr><th scope=\"col\">").text(words["report_value"]);
    out.markup("</th><th scope=\"col\" class=\"n\">").text(words["report_count"]).markup("</th>");
    out.markup("<th scope=\"col\" class=\"n\">%</th>");
    if (with_visitors)
        out.markup("<th scope=\"col\" class=\"n\">").text(words["report_visitors"]).markup("</th>");
    out.markup("</tr></thead><tbody>\n");
    for (const ReportCount& row : list.rows) {
        out.markup("<tr><td>").isolated(row.value);
        show_share(out, static_cast<double>(row.rows) / static_cast<double>(most));
        out.markup("</td><td class=\"n\">").text(grouped(row.rows)).markup("</td><td class=\"n\">");
        out.text(share_text(static_cast<double>(row.rows), static_cast<double>(all))).markup("</td>");
        if (with_visitors)
            out.markup("<td class=\"n\">").text(grouped(row.visitors.value_or(0))).markup("</td>");
        out.markup("</tr>\n");
    }
    out.markup("</tbody></table></section>\n");
}

void show_latencies(Html& out, const Words& words, const std::vector<ReportLatency>& rows) {
    if (rows.empty()) return;
    out.markup("<section class=\"wide\"><h2>")
        .text(words["report_latency"])
        .markup("</h2>\n<table><thead><tr>");
    out.markup("<th scope=\"col\">")
        .text(words["report_route"])
        .markup("</th><th scope=\"col\" class=\"n\">");
    out.text(words["report_count"]).markup("</th><th scope=\"col\" class=\"n\">p50</th>");
    out.markup("<th scope=\"col\" class=\"n\">p95</th><th scope=\"col\" class=\"n\">p99</th>");
    out.markup("<th scope=\"col\" class=\"n\">").text(words["report_longest"]);
    out.markup("</th></tr></thead><tbody>\n");
    for (const ReportLatency& row : rows) {
        out.markup("<tr><td>").isolated(row.route).markup("</td><td class=\"n\">").text(grouped(row.rows));
        for (const double ms : {row.p50, row.p95, row.p99, row.most})
            out.markup("</td><td class=\"n\">").text(duration_text(ms));
        out.markup("</td></tr>\n");
    }
    out.markup("</tbody></table></section>\n");
}

void show_slowest(Html& out, const Words& words, const std::vector<ReportSlow>& rows) {
    if (rows.empty()) return;
    out.markup("<section class=\"wide\"><h2>")
        .text(words["report_slowest"])
        .markup("</h2>\n<table><thead><tr>");
    out.markup("<th scope=\"col\">").text(words["report_time"]).markup(" (UTC)</th><th scope=\"col\">");
    out.text(words["report_page"]).markup("</th><th scope=\"col\" class=\"n\">");
    out.text(words["report_took"]).markup("</th></tr></thead><tbody>\n");
    for (const ReportSlow& row : rows) {
        out.markup("<tr><td class=\"t\">").text(iso8601(row.ts).replace(10, 1, " ").substr(0, 19));
        out.markup("</td><td>")
            .isolated(row.what)
            .markup("</td><td class=\"n\">")
            .text(duration_text(row.ms));
        out.markup("</td></tr>\n");
    }
    out.markup("</tbody></table></section>\n");
}

void show_all(Html& out, const Words& words, const Report& report) {
    show_totals(out, words, report.totals);
    out.markup("<div class=\"grid\">\n");
    show_chart(out, words, report);
    for (const ReportList& list : report.lists)
        show_list(out, words, list, report.totals.rows);
    show_latencies(out, words, report.latencies);
    show_slowest(out, words, report.slowest);
    out.markup("</div>\n");
}

}  // namespace

Result<std::string> report_html(const ReportSource& source, const ReportOptions& options) {
    TRY(const Report report, report_from(source, options));
    const Words words(options.language);
    Html out;
    show_head(out, words, options);
    if (report.totals.rows == 0)
        out.markup("<p>").text(words["report_nothing"]).markup("</p>\n");
    else
        show_all(out, words, report);
    out.markup("<footer>").text(words["report_made"]).markup("</footer>\n</main>\n</body>\n</html>\n");
    return out.take();
}

Result<std::string> report_html(const Snapshot& snapshot, const ReportOptions& options) {
    const auto ask = [&](const std::string& sql) { return query::run(snapshot, sql, options.query); };
    return report_html(ReportSource{snapshot.columns(), ask}, options);
}

}  // namespace jebi::log_analytics
