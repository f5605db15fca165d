#include "app/status_supervisor.h"

#include <algorithm>

#include "kit/base/json.h"

namespace jebi::app {

namespace {

std::string children_json(const std::vector<place::ChildStatus>& children) {
    json::Writer out;
    out.begin_object().key("children").begin_array();
    for (const place::ChildStatus& child : children) {
        out.begin_object().key("name").string(child.name).key("pid").integer(std::max(child.pid, 0));
        out.key("state").string(place::name(child.state)).key("restarts").integer(child.restarts);
        out.key("last_end").string(child.last_end).key("version").string(child.version);
        out.key("memory_bytes").integer(static_cast<std::int64_t>(child.memory_bytes)).end_object();
    }
    return out.end_array().end_object().take();
}

}  // namespace

void bind_children(http::Router& router, const place::Supervisor& supervisor) {
    router.on(http::Method::get, "/status", [&supervisor](const http::Request&) {
        return http::Response::json(200, children_json(supervisor.status()));
    });
}

}  // namespace jebi::app
