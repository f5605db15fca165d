// The way in: every page, form and API route is bound through the door, so what happens around each of them
// stands in one place.
#pragma once

#include <functional>
#include <string>

#include "kit/http/router.h"
#include "modules/web/site.h"

namespace jebi::web {

// An answer, and who asked for it.
struct Answered {
    http::Response response;
    UserId user{};         // who was signed in; none: a visitor
    std::string username;  // empty for visitors
    std::chrono::nanoseconds took{};
};

class Door {
public:
    using Function = std::function<Answered(const http::Request&)>;

    // Both outlive the door and what it binds.
    Door(http::Router& router, const Site& site) : router_(router), site_(site) {}

    void on(http::Method method, std::string pattern, Function function) const;
    void otherwise(Function function) const;
    void on_failure(std::function<Answered(const http::Request&, const Error&)> failed) const;

private:
    http::Response answer(const http::Request& request, const std::function<Answered()>& function) const;
    http::Router& router_;
    const Site& site_;
};

}  // namespace jebi::web
