#include "modules/web/api/openapi.h"

#include <array>
#include <map>
#include <set>

namespace jebi::web::api {

namespace {

using json::Writer;

struct Tag {
    std::string_view name;
    std::string_view about;
};
constexpr auto tags = std::to_array<Tag>({
    {"accounts", "Mastodon: people."},
    {"apps", "Mastodon: programs, and how they get a token (OAuth 2.0)."},
    {"follows", "Following, blocking and muting people."},
    {"instance", "Mastodon: what this server is."},
    {"messages", "Messages between two people."},
    {"notifications", "What others did that concerns one. The entities are Mastodon's."},
    {"original", "The addresses of the original this is a clone of, without its leaks."},
    {"search", "Finding people, tweets and hashtags."},
    {"sessions", "Signing in and out."},
    {"statuses", "Mastodon: tweets."},
    {"streaming", "Mastodon: what happens, as it happens."},
    {"timelines", "Lists of tweets as Mastodon's entities."},
    {"tweets", "Writing, reading, liking and reposting tweets."},
    {"users", "People: signing up, profiles."},
});

constexpr std::string_view about =
    "What one does in the pages can be done here, save for most settings. Ids are strings of decimal digits, "
    "sorted by time; times are ISO 8601 in UTC. A body may be JSON or a form. Operations with Mastodon's "
    "entities answer errors in Mastodon's shape, all others in this document's `Error`. At most so many "
    "requests are answered in five minutes as X-RateLimit-Limit says.";

std::string_view type_of(Parameter::Kind kind) {
    switch (kind) {
        case Parameter::Kind::number:
            return "integer";
        case Parameter::Kind::flag:
            return "boolean";
        case Parameter::Kind::list:
            return "array";
        default:
            return "string";
    }
}

void write_schema(Writer& out, Parameter::Kind kind) {
    out.begin_object().key("type").string(type_of(kind));
    if (kind == Parameter::Kind::id) out.key("pattern").string("^[0-9]{1,19}$");
    if (kind == Parameter::Kind::file) out.key("format").string("binary");
    if (kind == Parameter::Kind::list) {
        out.key("items").begin_object().key("type").string("string").end_object();
        out.key("maxItems").integer(static_cast<std::int64_t>(list_max));
    }
    out.end_object();
}

void write_parameter(Writer& out, std::string_view in, const Parameter& parameter) {
    out.begin_object().key("name");
    out.string(std::string(parameter.name) + (parameter.kind == Parameter::Kind::list ? "[]" : ""));
    out.key("in").string(in).key("description").string(parameter.about);
    out.key("required").boolean(parameter.required || in == "path").key("schema");
    write_schema(out, parameter.kind);
    out.end_object();
}

// The {names} of a pattern.
std::vector<std::string_view> names_in(std::string_view pattern) {
    std::vector<std::string_view> names;
    for (auto at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1))
        names.push_back(pattern.substr(at + 1, pattern.find('}', at) - at - 1));
    return names;
}

Parameter in_path(std::string_view name) {
    if (name == "id") return {name, "An id.", Parameter::Kind::id};
    if (name == "name") return {name, "A user name."};
    return {name, "Which one."};
}

bool has_body(const Operation& operation) {
    return operation.method == http::Method::post || operation.method == http::Method::put ||
           operation.method == http::Method::patch;
}

void write_parameters(Writer& out, const Operation& operation) {
    out.key("parameters").begin_array();
    for (const std::string_view name : names_in(operation.pattern))
        write_parameter(out, "path", in_path(name));
    if (!has_body(operation)) {
        for (const Parameter& parameter : operation.parameters)
            write_parameter(out, "query", parameter);
    }
    out.end_array();
}

bool takes_file(const Operation& operation) {
    for (const Parameter& parameter : operation.parameters) {
        if (parameter.kind == Parameter::Kind::file) return true;
    }
    return false;
}

void write_body_schema(Writer& out, const Operation& operation) {
    bool any_required = false;
    out.begin_object().key("schema").begin_object().key("type").string("object");
    out.key("properties").begin_object();
    for (const Parameter& parameter : operation.parameters) {
        any_required |= parameter.required;
        out.key(parameter.name);
        write_schema(out, parameter.kind);
    }
    out.end_object();
    if (any_required) {
        out.key("required").begin_array();
        for (const Parameter& parameter : operation.parameters) {
            if (parameter.required) out.string(parameter.name);
        }
        out.end_array();
    }
    out.end_object().end_object();
}

void write_body(Writer& out, const Operation& operation) {
    if (!has_body(operation) || operation.parameters.empty()) return;
    std::string about_fields;
    for (const Parameter& parameter : operation.parameters) {
        about_fields += "`" + std::string(parameter.name) + "`: " + std::string(parameter.about) + " ";
    }
    about_fields.pop_back();
    out.key("requestBody").begin_object().key("description").string(about_fields);
    out.key("content").begin_object();
    static constexpr auto plain =
        std::to_array<std::string_view>({"application/json", "application/x-www-form-urlencoded"});
    static constexpr auto parts = std::to_array<std::string_view>({"multipart/form-data"});
    const bool in_parts = takes_file(operation);
    for (const std::string_view type :
         in_parts ? std::span<const std::string_view>(parts) : std::span<const std::string_view>(plain)) {
        out.key(type);
        write_body_schema(out, operation);
    }
    out.end_object().end_object();
}

void write_reference(Writer& out, std::string_view schema) {
    out.begin_object().key("$ref").string("#/components/schemas/" + std::string(schema)).end_object();
}

void write_content(Writer& out, std::string_view schema) {
    out.key("content").begin_object().key("application/json").begin_object().key("schema");
    if (schema.starts_with('[')) {
        out.begin_object().key("type").string("array").key("items");
        write_reference(out, schema.substr(1, schema.size() - 2));
        out.end_object();
    } else {
        write_reference(out, schema);
    }
    out.end_object().end_object();
}

void write_responses(Writer& out, const Operation& operation) {
    out.key("responses").begin_object();
    out.key(std::to_string(operation.status)).begin_object().key("description").string("It is done.");
    if (!operation.reply.empty()) write_content(out, operation.reply);
    out.end_object();
    out.key("default").begin_object().key("description").string("What was wrong, and where.");
    write_content(out, operation.errors == Errors::ours ? "Error" : "MastodonError");
    out.end_object().end_object();
}

void write_security(Writer& out, const Operation& operation) {
    out.key("security").begin_array();
    if (operation.access == Access::anybody) out.begin_object().end_object();
    out.begin_object().key("session").begin_array().end_array().end_object();
    out.begin_object().key("program").begin_array();
    if (!operation.scope.empty()) out.string(operation.scope);
    out.end_array().end_object().end_array();
}

void write_operation(Writer& out, const Operation& operation) {
    std::string name(http::name(operation.method));
    for (char& c : name)
        c = static_cast<char>(c | 0x20);
    out.key(name).begin_object().key("operationId").string(operation.id);
    out.key("summary").string(operation.summary).key("description").string(operation.summary);
    out.key("tags").begin_array().string(operation.tag).end_array();
    write_parameters(out, operation);
    write_body(out, operation);
    write_responses(out, operation);
    write_security(out, operation);
    out.end_object();
}

std::string paths_of(std::span<const Operation> operations) {
    std::map<std::string_view, std::vector<const Operation*>> by_path;
    for (const Operation& operation : operations) {
        // "/api/v1/instance/" is the same as without its slash, for clients that cannot do without.
        if (!operation.pattern.ends_with('/')) by_path[operation.pattern].push_back(&operation);
    }
    Writer out;
    out.begin_object();
    for (const auto& [path, here] : by_path) {
        out.key(path).begin_object();
        for (const Operation* operation : here)
            write_operation(out, *operation);
        out.end_object();
    }
    out.end_object();
    return out.take();
}

std::string info() {
    Writer out;
    out.begin_object().key("title").string("jebi").key("version").string("1.0.0");
    out.key("description").string(about);
    out.key("contact").begin_object().key("name").string("whoever runs this jebi");
    out.end_object().key("license").begin_object().key("name").string("Apache-2.0").key("identifier");
    out.string("Apache-2.0").end_object().end_object();
    return out.take();
}

std::string tags_used() {
    Writer out;
    out.begin_array();
    for (const Tag& tag : tags)
        out.begin_object().key("name").string(tag.name).key("description").string(tag.about).end_object();
    out.end_array();
    return out.take();
}

void write_flow(Writer& out, std::span<const Operation> operations) {
    std::set<std::string_view> scopes;
    for (const Operation& operation : operations) {
        if (!operation.scope.empty()) scopes.insert(operation.scope);
    }
    out.begin_object().key("authorizationUrl").string("/oauth/authorize");
    out.key("tokenUrl").string("/oauth/token").key("scopes").begin_object();
    for (const std::string_view scope : scopes)
        out.key(scope).string("May " + std::string(scope) + ".");
    out.end_object().end_object();
}

std::string security_schemes(std::span<const Operation> operations) {
    Writer out;
    out.begin_object().key("session").begin_object().key("type").string("http").key("scheme").string(
        "bearer");
    out.key("description").string("A token of POST /api/v1/sessions: it may do everything.").end_object();
    out.key("program").begin_object().key("type").string("oauth2");
    out.key("description").string("A token that somebody gave to a program.").key("flows").begin_object();
    write_flow(out.key("authorizationCode"), operations);
    out.end_object().end_object().end_object();
    return out.take();
}

}  // namespace

std::string openapi(std::span<const Operation> operations, std::string_view schemas) {
    return R"({"openapi":"3.1.0","info":)" + info() + R"(,"servers":[{"url":"/"}],"tags":)" + tags_used() +
           R"(,"paths":)" + paths_of(operations) + R"(,"components":{"schemas":)" + std::string(schemas) +
           R"(,"securitySchemes":)" + security_schemes(operations) + "}}";
}

}  // namespace jebi::web::api
