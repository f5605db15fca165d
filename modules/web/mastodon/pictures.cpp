#include "modules/web/mastodon/pictures.h"

#include <array>

#include "kit/base/unicode.h"
#include "modules/web/api/asked.h"
#include "modules/web/linkify.h"
#include "modules/web/show.h"

namespace jebi::web::mastodon {

namespace {

// Degrees, as .hue-0 to .hue-11 of jebi.css have them.
constexpr std::array<int, 12> hues{14, 30, 44, 72, 120, 158, 184, 202, 220, 250, 288, 338};

constexpr std::string_view header =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200" width="600" height="200">)"
    R"(<rect width="600" height="200" fill="#dcebf7"/>)"
    R"(<path d="M0 150Q300 176 600 150" fill="none" stroke="#4a6076" stroke-width="3"/></svg>)";

std::string colour(int hue, std::string_view rest) {
    return "hsl(" + std::to_string(hue) + "," + std::string(rest) + ")";
}

std::string bird(const accounts::User& user) {
    const int hue = hues.at(hue_of(user));
    std::string svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -4 64 64" width="400" height="400">)"
        R"(<rect x="-8" y="-4" width="64" height="64" fill="#f4f8fb"/><path fill=")" +
        colour(hue, "34%,66%") + R"(" d="M29 40 18 60l-2.5-9L7 57l5-21Z"/>)" +
        R"(<path fill="#e0a03c" d="M44 14.5 52 20.5 45.5 25Z"/><circle cx="24" cy="24" r="23" fill=")" +
        colour(hue, "52%,86%") + R"("/><text x="24" y="25" font-family="sans-serif" font-size="22" )" +
        R"(text-anchor="middle" dominant-baseline="central" fill=")" + colour(hue, "55%,24%") + R"(">)";
    append_escaped(svg, first_grapheme(user.display_name()));
    return svg + "</text></svg>";
}

http::Response picture(std::string svg) {
    http::Response response{.status = 200};
    response.fields.add("Content-Type", "image/svg+xml");
    response.fields.add("Cache-Control", "public, max-age=3600");
    response.body = std::move(svg);
    return response;
}

http::Response avatar(const Site& site, const http::Request& request) {
    const auto id = id_from(request.captured_as("id"));
    if (!id) return http::Response::text(404, "There is no such picture.\n");
    const auto user = api::user_with_id(site, call_of(request), *id);
    if (!user) return http::Response::text(http::status_of(user.error().code), user.error().message + "\n");
    return picture(bird(*user));
}

}  // namespace

void bind_pictures(http::Router& router, const Site& site) {
    router.on(http::Method::get, "/avatars/{id}/generated.svg",
              [&site](const http::Request& request) { return avatar(site, request); });
    router.on(http::Method::get, "/headers/generated.svg",
              [](const http::Request&) { return picture(std::string(header)); });
}

}  // namespace jebi::web::mastodon
