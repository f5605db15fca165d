#include "modules/log_analytics/explorer/trace.h"

#include "modules/log_analytics/explorer/explorer.h"
#include "modules/log_analytics/query/testing.h"

namespace jebi::log_analytics {

namespace {

using query::TestRow;

constexpr WallMs begin = 1'800'000'000'000;

TestRow span(const char* id, const char* parent, const char* name, WallMs after, double duration,
             const char* status = "ok") {
    TestRow row{begin + after,
                {{"trace_id", "t1"},
                 {"span_id", id},
                 {"name", name},
                 {"duration_ms", duration},
                 {"otel.status_code", status},
                 {"service.name", "shop"}}};
    if (*parent != '\0') row.fields.emplace_back("parent_span_id", parent);
    return row;
}

Trace trace_of(const std::vector<TestRow>& rows) {
    return trace_from("t1", query::answer_of(query::snapshot_of(rows), trace_query("t1")));
}

// "0 root|1 child": depths and names in the waterfall's order.
std::string shape_of(const Trace& trace) {
    std::string shape;
    for (const Span& one : trace.spans)
        shape += (shape.empty() ? "" : "|") + std::to_string(one.depth) + " " + one.name;
    return shape;
}

// The pages over these rows, as a browser meets them.
class Pages {
public:
    explicit Pages(const std::vector<TestRow>& rows) : snapshot_(query::snapshot_of(rows)) {
        bind_explorer(router_, [this](const http::Request&, const std::string& sql) {
            return query::run(snapshot_, sql, {});
        });
    }
    http::Response get(std::string_view path, std::string_view accept = "text/html") const {
        http::Request request{.path = path};
        request.fields.add("Accept", accept);
        return router_.answer(request);
    }

private:
    Snapshot snapshot_;
    http::Router router_;
};

}  // namespace

TEST_CASE("spans stand below their parents, siblings by their begin") {
    const Trace trace = trace_of({span("c", "a", "late", 50, 10), span("a", "", "root", 0, 100),
                                  span("b", "a", "early", 10, 30), span("d", "b", "deep", 15, 5)});
    CHECK(shape_of(trace) == "0 root|1 early|2 deep|1 late");
    CHECK(trace.begins == begin);
    CHECK(trace.duration_ms == 100);
    CHECK(trace.spans[3].begin_ms == 50);
}

TEST_CASE("a span whose parent is not there is a root that says so") {
    const Trace trace = trace_of({span("a", "gone", "orphan", 0, 1)});
    CHECK(shape_of(trace) == "0 orphan");
    CHECK(trace.spans[0].parent_missing);
}

TEST_CASE("spans in a circle, of themselves, and sent twice are each shown once a row") {
    CHECK(trace_of({span("a", "b", "a", 0, 1), span("b", "a", "b", 1, 1)}).spans.size() == 2);
    CHECK(trace_of({span("a", "a", "self", 0, 1)}).spans.size() == 1);
    CHECK(trace_of({span("a", "", "x", 0, 1), span("a", "", "x", 0, 1)}).spans.size() == 2);
}

TEST_CASE("a long chain of spans is no deep recursion") {
    std::vector<TestRow> rows;
    for (int i = 0; i < 3'000; ++i) {
        const std::string id = std::to_string(i), parent = i == 0 ? "" : std::to_string(i - 1);
        rows.push_back(span(id.c_str(), parent.c_str(), "step", i, 1));
    }
    const Trace trace = trace_of(rows);
    CHECK(trace.spans.size() == trace_rows_max);
    CHECK(trace.cut);
    CHECK(trace.spans.back().depth == trace_rows_max - 1);
}

TEST_CASE("start_ns is finer than the row's time") {
    TestRow one = span("a", "", "one", 0, 1), two = span("b", "", "two", 0, 1);
    one.fields.emplace_back("start_ns", std::int64_t{begin * 1'000'000 + 900'000});
    two.fields.emplace_back("start_ns", std::int64_t{begin * 1'000'000 + 100'000});
    CHECK(shape_of(trace_of({one, two})) == "0 two|0 one");
}

TEST_CASE("what was logged during a trace is listed beside its spans") {
    const Trace trace =
        trace_of({span("a", "", "root", 0, 10),
                  {begin + 5, {{"trace_id", "t1"}, {"span_id", "a"}, {"message", "halfway"}}}});
    REQUIRE(trace.lines.size() == 1);
    CHECK(trace.lines[0].text == "halfway");
    CHECK(trace.lines[0].at_ms == 5);
}

TEST_CASE("the waterfall shows hostile values as text, and forbids all but its own") {
    Pages pages({span("a", "", "<img src=x onerror=alert(1)>", 0, 10, "error")});
    const http::Response response = pages.get("/traces/t1");
    CHECK(response.status == 200);
    CHECK(response.body.contains("&lt;img src=x onerror=alert(1)&gt;"));
    CHECK(!response.body.contains("<img src=x"));
    CHECK(!response.body.contains("style="));
    const auto policy = response.fields.get("Content-Security-Policy").value_or("");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'"));
    CHECK(!policy.contains("unsafe"));
}

TEST_CASE("a trace is JSON for who asks for that") {
    Pages pages({span("a", "", "root", 0, 10)});
    const http::Response response = pages.get("/traces/t1", "application/json");
    CHECK(response.body.starts_with("{\"trace_id\":\"t1\""));
    CHECK(response.body.contains("\"name\":\"root\""));
}

TEST_CASE("a trace that nobody sent is 404, and its id is only text") {
    Pages pages({span("a", "", "root", 0, 10)});
    const http::Response missing = pages.get("/traces/%3Cscript%3E'%60%5C");
    CHECK(missing.status == 404);
    CHECK(!missing.body.contains("<script>"));
    CHECK(pages.get("/traces/" + std::string(300, 'a')).status == 400);
    CHECK(pages.get("/traces/nope", "application/json").body.contains("\"not_found\""));
}

TEST_CASE("the explorer's page names its assets by their hashes, and they are there") {
    Pages pages({});
    const std::string page = pages.get("/").body;
    CHECK(!page.contains("{{"));
    const auto begin_of = page.find("/assets/"), end = page.find('"', begin_of);
    REQUIRE(begin_of != std::string::npos);
    CHECK(pages.get(page.substr(begin_of, end - begin_of)).status == 200);
}

}  // namespace jebi::log_analytics
