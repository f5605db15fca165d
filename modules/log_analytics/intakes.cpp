#include "kit/base/json.h"
#include "modules/log_analytics/intake/bulk_intake.h"
#include "modules/log_analytics/intake/json_intake.h"
#include "modules/log_analytics/intake/loki_intake.h"
#include "modules/log_analytics/intake/otlp_intake.h"
#include "modules/log_analytics/service_state.h"

namespace jebi::log_analytics {

namespace {

constexpr std::size_t small_body_bytes = 64 * 1024;  // taken apart on the loop itself

std::string_view field(const http::Request& request, std::string_view name) {
    return request.fields.get(name).value_or("");
}

// A page in somebody's browser may send without asking; nobody's page but ours may.
Result<void> not_from_elsewhere(const http::Request& request) {
    const std::string_view origin = field(request, "Origin");
    if (origin.empty() || origin.ends_with("//" + std::string(field(request, "Host")))) return {};
    return fail(error(Code::forbidden, "Pages of other sites may not write here.").because("foreign_origin"));
}

// Runs `take` on the request's body without its compression: on the loop when it is small, else on the pool.
template <typename Take>
auto with_body(Service::State& state, const http::Request& request, Take take)
    -> decltype(take(std::string_view{})) {
    const auto work = [&]() -> decltype(take(std::string_view{})) {
        std::string storage;
        TRY(const std::string_view body, decompressed(request.body, field(request, "Content-Encoding"),
                                                      state.options.body_bytes_max, storage));
        return take(body);
    };
    if (request.body.size() <= small_body_bytes && field(request, "Content-Encoding").empty()) return work();
    return state.intake.run(request.until, work);
}

// Keeps the rows of a batch. How many were there already, by their event ids.
Result<std::uint64_t> keep(Service::State& state, Tenant& tenant, Batch& batch, Deadline until) {
    const std::size_t count = batch.rows.count();
    state.rows_refused += batch.refused;
    if (count == 0) return 0;
    TRY(const std::uint64_t fresh, tenant.store->write(std::move(batch.rows), until));
    state.rows_taken += fresh;
    return count - fresh;
}

std::string log_answer(std::size_t taken, std::uint64_t duplicates, const Batch& batch) {
    json::Writer out;
    out.begin_object();
    out.key("taken").integer(static_cast<std::int64_t>(taken));
    if (duplicates > 0) out.key("duplicates").integer(static_cast<std::int64_t>(duplicates));
    if (batch.refused > 0) {
        out.key("refused").integer(static_cast<std::int64_t>(batch.refused));
        out.key("refusals").begin_array();
        for (const Refusal& refusal : batch.refusals) {
            out.begin_object().key("index").integer(static_cast<std::int64_t>(refusal.index));
            out.key("why").string(refusal.why).end_object();
        }
        out.end_array();
    }
    out.end_object();
    return out.take();
}

Result<http::Response> take_log(Service::State& state, const http::Request& request) {
    TRY_VOID(not_from_elsewhere(request));
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(Batch batch, with_body(state, request, [&](std::string_view body) {
            return take_json(body, field(request, "Content-Type"), state.clock.wall_ms());
        }));
    TRY_VOID(has_rows(batch));
    const std::size_t taken = batch.rows.count();
    TRY(const std::uint64_t duplicates, keep(state, *tenant, batch, request.until));
    return http::Response::json(200, log_answer(taken, duplicates, batch));
}

Result<http::Response> take_bulk_request(Service::State& state, const http::Request& request) {
    TRY_VOID(not_from_elsewhere(request));
    TRY(Tenant* const tenant, state.tenants.of(request));
    const auto began = std::chrono::steady_clock::now();
    TRY(Bulk bulk, with_body(state, request, [&](std::string_view body) {
            return take_bulk(body, request.captured_as("index"), state.clock.wall_ms());
        }));
    TRY_VOID(keep(state, *tenant, bulk.batch, request.until));
    const auto took = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - began);
    http::Response response = http::Response::json(200, bulk_answer(bulk, took));
    response.fields.add("X-Elastic-Product", "Elasticsearch");  // its own clients refuse to go on without
    return response;
}

Result<http::Response> take_loki_push(Service::State& state, const http::Request& request) {
    TRY_VOID(not_from_elsewhere(request));
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(Batch batch, with_body(state, request, [](std::string_view body) { return take_loki(body); }));
    TRY_VOID(has_rows(batch));
    TRY_VOID(keep(state, *tenant, batch, request.until));
    if (batch.refused > 0) return http::Response::json(200, log_answer(batch.rows.count(), 0, batch));
    return http::Response{.status = 204};
}

Result<http::Response> take_otlp_request(Service::State& state, OtlpSignal signal, OtlpEncoding encoding,
                                         const http::Request& request) {
    TRY_VOID(not_from_elsewhere(request));
    TRY(Tenant* const tenant, state.tenants.of(request));
    TRY(Batch batch, with_body(state, request, [&](std::string_view body) {
            return take_otlp(signal, encoding, body, state.clock.wall_ms());
        }));
    TRY_VOID(keep(state, *tenant, batch, request.until));
    http::Response response;
    response.fields.set("Content-Type", std::string(content_type(encoding)));
    response.body = otlp_answer(signal, encoding, batch);
    return response;
}

http::Response answer_otlp(Service::State& state, OtlpSignal signal, const http::Request& request) {
    const auto encoding = otlp_encoding(field(request, "Content-Type"));
    if (!encoding) {
        http::Response response = refused(encoding.error());
        response.status = 415;
        return response;
    }
    auto answer = take_otlp_request(state, signal, *encoding, request);
    if (answer) return std::move(*answer);
    http::Response response = refused(answer.error());
    response.fields.set("Content-Type", std::string(content_type(*encoding)));
    response.body = otlp_refusal(*encoding, answer.error().message);
    return response;
}

}  // namespace

void bind_intakes(http::Router& router, Service::State& state) {
    using http::Method;
    const auto on = [&](const char* path,
                        Result<http::Response> (*take)(Service::State&, const http::Request&)) {
        router.on(Method::post, path, [&state, take](const http::Request& request) {
            auto answer = take(state, request);
            return answer ? std::move(*answer) : refused(answer.error());
        });
    };
    on("/log", take_log);
    on("/_bulk", take_bulk_request);
    on("/{index}/_bulk", take_bulk_request);
    on("/loki/api/v1/push", take_loki_push);
    router.on(Method::post, "/v1/logs", [&state](const http::Request& request) {
        return answer_otlp(state, OtlpSignal::logs, request);
    });
    router.on(Method::post, "/v1/traces", [&state](const http::Request& request) {
        return answer_otlp(state, OtlpSignal::traces, request);
    });
}

}  // namespace jebi::log_analytics
