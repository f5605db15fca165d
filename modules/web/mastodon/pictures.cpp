#include "modules/web/mastodon/pictures.h"

namespace jebi::web::mastodon {

namespace {

constexpr std::string_view header =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200" width="600" height="200">)"
    R"(<rect width="600" height="200" fill="#dcebf7"/>)"
    R"(<path d="M0 150Q300 176 600 150" fill="none" stroke="#4a6076" stroke-width="3"/></svg>)";

http::Response picture(std::string svg) {
    http::Response response{.status = 200};
    response.fields.add("Content-Type", "image/svg+xml");
    response.fields.add("Cache-Control", "public, max-age=3600");
    response.body = std::move(svg);
    return response;
}

}  // namespace

void bind_pictures(http::Router& router) {
    router.on(http::Method::get, "/headers/generated.svg",
              [](const http::Request&) { return picture(std::string(header)); });
}

}  // namespace jebi::web::mastodon
