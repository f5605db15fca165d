#include "modules/log_analytics/explorer/trace.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "kit/base/unicode.h"
#include "modules/log_analytics/explorer/answer_text.h"
#include "modules/log_analytics/query/search.h"

namespace jebi::log_analytics {

namespace {

constexpr double ns_of_ms = 1e6;

// A row whose times are not yet counted from the trace's begin.
struct Row {
    Span span;
    std::string message;
    std::size_t place = 0;  // among the answer's rows
    bool is_span = false;
};

// Milliseconds since 1970. The row's own time has no finer digits than that; start_ns has.
double begin_of(const query::Answer& answer, std::size_t row) {
    const auto start = number_at(answer, row, "start_ns");
    return start ? *start / ns_of_ms : number_at(answer, row, "ts").value_or(0);
}

Row row_from(const query::Answer& answer, std::size_t row) {
    Row made{.place = row};
    Span& span = made.span;
    span.id = text_at(answer, row, "span_id");
    span.parent_id = text_at(answer, row, "parent_span_id");
    span.name = text_at(answer, row, "name");
    span.service = text_at(answer, row, "service.name");
    if (span.service.empty()) span.service = text_at(answer, row, "service");
    span.failed = lower(text_at(answer, row, "otel.status_code")) == "error" ||
                  lower(text_at(answer, row, "status")) == "error";
    span.begin_ms = begin_of(answer, row);
    const auto duration = number_at(answer, row, "duration_ms");
    span.duration_ms = std::max(0.0, duration.value_or(0));
    made.is_span = duration.has_value() && !span.id.empty();
    for (const std::string_view field : {"message", "msg", "body", "event_name", "originalUrl"}) {
        if (made.message.empty()) made.message = text_at(answer, row, field);
    }
    span.fields = fields_of(answer, row);
    return made;
}

// Puts each span below its parent.
class Order {
public:
    explicit Order(std::vector<Span>& spans) : spans_(spans), children_(spans.size()) {
        std::unordered_map<std::string_view, std::size_t> by_id;
        for (std::size_t i = 0; i < spans.size(); ++i)
            by_id.emplace(spans[i].id, i);
        for (std::size_t i = 0; i < spans.size(); ++i) {
            const auto parent = by_id.find(spans[i].parent_id);
            const bool has_parent = parent != by_id.end() && parent->second != i;
            spans[i].parent_missing = !spans[i].parent_id.empty() && !has_parent;
            has_parent ? children_[parent->second].push_back(i) : roots_.push_back(i);
        }
    }

    std::vector<Span> placed() {
        for (const std::size_t root : roots_)
            place(root);
        // What no root leads to stands in a circle.
        for (std::size_t i = 0; i < spans_.size(); ++i)
            place(i);
        return std::move(placed_);
    }

private:
    void place(std::size_t first) {
        std::vector<std::pair<std::size_t, std::size_t>> waiting{{first, 0}};  // and their depths
        while (!waiting.empty()) {
            const auto [at, depth] = waiting.back();
            waiting.pop_back();
            if (!seen_.insert(at).second) continue;
            placed_.push_back(spans_[at]);
            placed_.back().depth = depth;
            for (auto child = children_[at].rbegin(); child != children_[at].rend(); ++child)
                waiting.emplace_back(*child, depth + 1);
        }
    }

    std::vector<Span>& spans_;
    std::vector<std::vector<std::size_t>> children_;
    std::vector<std::size_t> roots_;
    std::set<std::size_t> seen_;
    std::vector<Span> placed_;
};

void note_bounds(Trace& trace, const std::vector<Row>& rows) {
    double begin = rows.front().span.begin_ms, end = begin;
    for (const Row& row : rows) {
        begin = std::min(begin, row.span.begin_ms);
        end = std::max(end, row.span.begin_ms + row.span.duration_ms);
    }
    trace.begins = static_cast<WallMs>(begin);
    trace.duration_ms = end - begin;
    for (Span& span : trace.spans)
        span.begin_ms -= begin;
    for (TraceLine& line : trace.lines)
        line.at_ms -= begin;
}

}  // namespace

std::string trace_query(std::string_view trace_id) {
    return "SELECT * FROM logs WHERE trace_id = " + query::sql_text(trace_id) + " ORDER BY ts LIMIT " +
           std::to_string(trace_rows_max + 1);
}

Trace trace_from(std::string_view trace_id, const query::Answer& answer) {
    Trace trace{.id = std::string(trace_id), .cut = answer.row_count > trace_rows_max};
    const std::size_t shown = std::min(answer.row_count, trace_rows_max);
    std::vector<Row> rows;
    rows.reserve(shown);
    for (std::size_t row = 0; row < shown; ++row)
        rows.push_back(row_from(answer, row));
    if (rows.empty()) return trace;
    std::ranges::sort(rows, {}, [](const Row& row) { return std::pair(row.span.begin_ms, row.place); });
    std::set<std::string> services;
    for (const Row& row : rows) {
        if (!row.span.service.empty()) services.insert(row.span.service);
        if (row.is_span)
            trace.spans.push_back(row.span);
        else
            trace.lines.push_back({row.span.begin_ms, row.message, row.span.fields});
    }
    trace.services = services.size();
    note_bounds(trace, rows);
    trace.spans = Order(trace.spans).placed();
    return trace;
}

}  // namespace jebi::log_analytics
