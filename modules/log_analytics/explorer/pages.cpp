#include "modules/log_analytics/explorer/pages.h"

#include <algorithm>
#include <cassert>

#include "kit/base/json.h"
#include "modules/log_analytics/explorer/log_explorer_pages.h"
#include "modules/log_analytics/explorer/roles.h"

namespace jebi::log_analytics {

namespace {

// What the page's script needs: the words and the roles, as JSON without '<'.
std::string script_data(const Words& words) {
    json::Writer out;
    out.begin_object().key("lang").string(code(words.language())).key("words").begin_object();
    for (const auto& [key, text] : words.all()) {
        if (key.starts_with("js_")) out.key(key.substr(3)).string(text);
    }
    out.end_object().key("roles").begin_object();
    for (const Role& role : roles()) {
        out.key(role.name).begin_object().key("number").boolean(role.is_number).key("fields").begin_array();
        for (const std::string_view field : role.fields)
            out.string(field);
        out.end_array().end_object();
    }
    return out.end_object().end_object().take();
}

std::string escaped(std::string_view text) {
    return Html().text(text).take();
}

// What stands for {{name}} in a page's file. Of the data for scripts '<' is escaped already.
std::string value_of(const Site& site, const Words& words, std::string_view name) {
    if (name == "data") return script_data(words);
    if (name.starts_with("asset ")) return escaped(site.assets.address(name.substr(6)));
    return escaped(words[name]);
}

}  // namespace

const Embedded& page_file(std::string_view name) {
    const auto found = std::ranges::find(explorer_pages(), name, &Embedded::path);
    assert(found != explorer_pages().end());
    return *found;
}

std::string explorer_page(const Site& site, const Words& words) {
    std::string out;
    std::string_view rest = page_file("explorer.html").content;
    while (!rest.empty()) {
        const auto open = rest.find("{{"), close = rest.find("}}", open);
        out += rest.substr(0, open);
        if (close == rest.npos) break;
        out += value_of(site, words, rest.substr(open + 2, close - open - 2));
        rest.remove_prefix(close + 2);
    }
    return out;
}

http::Response page_answer(const http::Request& request, int status, std::string html) {
    http::Response response = http::Response::html(status, std::move(html));
    response.fields.add("Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    response.fields.add("X-Content-Type-Options", "nosniff");
    response.fields.add("Referrer-Policy", "same-origin");
    response.fields.add("Cross-Origin-Opener-Policy", "same-origin");
    response.fields.add("Cache-Control", "no-store");
    response.fields.add("Vary", "Accept-Language, Cookie, Accept");
    if (auto cookie = language_cookie(request)) response.fields.add("Set-Cookie", std::move(*cookie));
    return response;
}

}  // namespace jebi::log_analytics
