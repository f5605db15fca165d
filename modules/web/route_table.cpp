#include "modules/web/route_table.h"

namespace jebi::web {

// Read when somebody asks: others bind routes after this one.
void bind_route_table(http::Router& router) {
    router.on(http::Method::get, "/dev/routes", [&router](const http::Request&) {
        std::string lines;
        for (const auto& [method, pattern] : router.routes())
            lines += std::string(http::name(method)) + " " + pattern + "\n";
        return http::Response::text(200, std::move(lines));
    });
}

}  // namespace jebi::web
