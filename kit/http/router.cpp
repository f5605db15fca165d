#include "kit/http/router.h"

#include <array>
#include <cassert>
#include <exception>
#include <map>

#include "kit/base/unicode.h"

namespace jebi::http {

namespace {

constexpr std::size_t segments_max = 32;

// What one pattern leads to, by method.
struct Target {
    std::string pattern;
    std::vector<std::string> names;  // of the {names}, from left to right
    Handler handler;
};
using Targets = std::array<std::unique_ptr<Target>, method_count>;

// A place in the tree of segments.
struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> any;  // below a {name}
    Targets targets;

    bool is_target() const {
        for (const auto& target : targets) {
            if (target) return true;
        }
        return false;
    }
};

bool is_name(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

// "/a/b" -> "a", "b"; "/" -> "".
std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    path.remove_prefix(1);
    while (true) {
        const auto end = path.find('/');
        segments.push_back(path.substr(0, end));
        if (end == std::string_view::npos || segments.size() > segments_max) return segments;
        path.remove_prefix(end + 1);
    }
}

// The segments of a path as they were meant. Nothing when an escape is broken, or when it is no UTF-8.
std::optional<std::vector<std::string>> decoded_segments(std::string_view path) {
    std::vector<std::string> segments;
    for (const auto segment : segments_of(path)) {
        auto text = percent_decoded(segment);
        if (!text || !is_utf8(*text)) return std::nullopt;
        segments.push_back(std::move(*text));
    }
    return segments;
}

using Segments = std::vector<std::string>;
using Captures = std::vector<std::size_t>;  // indices of the segments that {names} matched

const Node* find(const Node& node, const Segments& segments, std::size_t at, Captures& captures) {
    if (at == segments.size()) return node.is_target() ? &node : nullptr;
    if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end()) {
        if (const Node* found = find(*literal->second, segments, at + 1, captures)) return found;
    }
    if (!node.any || segments[at].empty()) return nullptr;
    captures.push_back(at);
    if (const Node* found = find(*node.any, segments, at + 1, captures)) return found;
    captures.pop_back();
    return nullptr;
}

const Target* target_for(const Node& node, Method method) {
    const auto& own = node.targets[static_cast<std::size_t>(method)];
    if (!own && method == Method::head) return target_for(node, Method::get);
    return own.get();
}

std::string allowed(const Node& node) {
    std::string list;
    for (std::size_t i = 0; i < method_count; ++i) {
        const auto method = static_cast<Method>(i);
        if (method != Method::options && target_for(node, method)) list.append(name(method)).append(", ");
    }
    return list.append("OPTIONS");
}

Response with_allow(int status, std::string allow) {
    Response response =
        status == 204 ? Response{.status = 204} : Response::text(status, "The method is not allowed here.\n");
    response.fields.add("Allow", std::move(allow));
    return response;
}

}  // namespace

struct Router::Tree {
    Node root;
    std::vector<Route> routes;
    Handler otherwise = [](const Request&) { return Response::text(404, "There is nothing here.\n"); };
    std::function<Response(const Request&, const Error&)> failed = [](const Request& request, const Error&) {
        return Response::text(500, "Something went wrong here. Trace: " + request.trace.id_hex() + "\n");
    };

    Response routed(Request& request) const;
    Response failure(const Request& request, std::string_view what) const;
};

Router::Router() : tree_(std::make_unique<Tree>()) {}
Router::~Router() = default;

void Router::on(Method method, std::string pattern, Handler handler) {
    assert(pattern.starts_with('/'));
    auto target = std::make_unique<Target>(pattern, std::vector<std::string>{}, std::move(handler));
    Node* node = &tree_->root;
    for (const auto segment : segments_of(pattern)) {
        if (is_name(segment)) target->names.emplace_back(segment.substr(1, segment.size() - 2));
        auto& next = is_name(segment) ? node->any : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    auto& place = node->targets[static_cast<std::size_t>(method)];
    assert(!place && "two handlers for the same method and pattern");
    place = std::move(target);
    tree_->routes.push_back({method, std::move(pattern)});
}

void Router::otherwise(Handler handler) {
    tree_->otherwise = std::move(handler);
}
void Router::on_failure(std::function<Response(const Request&, const Error&)> failed) {
    tree_->failed = std::move(failed);
}
const std::vector<Router::Route>& Router::routes() const {
    return tree_->routes;
}

Response Router::answer(Request& request) const {
    try {
        return tree_->routed(request);
    } catch (const std::exception& thrown) {
        return tree_->failure(request, thrown.what());
    } catch (...) {
        return tree_->failure(request, "something that is no std::exception");
    }
}

Response Router::Tree::routed(Request& request) const {
    if (request.path == "*") return with_allow(204, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    auto segments = decoded_segments(request.path);
    if (!segments) return Response::text(400, "The address has a broken escape.\n");
    Captures captures;
    const Node* node = find(root, *segments, 0, captures);
    if (!node) return otherwise(request);
    const Target* target = target_for(*node, request.method);
    if (!target) return with_allow(request.method == Method::options ? 204 : 405, allowed(*node));
    request.route = target->pattern;
    for (std::size_t i = 0; i < captures.size(); ++i) {
        request.captured.emplace_back(target->names[i], std::move((*segments)[captures[i]]));
    }
    return target->handler(request);
}

// Whoever makes the page for failures may fail as well.
Response Router::Tree::failure(const Request& request, std::string_view what) const {
    try {
        return failed(request,
                      error(Code::internal, "Something went wrong here.").detailed(std::string(what)));
    } catch (...) {
        return Response::text(500, "Something went wrong here.\n");
    }
}

}  // namespace jebi::http
