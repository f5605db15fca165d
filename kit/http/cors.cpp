#include "kit/http/cors.h"

#include <algorithm>

namespace jebi::http {

bool Cors::covers(std::string_view path) const {
    return std::ranges::any_of(prefixes, [&](const auto& prefix) { return path.starts_with(prefix); });
}

void Cors::add_to(Response& response) const {
    response.fields.set("Access-Control-Allow-Origin", "*");
    response.fields.set("Access-Control-Expose-Headers", exposed_fields);
}

Response Cors::preflight(std::string methods) const {
    Response response{.status = 204};
    response.fields.add("Access-Control-Allow-Methods", std::move(methods));
    response.fields.add("Access-Control-Allow-Headers", allowed_fields);
    response.fields.add("Access-Control-Max-Age", std::to_string(max_age_s));
    return response;
}

bool is_preflight(const Request& request) {
    return request.method == Method::options && request.fields.get("Origin") &&
           request.fields.get("Access-Control-Request-Method");
}

}  // namespace jebi::http
