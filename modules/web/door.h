// The way in: every page, form and API route is bound through the door, so what happens around each of them
// stands in one place. With more at the door than the site's limit lets in, the rest is answered 503 at once,
// before anybody is asked for it (busy.h).
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

    // What whoever is not let in gets to read.
    using Refusal = std::function<http::Response(const http::Request&, const Error&)>;

    void on(http::Method method, std::string pattern, Function function, Refusal refusal = {}) const;
    void otherwise(Function function) const;
    void on_failure(std::function<Answered(const http::Request&, const Error&)> failed) const;

private:
    http::Response let_in(const http::Request& request, const Function& function,
                          const Refusal& refusal) const;
    http::Response turned_away(const http::Request& request, const Refusal& refusal,
                               const Error& error) const;
    http::Response answer(const http::Request& request, const std::function<Answered()>& function) const;
    http::Router& router_;
    const Site& site_;
};

}  // namespace jebi::web
