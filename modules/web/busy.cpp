#include "modules/web/busy.h"

#include <algorithm>

#include "kit/base/json.h"
#include "modules/web/templates/escape.h"
#include "modules/web/templates/languages.h"
#include "modules/web/visit.h"

namespace jebi::web {

namespace {

bool is_for_people(const http::Request& request) {
    return request.fields.get("Accept").value_or("") != "application/json" &&
           !request.path.starts_with("/api/") && !request.path.starts_with("/apiv1/");
}

bool is_password(const std::pair<std::string, std::string>& field) {
    return field.first.contains("password");
}

// Nothing where there is nothing to send again, or what is better typed again, or where the path would lead
// to another host ("//evil.example/").
std::string sent_again(const Site& site, Language language, const http::Request& request) {
    const auto form = http::form_from(request.body);
    if (request.method != http::Method::post || !is_own_path(request.path)) return "";
    if (!form || std::ranges::any_of(form->list, is_password)) return "";
    std::string out = "<form method=\"post\" action=\"" + html_escaped(request.path) + "\">";
    for (const auto& [name, value] : form->list)
        out += "<input type=\"hidden\" name=\"" + html_escaped(name) + "\" value=\"" + html_escaped(value) +
               "\">";
    return out + "<p class=\"choice\"><button class=\"button big\">" +
           html_escaped(site.templates.text(language, "unsent_again")) + "</button></p></form>";
}

std::string page(const Site& site, const http::Request& request) {
    const Language language = language_of(request);
    const auto words = [&](const char* key) { return html_escaped(site.templates.text(language, key)); };
    return "<!doctype html><html lang=\"" + words("lang") + "\"><meta charset=\"utf-8\"><title>" +
           words("error_title") +
           "</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
           "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"stylesheet\" href=\"" +
           html_escaped(site.assets.address("jebi.css")) +
           "\"><div class=\"shell\"><main id=\"main\"><section class=\"lost\"><h1>" + words("error_title") +
           "</h1><p class=\"lead\">" + words("error_busy") + "</p>" + sent_again(site, language, request) +
           "</section></main></div>\n";
}

}  // namespace

http::Response error_for_programs(const http::Request& request, const Error& error) {
    json::Writer out;
    out.begin_object().key("error").begin_object();
    out.key("code").string(error.reason.empty() ? name(error.code) : std::string_view(error.reason));
    out.key("message").string(error.message).key("trace_id").string(request.trace.id_hex());
    out.end_object().end_object();
    return http::Response::json(http::status_of(error.code), out.take());
}

http::Response busy(const Site& site, const http::Request& request, const Error& error) {
    http::Response response = is_for_people(request)
                                  ? http::Response::html(http::status_of(error.code), page(site, request))
                                  : error_for_programs(request, error);
    response.fields.add("Cache-Control", "no-store");
    response.fields.add("Retry-After", std::to_string(std::max(error.retry_after_s, std::int64_t{1})));
    return response;
}

}  // namespace jebi::web
