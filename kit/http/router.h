// From method and path to a handler.
//
// A pattern is a path whose segments may be {names}: "/tweets/{id}/edit". A segment in braces matches
// one non-empty segment of the path. Literal segments win over {names}; segments are compared after
// percent-decoding, and "/a/" is not "/a". HEAD is served by GET (the server leaves the body out), OPTIONS
// and 405 answer the Allow header from the table, a path with a broken escape or that is no UTF-8 gets 400.
//
// Routes are made before the first answer() and not later; answer() is thread-safe then.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kit/http/cors.h"
#include "kit/http/message.h"

namespace jebi::http {

class Router {
public:
    Router();
    ~Router();
    // Twice the same method and pattern is our mistake: an assert.
    void on(Method method, std::string pattern, Handler handler);
    // Lets a route that is there already take bodies of so many bytes, whatever the server's limit is.
    void set_body_bytes_max(Method method, std::string_view pattern, std::size_t bytes_max);
    // For Limits::body_bytes_max_at.
    std::optional<std::size_t> body_bytes_max(Method method, std::string_view path) const;
    // Answers what no pattern matches; without one: a plain 404.
    void otherwise(Handler handler);
    // Answers a method that the pattern of the path does not have; Allow is added. Without one: plain text,
    // 405.
    void on_wrong_method(Handler handler);
    // Makes the answer (500) when a handler throws, and is the place to log it: the Error is `internal`, its
    // detail is what was thrown. Without one: plain text with the trace id.
    void on_failure(std::function<Response(const Request&, const Error&)> failed);

    // Opens what begins with `cors.prefixes` to pages of other sites: preflights are answered from the table
    // (on a path that no pattern matches, with every method, so that the page gets to see its 404), and every
    // answer, refusals and failures too, may be read.
    void open_to_other_sites(Cors cors);

    // Sets the request's `route` and `captured`. Never throws.
    Response answer(Request& request) const;

    struct Route {
        Method method;
        std::string pattern;
    };
    // All routes in the order of their making, for tests that hold every one to a rule.
    const std::vector<Route>& routes() const;

private:
    struct Tree;
    std::unique_ptr<Tree> tree_;
};

}  // namespace jebi::http
