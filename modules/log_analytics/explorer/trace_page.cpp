#include <algorithm>
#include <map>

#include "kit/base/json.h"
#include "modules/log_analytics/explorer/answer_text.h"
#include "modules/log_analytics/explorer/pages.h"

namespace jebi::log_analytics {

namespace {

constexpr std::size_t depth_shown_max = 12;
constexpr std::size_t colours = 8;
constexpr double narrowest_percent = 0.4;  // so that a short span is seen
constexpr double ticks = 4;

void show_head(Html& out, const Site& site, const Words& words, std::string_view title) {
    out.markup("<!doctype html>\n<html lang=\"").text(code(words.language()));
    out.markup("\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    out.text(title).markup(" · log-analytics</title>\n<link rel=\"icon\" href=\"");
    out.text(site.assets.address("icon.svg")).markup("\">\n<link rel=\"stylesheet\" href=\"");
    out.text(site.assets.address("explorer.css")).markup("\">\n</head>\n<body>\n");
    out.markup("<a class=\"skip\" href=\"#main\">").text(words["skip"]).markup("</a>\n");
    out.markup("<header class=\"top\"><div class=\"top-in\"><a class=\"brand\" href=\"/\"><img src=\"");
    out.text(site.assets.address("icon.svg")).markup("\" alt=\"\" width=\"28\" height=\"28\">");
    out.markup("<span>log-analytics</span></a><a class=\"lang\" lang=\"").text(words["other_lang"]);
    out.markup("\" href=\"?lang=").text(words["other_lang"]).markup("\">").text(words["other_language"]);
    out.markup("</a></div></header>\n<main id=\"main\" class=\"page narrow\" tabindex=\"-1\">\n");
}

void show_end(Html& out) {
    out.markup("</main>\n</body>\n</html>\n");
}

void show_fields(Html& out, const FieldTexts& fields) {
    out.markup("<dl class=\"fields\">");
    for (const auto& [name, text] : fields) {
        out.markup("<div><dt>").isolated(name).markup("</dt><dd>").isolated(text).markup("</dd></div>");
    }
    out.markup("</dl>");
}

// Each service has one colour, in the order in which they come.
std::map<std::string, std::size_t> colours_of(const Trace& trace) {
    std::map<std::string, std::size_t> colour;
    for (const Span& span : trace.spans)
        colour.emplace(span.service, colour.size() % colours);
    return colour;
}

void show_bar(Html& out, const Span& span, const Trace& trace, std::size_t colour) {
    const double whole = trace.duration_ms > 0 ? trace.duration_ms : 1;
    const double width = std::max(span.duration_ms / whole * 100, narrowest_percent);
    const double begin = std::min(span.begin_ms / whole * 100, 100 - width);
    out.markup("<svg class=\"bar\" width=\"100%\" height=\"14\" aria-hidden=\"true\">");
    for (double tick = 1; tick < ticks; ++tick) {
        out.markup("<rect class=\"tick\" x=\"").coordinate(tick * 100 / ticks);
        out.markup("%\" width=\"1\" height=\"14\"/>");
    }
    out.markup("<rect class=\"b").number(static_cast<std::int64_t>(colour)).markup(" bar-of\" rx=\"3\" x=\"");
    out.coordinate(std::max(begin, 0.0)).markup("%\" width=\"").coordinate(width);
    out.markup("%\" y=\"2\" height=\"10\"/></svg>");
}

void show_span(Html& out, const Words& words, const Trace& trace, const Span& span, std::size_t colour) {
    out.markup("<li><details class=\"span d");
    out.number(static_cast<std::int64_t>(std::min(span.depth, depth_shown_max))).markup("\"><summary>");
    out.markup("<span class=\"span-name\"><span class=\"dot b").number(static_cast<std::int64_t>(colour));
    out.markup("\"></span><b>").isolated(span.name.empty() ? span.id : span.name).markup("</b>");
    if (!span.service.empty()) out.markup(" <small>").isolated(span.service).markup("</small>");
    if (span.failed) out.markup(" <em class=\"bad\">").text(words["error"]).markup("</em>");
    if (span.parent_missing) out.markup(" <em class=\"lost\">").text(words["parent_missing"]).markup("</em>");
    out.markup("</span>");
    show_bar(out, span, trace, colour);
    out.markup("<span class=\"took\">").text(duration_text(span.duration_ms)).markup("</span></summary>");
    show_fields(out, span.fields);
    out.markup("</details></li>\n");
}

void show_scale(Html& out, const Trace& trace) {
    out.markup("<div class=\"scale\" aria-hidden=\"true\">");
    for (double tick = 0; tick <= ticks; ++tick)
        out.markup("<span>").text(duration_text(trace.duration_ms * tick / ticks)).markup("</span>");
    out.markup("</div>");
}

void show_lines(Html& out, const Words& words, const Trace& trace) {
    if (trace.lines.empty()) return;
    out.markup("<section class=\"panel\"><h2>")
        .text(words["trace_lines"])
        .markup("</h2><ol class=\"spans\">");
    for (const TraceLine& line : trace.lines) {
        out.markup("<li><details class=\"line\"><summary><span class=\"took\">+");
        out.text(duration_text(line.at_ms)).markup("</span> ");
        out.isolated(line.text.empty() ? words["no_message"] : line.text).markup("</summary>");
        show_fields(out, line.fields);
        out.markup("</details></li>\n");
    }
    out.markup("</ol></section>\n");
}

void show_facts(Html& out, const Words& words, const Trace& trace) {
    const auto failed = std::ranges::count_if(trace.spans, &Span::failed);
    out.markup("<p class=\"soft\"><code class=\"trace-id\">").isolated(trace.id).markup("</code></p>");
    out.markup("<dl class=\"facts\"><div><dt>").text(words["trace_begins"]).markup("</dt><dd>");
    out.text(iso8601(trace.begins).replace(10, 1, " ").replace(23, 1, " UTC"));
    out.markup("</dd></div><div><dt>").text(words["trace_took"]);
    out.markup("</dt><dd>").text(duration_text(trace.duration_ms)).markup("</dd></div><div><dt>");
    out.text(words["trace_spans"]).markup("</dt><dd>").number(static_cast<std::int64_t>(trace.spans.size()));
    out.markup("</dd></div><div><dt>").text(words["trace_services"]).markup("</dt><dd>");
    out.number(static_cast<std::int64_t>(trace.services)).markup("</dd></div><div><dt>");
    out.text(words["trace_errors"]).markup("</dt><dd>").number(failed).markup("</dd></div></dl>\n");
    if (trace.cut) {
        const std::string most = grouped(trace_rows_max);
        out.markup("<p class=\"alert\">").text(words.filled("trace_cut", "count", most)).markup("</p>\n");
    }
}

}  // namespace

std::string trace_page(const Site& site, const Words& words, const Trace& trace) {
    Html out;
    show_head(out, site, words, words["trace"]);
    out.markup("<h1>").text(words["trace"]).markup("</h1>\n");
    show_facts(out, words, trace);
    if (!trace.spans.empty()) {
        const auto colour = colours_of(trace);
        out.markup("<section class=\"panel\"><h2>").text(words["trace_waterfall"]).markup("</h2>");
        show_scale(out, trace);
        out.markup("<ol class=\"spans\">\n");
        for (const Span& span : trace.spans)
            show_span(out, words, trace, span, colour.at(span.service));
        out.markup("</ol></section>\n");
    }
    show_lines(out, words, trace);
    show_end(out);
    return out.take();
}

std::string failure_page(const Site& site, const Words& words, std::string_view title,
                         std::string_view text) {
    Html out;
    show_head(out, site, words, title);
    out.markup("<h1>").text(title).markup("</h1>\n<p>").isolated(text).markup("</p>\n<p><a href=\"/\">");
    out.text(words["back"]).markup("</a></p>\n");
    show_end(out);
    return out.take();
}

std::string trace_json(const Trace& trace) {
    json::Writer out;
    out.begin_object().key("trace_id").string(trace.id).key("begins").string(iso8601(trace.begins));
    out.key("duration_ms").number(trace.duration_ms).key("cut").boolean(trace.cut);
    out.key("spans").begin_array();
    for (const Span& span : trace.spans) {
        out.begin_object().key("span_id").string(span.id).key("parent_span_id").string(span.parent_id);
        out.key("name").string(span.name).key("service").string(span.service);
        out.key("begin_ms").number(span.begin_ms).key("duration_ms").number(span.duration_ms);
        out.key("failed").boolean(span.failed).key("depth").integer(static_cast<std::int64_t>(span.depth));
        out.key("parent_missing").boolean(span.parent_missing).end_object();
    }
    out.end_array().key("lines").begin_array();
    for (const TraceLine& line : trace.lines)
        out.begin_object().key("at_ms").number(line.at_ms).key("text").string(line.text).end_object();
    return out.end_array().end_object().take();
}

}  // namespace jebi::log_analytics
