#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/json_fields.h"
#include "app/status_verbs.h"
#include "app/terminal.h"
#include "kit/base/unicode.h"
#include "kit/http/client.h"
#include "kit/http/url.h"
#include "kit/place/signals.h"

namespace jebi::app {

namespace {

constexpr Millis answer_max{10'000};
constexpr std::size_t bar_columns_min = 10, bar_columns_max = 60;
constexpr std::size_t text_columns_max = 60;  // of a service, of a span's name with its depth
constexpr std::size_t depth_shown_max = 16;
constexpr std::size_t id_bytes = 32;

struct Span {
    std::string service, name;
    double begin_ms = 0, duration_ms = 0;
    std::size_t depth = 0;
    bool failed = false, parent_missing = false;
};
struct Line {
    double at_ms = 0;
    std::string text;
};
struct Trace {
    std::string id, begins;
    double duration_ms = 0;
    bool is_cut = false;
    std::vector<Span> spans;
    std::vector<Line> lines;
};

Span span_from(const json::Value& said) {
    return {.service = text_of(said, "service"),
            .name = text_of(said, "name"),
            .begin_ms = std::max(0.0, number_of(said, "begin_ms").value_or(0)),
            .duration_ms = std::max(0.0, number_of(said, "duration_ms").value_or(0)),
            .depth = static_cast<std::size_t>(
                std::clamp(number_of(said, "depth").value_or(0), 0.0, static_cast<double>(depth_shown_max))),
            .failed = flag_of(said, "failed"),
            .parent_missing = flag_of(said, "parent_missing")};
}

// As log-analytics tells it (modules/log_analytics/explorer/trace.h).
Trace trace_from(const json::Value& said) {
    Trace trace{.id = text_of(said, "trace_id"),
                .begins = text_of(said, "begins"),
                .duration_ms = std::max(0.0, number_of(said, "duration_ms").value_or(0)),
                .is_cut = flag_of(said, "cut")};
    for_each_in(said, "spans", [&](const json::Value& span) { trace.spans.push_back(span_from(span)); });
    for_each_in(said, "lines", [&](const json::Value& line) {
        trace.lines.push_back({number_of(line, "at_ms").value_or(0), text_of(line, "text")});
    });
    return trace;
}

Result<std::string> well_formed(const std::string& given) {
    std::string id = lower(given);
    const bool is_hex = id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (id.size() == id_bytes && is_hex) return id;
    return fail(Code::invalid,
                "That is no trace id: it has 32 hex digits. Error pages, answers and log lines show it.");
}

Result<http::ClientOptions> log_analytics_at(const http::Url& url) {
    http::ClientOptions options{.address = url.address};
    if (url.secure) {
        TRY(options.tls, fiber::TlsClient::open());
    }
    return options;
}

Error nobody_there(Error error, const std::string& url) {
    error.message += " Is log-analytics running at " + url + "? (--log-analytics-url says where)";
    return error;
}

Result<Trace> asked(const std::string& id, const place::Settings& settings) {
    const std::string& at = settings.text("log_analytics.url");
    if (at.empty())
        return fail(Code::invalid,
                    "No log-analytics keeps traces: log_analytics.url is empty. Say where it is.");
    TRY(const http::Url url, http::Url::from(at));
    TRY(const http::ClientOptions options, log_analytics_at(url));
    http::Client client{options};
    http::ClientRequest request{.target = url.path + "/traces/" + id};
    request.fields.add("Accept", "application/json");
    if (!settings.text("log_analytics.token").empty())
        request.fields.add("Authorization", "Bearer " + settings.text("log_analytics.token"));
    auto answer = client.send(request, in(answer_max));
    if (!answer) return fail(nobody_there(std::move(answer.error()), at));
    if (answer->status == 404) {
        return fail(Code::not_found,
                    "log-analytics knows no span of " + id +
                        ". Kept are failed and slow ones, and of the rest " +
                        std::to_string(settings.integer("traces.sampled_percent")) +
                        " in 100 requests (traces.sampled_percent); and it takes a second or two.");
    }
    if (answer->status != 200)
        return fail(Code::unavailable, "log-analytics answers " + std::to_string(answer->status) + ".");
    TRY(const json::Value said, json::parse(answer->body));
    return trace_from(said);
}

// Where the span stands in the whole, as a bar of so many columns.
std::string bar_of(const Span& span, double whole_ms, std::size_t columns, std::string_view mark) {
    const auto all = static_cast<double>(columns);
    const double scale = all / std::max(whole_ms, 1e-6);
    const auto begin = static_cast<std::size_t>(std::min(span.begin_ms * scale, all - 1));
    const auto size = static_cast<std::size_t>(
        std::clamp(std::round(span.duration_ms * scale), 1.0, all - static_cast<double>(begin)));
    std::string bar(begin, ' ');
    for (std::size_t i = 0; i < size; ++i)
        bar += mark;
    return bar;
}

std::string shown_name(const Span& span) {
    return std::string(span.depth * 2, ' ') + span.name +
           (span.parent_missing ? " (its parent is missing)" : "");
}

// What is left beside the other columns.
std::size_t bar_columns(const Trace& trace, const Terminal& terminal) {
    if (!terminal.is_there) return bar_columns_max;
    constexpr std::size_t numbers = 24;
    std::size_t service = 0, name = 0;
    for (const Span& span : trace.spans) {
        service = std::max(service, std::min(terminal_columns(span.service), text_columns_max));
        name = std::max(name, std::min(terminal_columns(shown_name(span)), text_columns_max));
    }
    const std::size_t others = service + name + numbers;
    const std::size_t left = terminal.columns > others ? terminal.columns - others : 0;
    return std::clamp(left, bar_columns_min, bar_columns_max);
}

void print_head(const Trace& trace, const Terminal& terminal) {
    std::string when = trace.begins;
    std::ranges::replace(when, 'T', ' ');
    const auto failed = std::ranges::count_if(trace.spans, &Span::failed);
    const std::string head = "trace " + trace.id + "  " + when + "  " + duration_text(trace.duration_ms) +
                             "  " + std::to_string(trace.spans.size()) + " spans, " + std::to_string(failed) +
                             " failed";
    std::printf("%s\n", terminal.fitted(head).c_str());
    if (trace.is_cut) std::printf("There are more spans than are shown here.\n");
}

void print_spans(const Trace& trace, const Terminal& terminal) {
    const std::size_t columns = bar_columns(trace, terminal);
    const std::string_view mark = terminal.in_utf8 ? "█" : "#";
    Table table{{"SERVICE", "SPAN", ">AFTER", ">TOOK", ""}};
    for (const Span& span : trace.spans) {
        const Colour colour = span.failed ? Colour::bad : Colour::plain;
        table.add(
            {fitted_to_columns(span.service, text_columns_max),
             {fitted_to_columns(shown_name(span), text_columns_max) + (span.failed ? " !" : ""), colour},
             duration_text(span.begin_ms),
             duration_text(span.duration_ms),
             {bar_of(span, trace.duration_ms, columns, mark), colour}});
    }
    std::printf("%s", table.text(terminal).c_str());
}

}  // namespace

Result<void> show_trace(const CommandLine& line, const place::Settings& settings) {
    place::release_signals();
    TRY(const std::string id, well_formed(line.argument("ID")));
    TRY(const Trace trace, asked(id, settings));
    const Terminal terminal = Terminal::of_output();
    print_head(trace, terminal);
    if (!trace.spans.empty()) print_spans(trace, terminal);
    for (const Line& said : trace.lines)
        std::printf("%s\n", terminal.fitted("+" + duration_text(said.at_ms) + "  " + said.text).c_str());
    return {};
}

}  // namespace jebi::app
