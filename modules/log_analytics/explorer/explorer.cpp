#include "modules/log_analytics/explorer/explorer.h"

#include "kit/base/json.h"
#include "modules/log_analytics/explorer/log_explorer_assets.h"
#include "modules/log_analytics/explorer/pages.h"

namespace jebi::log_analytics {

namespace {

bool wants_json(const http::Request& request) {
    for (const auto& [type, weight] : http::weighted(request.fields.get("Accept").value_or(""))) {
        if (weight == 0) continue;
        if (type == "application/json") return true;
        if (type == "text/html" || type == "*/*") return false;
    }
    return false;
}

http::Response failure(const Site& site, const http::Request& request, const Error& error) {
    const int status = http::status_of(error.code);
    if (wants_json(request)) {
        json::Writer out;
        out.begin_object().key("error").begin_object();
        out.key("code").string(name(error.code)).key("message").string(error.message);
        return http::Response::json(status, out.end_object().end_object().take());
    }
    const Words& words = site.words(language_of(request));
    const auto& title = words[error.code == Code::not_found ? "trace_not_found" : "failed"];
    return page_answer(request, status, failure_page(site, words, title, error.message));
}

http::Response show_trace(const Site& site, const AskFor& ask, const http::Request& request) {
    const std::string_view id = request.captured_as("id");
    if (id.size() > trace_id_bytes_max)
        return failure(site, request, error(Code::invalid, "A trace id has at most 128 bytes."));
    const auto answer = ask(request, trace_query(id));
    if (!answer) return failure(site, request, answer.error());
    const Trace trace = trace_from(id, *answer);
    if (trace.spans.empty() && trace.lines.empty())
        return failure(site, request,
                       error(Code::not_found, "No row has the trace id " + std::string(id) + "."));
    if (wants_json(request)) return http::Response::json(200, trace_json(trace));
    return page_answer(request, 200, trace_page(site, site.words(language_of(request)), trace));
}

}  // namespace

void bind_explorer(http::Router& router, AskFor ask, std::string assets_folder) {
    // Shared by the three handlers, which live as long as the router.
    const auto site = std::make_shared<const Site>(http::Assets(explorer_assets(), std::move(assets_folder)));
    router.on(http::Method::get, "/", [site](const http::Request& request) {
        return page_answer(request, 200, explorer_page(*site, site->words(language_of(request))));
    });
    router.on(http::Method::get, "/assets/{hash}/{name}",
              [site](const http::Request& request) { return site->assets.serve(request); });
    router.on(http::Method::get, "/traces/{id}", [site, ask = std::move(ask)](const http::Request& request) {
        return show_trace(*site, ask, request);
    });
}

}  // namespace jebi::log_analytics
