// What this server is: the instance, and nodeinfo (http://nodeinfo.diaspora.software/), by which clients find
// out what they speak to.
#include "modules/web/mastodon/operations.h"
#include "modules/web/stats.h"

namespace jebi::web::mastodon {

namespace {

constexpr std::int64_t text_max = 280;
constexpr std::int64_t characters_of_a_url = 23;
constexpr std::string_view about = "A Twitter clone that moves from a monolith to microservices.";
constexpr std::string_view nodeinfo_schema = "http://nodeinfo.diaspora.software/ns/schema/2.0";

// Clients read the digits that it begins with as Mastodon's version, and ask for what that one had.
std::string version_of(const Site& site) {
    return "4.2.0 (compatible; jebi " + site.options.version + ")";
}

Stats::Counted counted(const Asked& asked) {
    return asked.site.stats.now(asked.site.accounts, asked.site.tweets, extras(asked.call));
}

// Clients want a number; what was never told is none.
std::int64_t number(const std::optional<std::uint64_t>& count) {
    return static_cast<std::int64_t>(count.value_or(0));
}

std::string host_of(const Asked& asked) {
    const std::string origin = asked.origin();
    return origin.substr(origin.find("://") + 3);
}

// Without a path: clients put their own behind it.
std::string streaming_of(const Asked& asked) {
    return (asked.site.options.secure ? "wss://" : "ws://") + host_of(asked);
}

void write_languages(json::Writer& out) {
    out.key("languages").begin_array().string("ko").string("en").end_array();
}

void write_limits_of_statuses(json::Writer& out) {
    out.key("statuses").begin_object().key("max_characters").integer(text_max);
    out.key("max_media_attachments").integer(0);
    out.key("characters_reserved_per_url").integer(characters_of_a_url).end_object();
}

void write_limits_of_the_rest(json::Writer& out) {
    out.key("accounts").begin_object().key("max_featured_tags").integer(0);
    out.key("max_pinned_statuses").integer(1).end_object();
    out.key("media_attachments").begin_object().key("supported_mime_types").begin_array().end_array();
    for (const std::string_view limit : {"image_size_limit", "image_matrix_limit", "video_size_limit",
                                         "video_frame_rate_limit", "video_matrix_limit"})
        out.key(limit).integer(0);
    out.end_object().key("polls").begin_object();
    for (const std::string_view limit :
         {"max_options", "max_characters_per_option", "min_expiration", "max_expiration"})
        out.key(limit).integer(0);
    out.end_object();
}

Answer instance(const Asked& asked) {
    const Stats::Counted count = counted(asked);
    json::Writer out;
    out.begin_object().key("uri").string(host_of(asked)).key("title").string("jebi");
    out.key("short_description").string(about).key("description").string(about);
    out.key("email").string("").key("version").string(version_of(asked.site));
    out.key("urls").begin_object().key("streaming_api").string(streaming_of(asked)).end_object();
    out.key("stats").begin_object().key("user_count").integer(number(count.people));
    out.key("status_count").integer(number(count.tweets));
    out.key("domain_count").integer(0).end_object();
    out.key("thumbnail").null();
    write_languages(out);
    out.key("registrations").boolean(true).key("approval_required").boolean(false);
    out.key("invites_enabled").boolean(false).key("max_toot_chars").integer(text_max);
    out.key("configuration").begin_object();
    write_limits_of_statuses(out);
    write_limits_of_the_rest(out);
    out.end_object().key("contact_account").null().key("rules").begin_array().end_array().end_object();
    return http::Response::json(200, out.take());
}

void write_urls(json::Writer& out, const Asked& asked) {
    out.key("urls").begin_object().key("streaming").string(streaming_of(asked));
    out.key("status").null().key("about").string(asked.origin() + "/");
    out.key("privacy_policy").null().key("terms_of_service").null().end_object();
}

void write_configuration(json::Writer& out, const Asked& asked) {
    out.key("configuration").begin_object();
    write_urls(out, asked);
    write_limits_of_statuses(out);
    write_limits_of_the_rest(out);
    out.key("vapid").begin_object().key("public_key").string("").end_object();
    out.key("translation").begin_object().key("enabled").boolean(false).end_object();
    out.end_object();
}

Answer instance_2(const Asked& asked) {
    const Stats::Counted count = counted(asked);
    json::Writer out;
    out.begin_object().key("domain").string(host_of(asked)).key("title").string("jebi");
    out.key("version").string(version_of(asked.site)).key("source_url").string(asked.origin());
    out.key("description").string(about).key("usage").begin_object().key("users").begin_object();
    out.key("active_month").integer(number(count.people)).end_object().end_object();
    out.key("thumbnail").begin_object().key("url").string(asked.origin() + "/headers/generated.svg");
    out.end_object().key("icon").begin_array().end_array();
    write_languages(out);
    write_configuration(out, asked);
    out.key("registrations").begin_object().key("enabled").boolean(true);
    out.key("approval_required").boolean(false).key("message").null().end_object();
    out.key("api_versions").begin_object().key("mastodon").integer(1).end_object();
    out.key("contact").begin_object().key("email").string("").key("account").null().end_object();
    out.key("rules").begin_array().end_array().end_object();
    return http::Response::json(200, out.take());
}

Answer where_nodeinfo_is(const Asked& asked) {
    json::Writer out;
    out.begin_object().key("links").begin_array().begin_object();
    out.key("rel").string(nodeinfo_schema).key("href").string(asked.origin() + "/nodeinfo/2.0");
    out.end_object().end_array().end_object();
    return http::Response::json(200, out.take());
}

// The name is our own. Clients that know only Mastodon's look at metadata.upstream.
Answer nodeinfo(const Asked& asked) {
    const Stats::Counted count = counted(asked);
    json::Writer out;
    out.begin_object().key("version").string("2.0").key("software").begin_object();
    out.key("name").string("jebi").key("version").string(asked.site.options.version).end_object();
    out.key("protocols").begin_array().end_array().key("services").begin_object();
    out.key("inbound").begin_array().end_array().key("outbound").begin_array().end_array().end_object();
    out.key("openRegistrations").boolean(true).key("usage").begin_object().key("users").begin_object();
    out.key("total").integer(number(count.people)).end_object();
    out.key("localPosts").integer(number(count.tweets)).end_object();
    out.key("metadata").begin_object().key("upstream").begin_object();
    out.key("name").string("mastodon").end_object().end_object().end_object();
    return http::Response::json(200, out.take());
}

Operation about_us(std::string_view pattern, std::string_view id, std::string_view summary,
                   api::Function function) {
    return reading("instance", {pattern, id, summary, function, "", "Anything"});
}

}  // namespace

std::vector<Operation> instance_operations() {
    return {
        about_us("/api/v1/instance", "getInstance", "What this server is.", instance),
        about_us("/api/v1/instance/", "getInstanceWithSlash", "The same, as some clients ask.", instance),
        about_us("/api/v2/instance", "getInstance2", "What this server is, in the second shape.", instance_2),
        about_us("/api/v2/instance/", "getInstance2WithSlash", "The same.", instance_2),
        about_us("/.well-known/nodeinfo", "findNodeinfo", "Where nodeinfo is.", where_nodeinfo_is),
        about_us("/nodeinfo/2.0", "getNodeinfo", "What this server is, as nodeinfo has it.", nodeinfo),
    };
}

}  // namespace jebi::web::mastodon
