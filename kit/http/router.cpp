#include "kit/http/router.h"

#include <array>
#include <cassert>
#include <exception>
#include <map>

#include "kit/base/unicode.h"

namespace jebi::http {

namespace {

constexpr std::size_t segments_max = 32;
constexpr std::string_view all_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

// What one pattern leads to, by method.
struct Target {
    std::string pattern;
    std::vector<std::string> names;  // of the {names}, from left to right
    Handler handler;
    std::optional<std::size_t> body_bytes_max{};
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

// The segments of a path as they were meant: "/a/b%2Fc" has "a" and "b/c", "/" has "". The views look into
// the path, or into memory here where an escape was undone.
class Segments {
public:
    explicit Segments(std::string_view path) : valid_(is_utf8(path)) {
        do {
            path.remove_prefix(1);
            const auto segment = path.substr(0, path.find('/'));
            list_[count_++] = segment.contains('%') ? decoded(segment) : segment;
            path.remove_prefix(segment.size());
        } while (!path.empty() && count_ < segments_max);
        too_many_ = !path.empty();
    }
    Segments(const Segments&) = delete;

    // No escape was broken, and all is UTF-8.
    bool valid() const { return valid_; }
    bool too_many() const { return too_many_; }
    std::size_t size() const { return count_; }
    std::string_view operator[](std::size_t at) const { return list_[at]; }

private:
    std::string_view decoded(std::string_view segment) {
        decoded_.reserve(segments_max);  // so that none of them moves
        auto text = percent_decoded(segment);
        valid_ = valid_ && text && is_utf8(*text);
        return decoded_.emplace_back(std::move(text).value_or(""));
    }

    std::array<std::string_view, segments_max> list_;
    std::vector<std::string> decoded_;
    std::size_t count_ = 0;
    bool valid_;
    bool too_many_ = false;
};

// Which segments {names} matched.
struct Captures {
    std::array<std::size_t, segments_max> at;
    std::size_t count = 0;
};

const Node* find(const Node& node, const Segments& segments, std::size_t at, Captures& captures) {
    if (at == segments.size()) return node.is_target() ? &node : nullptr;
    if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end()) {
        if (const Node* found = find(*literal->second, segments, at + 1, captures)) return found;
    }
    if (!node.any || segments[at].empty()) return nullptr;
    captures.at[captures.count++] = at;
    if (const Node* found = find(*node.any, segments, at + 1, captures)) return found;
    --captures.count;
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

Response with_allow(Response response, std::string allow) {
    response.fields.add("Allow", std::move(allow));
    return response;
}

}  // namespace

struct Router::Tree {
    Node root;
    std::vector<Route> routes;
    Handler otherwise = [](const Request&) { return Response::text(404, "There is nothing here.\n"); };
    Handler wrong_method = [](const Request&) {
        return Response::text(405, "The method is not allowed here.\n");
    };
    std::function<Response(const Request&, const Error&)> failed = [](const Request& request, const Error&) {
        return Response::text(500, "Something went wrong here. Trace: " + request.trace.id_hex() + "\n");
    };

    Cors cors{};  // without prefixes: for nobody

    // Makes it where it is not there yet.
    Node* node_of_pattern(std::string_view pattern, std::vector<std::string>* names = nullptr);
    Response answer(Request& request) const;
    Response preflight(const Request& request) const;
    Response routed(Request& request) const;
    const Node* node_at(std::string_view path) const;
    Response failure(const Request& request, std::string_view what) const;
};

Router::Router() : tree_(std::make_unique<Tree>()) {}
Router::~Router() = default;

void Router::on(Method method, std::string pattern, Handler handler) {
    auto target = std::make_unique<Target>(pattern, std::vector<std::string>{}, std::move(handler));
    Node* const node = tree_->node_of_pattern(pattern, &target->names);
    auto& place = node->targets[static_cast<std::size_t>(method)];
    assert(!place && "two handlers for the same method and pattern");
    place = std::move(target);
    tree_->routes.push_back({method, std::move(pattern)});
}

void Router::set_body_bytes_max(Method method, std::string_view pattern, std::size_t bytes_max) {
    const Node* node = tree_->node_of_pattern(pattern);
    const auto& target = node->targets[static_cast<std::size_t>(method)];
    assert(target && "no handler for that method and pattern");
    target->body_bytes_max = bytes_max;
}
std::optional<std::size_t> Router::body_bytes_max(Method method, std::string_view path) const {
    const Node* node = tree_->node_at(path);
    const Target* target = node ? target_for(*node, method) : nullptr;
    return target ? target->body_bytes_max : std::nullopt;
}

void Router::otherwise(Handler handler) {
    tree_->otherwise = std::move(handler);
}
void Router::on_wrong_method(Handler handler) {
    tree_->wrong_method = std::move(handler);
}
void Router::on_failure(std::function<Response(const Request&, const Error&)> failed) {
    tree_->failed = std::move(failed);
}
void Router::open_to_other_sites(Cors cors) {
    tree_->cors = std::move(cors);
}
const std::vector<Router::Route>& Router::routes() const {
    return tree_->routes;
}

Response Router::answer(Request& request) const {
    const Cors& cors = tree_->cors;
    if (!cors.covers(request.path)) return tree_->answer(request);
    Response response = is_preflight(request) ? tree_->preflight(request) : tree_->answer(request);
    cors.add_to(response);
    return response;
}

Response Router::Tree::preflight(const Request& request) const {
    const Node* node = node_at(request.path);
    return cors.preflight(node ? allowed(*node) : std::string(all_methods));
}

Response Router::Tree::answer(Request& request) const {
    try {
        return routed(request);
    } catch (const std::exception& thrown) {
        return failure(request, thrown.what());
    } catch (...) {
        return failure(request, "something that is no std::exception");
    }
}

Node* Router::Tree::node_of_pattern(std::string_view pattern, std::vector<std::string>* names) {
    assert(pattern.starts_with('/'));
    Node* node = &root;
    const Segments segments{pattern};
    assert(segments.valid() && !segments.too_many());
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto segment = segments[i];
        if (is_name(segment) && names) names->emplace_back(segment.substr(1, segment.size() - 2));
        auto& next = is_name(segment) ? node->any : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    return node;
}

const Node* Router::Tree::node_at(std::string_view path) const {
    if (!path.starts_with('/')) return nullptr;
    const Segments segments{path};
    Captures captures;
    return segments.valid() && !segments.too_many() ? find(root, segments, 0, captures) : nullptr;
}

Response Router::Tree::routed(Request& request) const {
    if (request.path == "*") return with_allow({.status = 204}, std::string(all_methods));
    const Segments segments{request.path};
    if (!segments.valid()) return Response::text(400, "The address has a broken escape.\n");
    Captures captures;
    const Node* node = segments.too_many() ? nullptr : find(root, segments, 0, captures);
    if (!node) return otherwise(request);
    const Target* target = target_for(*node, request.method);
    if (!target && request.method == Method::options) return with_allow({.status = 204}, allowed(*node));
    if (!target) return with_allow(wrong_method(request), allowed(*node));
    request.route = target->pattern;
    for (std::size_t i = 0; i < captures.count; ++i)
        request.captured.emplace_back(target->names[i], segments[captures.at[i]]);
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
