#include <stdexcept>

#include "kit/base/ids.h"
#include "kit/base/json.h"
#include "modules/log_analytics/query/search.h"
#include "modules/log_analytics/service_state.h"

namespace jebi::log_analytics {

namespace {

constexpr Millis patience{100};   // a quicker answer gets its own status
constexpr Millis look_again{50};  // whether the client is still there

enum class Format : std::uint8_t { json, json_lines, csv, table };

struct Question {
    std::string sql;
    Format format;
    std::uint64_t after_row = 0;
};

Result<Format> format_from(std::string_view name, Format standard) {
    if (name.empty()) return standard;
    if (name == "json") return Format::json;
    if (name == "jsonl") return Format::json_lines;
    if (name == "csv") return Format::csv;
    if (name == "table") return Format::table;
    return fail(error(Code::invalid,
                      "The format is json, jsonl, csv or table; \"" + std::string(name) + "\" is none.")
                    .because("bad_format")
                    .at("format"));
}

Result<Question> question_of(const http::Request& request) {
    TRY(const auto fields, http::form_from(request.query));
    const bool posted = request.method == http::Method::post;
    TRY(const Format format,
        format_from(fields.get("format").value_or(""), posted ? Format::json_lines : Format::json));
    std::string sql{posted ? request.body : fields.get("q").value_or("")};
    if (sql.empty())
        return fail(error(Code::invalid, posted
                                             ? "The body is empty. It should be SQL: SELECT count() FROM logs"
                                             : "There is no query. Try /query?q=SELECT count() FROM logs")
                        .because("no_query")
                        .at("q"));
    const std::string_view after = fields.get("after").value_or("0");
    const auto row = after == "0" ? std::optional<std::uint64_t>{0} : id_from(after);
    if (!row)
        return fail(error(Code::invalid, "after is the number of a row.").because("bad_after").at("after"));
    return Question{.sql = std::move(sql), .format = format, .after_row = *row};
}

const char* content_type_of(Format format) {
    switch (format) {
        case Format::json:
            return "application/json";
        case Format::json_lines:
            return "application/x-ndjson";
        case Format::csv:
            return "text/csv; charset=utf-8";
        case Format::table:
            break;
    }
    return "text/plain; charset=utf-8";
}

std::string written(const query::Answer& answer, Format format) {
    switch (format) {
        case Format::json:
            return as_json(answer);
        case Format::json_lines:
            return as_json_lines(answer);
        case Format::csv:
            return as_csv(answer);
        case Format::table:
            break;
    }
    return as_table(answer);
}

std::string error_body(const Error& error) {
    json::Writer out;
    out.begin_object().key("error").begin_object();
    out.key("code").string(error.reason.empty() ? name(error.code) : std::string_view{error.reason});
    out.key("message").string(error.message);
    out.end_object().end_object();
    return out.take();
}

// A query that runs in a fiber of its own, shared by that and by whoever waits for it.
struct Running {
    std::atomic<bool> stop = false;
    fiber::Event done;
    Result<query::Answer> answer = fail(Code::internal, "The query has not ended.");
};

}  // namespace

http::Response refused(const Error& error) {
    int status = http::status_of(error.code);
    if (error.reason == "disk_full") status = 507;
    http::Response response = http::Response::json(status, error_body(error));
    if (error.retry_after_s > 0) response.fields.add("Retry-After", std::to_string(error.retry_after_s));
    return response;
}

Result<query::Answer> run_query(Service::State& state, Tenant& tenant, std::string sql,
                                query::QueryOptions options) {
    ++state.queries_run;
    options.threads = &state.query_threads;
    options.workers = state.options.query_workers;
    options.memory_bytes_max = state.options.query_memory_bytes_max;
    options.now_ms = state.clock.wall_ms();
    return state.queries.run(options.until,
                             [&] { return query::run(tenant.store->snapshot(), sql, options); });
}

namespace {

http::Response answered(const query::Answer& answer, Format format) {
    http::Response response;
    response.fields.set("Content-Type", content_type_of(format));
    response.fields.set("X-Rows-Read", std::to_string(answer.cost.rows_read));
    response.fields.set("X-Bytes-Read", std::to_string(answer.cost.bytes_read));
    response.fields.set("X-Query-Ms", std::to_string(answer.cost.ms));
    if (!answer.damaged.empty()) response.fields.set("X-Damaged", std::to_string(answer.damaged.size()));
    response.body = written(answer, format);
    return response;
}

std::shared_ptr<Running> start_query(Service::State& state, Tenant& tenant, const Question& question) {
    const auto running = std::make_shared<Running>();
    auto pass = std::make_shared<fiber::Gate::Pass>(state.running.enter());
    fiber::spawn(*fiber::current_loop(), [&state, &tenant, question, running, pass] {
        query::QueryOptions options;
        options.until = in(state.options.query_max);
        options.stop = &running->stop;
        options.after_row = question.after_row;
        running->answer = run_query(state, tenant, question.sql, options);
        if (!running->answer && running->answer.error().reason == "stopped") ++state.queries_stopped;
        running->done.set();
    });
    return running;
}

// The status is sent before the answer is known; then an error can only be told in the body, which is cut.
void stream_answer(Running& running, Format format, http::BodyWriter& writer) {
    while (!running.done.is_set()) {
        if (writer.wait_until(in(look_again))) continue;
        running.stop = true;
        return;
    }
    writer.write(running.answer ? written(*running.answer, format)
                                : error_body(running.answer.error()) + "\n");
    if (!running.answer) throw std::runtime_error(running.answer.error().message);
}

Result<http::Response> answer_query(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(const Question question, question_of(request));
    const auto running = start_query(state, *tenant, question);
    if (running->done.wait_until(in(patience))) {
        TRY(const query::Answer answer, std::move(running->answer));
        return answered(answer, question.format);
    }
    http::Response response;
    response.fields.set("Content-Type", content_type_of(question.format));
    response.stream = [running, format = question.format](http::BodyWriter& writer) {
        stream_answer(*running, format, writer);
    };
    return response;
}

Result<http::Response> answer_where(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(const auto fields, http::form_from(request.query));
    TRY(const std::string where, query::where_of(fields.get("q").value_or(""), tenant->store->snapshot()));
    json::Writer out;
    out.begin_object().key("where").string(where).end_object();
    return http::Response::json(200, out.take());
}

Result<http::Response> answer_fields(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    std::map<std::string, std::vector<Kind>> fields;
    for (const Column& column : tenant->store->snapshot().columns())
        fields[column.name].push_back(column.kind);
    json::Writer out;
    out.begin_object().key("fields").begin_array();
    for (const auto& [field, kinds] : fields) {
        out.begin_object().key("name").string(field).key("kinds").begin_array();
        for (const Kind kind : kinds)
            out.string(field == time_column ? "time" : name(kind));
        out.end_array().end_object();
    }
    out.end_array().end_object();
    return http::Response::json(200, out.take());
}

Result<http::Response> answer_stats(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    const StoreStats stats = tenant->store->stats();
    const std::pair<const char*, std::uint64_t> figures[] = {
        {"rows", stats.rows},
        {"rows_taken", stats.rows_taken},
        {"duplicates", stats.duplicates},
        {"groups", stats.groups},
        {"segments", stats.segments},
        {"segment_bytes", stats.segment_bytes},
        {"wal_bytes", stats.wal_bytes},
        {"tail_bytes", stats.tail_bytes},
        {"queue_bytes", stats.queue_bytes},
        {"sealed", stats.sealed},
        {"merged", stats.merged},
        {"dropped", stats.dropped},
    };
    json::Writer out;
    out.begin_object().key("tenant").string(tenant->name);
    for (const auto& [figure, value] : figures)
        out.key(figure).integer(static_cast<std::int64_t>(value));
    out.key("damaged").begin_array();
    for (const std::string& what : tenant->store->damaged())
        out.string(what);
    out.end_array().end_object();
    return http::Response::json(200, out.take());
}

}  // namespace

void bind_queries(http::Router& router, Service::State& state) {
    using http::Method;
    const auto on = [&](Method method, const char* path,
                        Result<http::Response> (*answer)(Service::State&, const http::Request&)) {
        router.on(method, path, [&state, answer](const http::Request& request) {
            auto answered = answer(state, request);
            http::Response response = answered ? std::move(*answered) : refused(answered.error());
            response.fields.add("Cache-Control", "no-store");
            return response;
        });
    };
    on(Method::get, "/query", answer_query);
    on(Method::post, "/query", answer_query);
    on(Method::get, "/where", answer_where);
    on(Method::get, "/fields", answer_fields);
    on(Method::get, "/stats", answer_stats);
}

}  // namespace jebi::log_analytics
