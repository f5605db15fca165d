#include "modules/log_analytics/explorer/explorer.h"
#include "modules/log_analytics/explorer/report.h"
#include "modules/log_analytics/service_state.h"

namespace jebi::log_analytics {

namespace {

query::QueryOptions query_options(const Service::State& state) {
    query::QueryOptions options;
    options.until = in(state.options.query_max);
    return options;
}

Result<http::Response> answer_report(Service::State& state, const http::Request& request) {
    TRY(Tenant* const tenant, state.tenants.of(request));
    ReportOptions options{.language = language_of(request)};
    TRY(std::string page, report_html({.columns = tenant->store->snapshot().columns(),
                                       .ask =
                                           [&](const std::string& sql) {
                                               return run_query(state, *tenant, sql, query_options(state));
                                           }},
                                      options));
    http::Response response = http::Response::html(200, std::move(page));
    response.fields.set("Cache-Control", "no-store");
    response.fields.set("Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    return response;
}

}  // namespace

void bind_pages(http::Router& router, Service::State& state) {
    bind_explorer(router, [&state](const http::Request& request, std::string sql) -> Result<query::Answer> {
        TRY(Tenant* const tenant, state.tenants.of(request));
        return run_query(state, *tenant, std::move(sql), query_options(state));
    });
    router.on(http::Method::get, "/report", [&state](const http::Request& request) {
        auto answer = answer_report(state, request);
        return answer ? std::move(*answer) : refused(answer.error());
    });
}

}  // namespace jebi::log_analytics
