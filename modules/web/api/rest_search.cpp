// GET /api/v1/search: people, tweets and hashtags.
#include "modules/web/api/rest.h"
#include "modules/web/api/rest_json.h"

namespace jebi::web::api {

namespace {

constexpr std::uint32_t limit_standard = 20;
constexpr std::uint32_t limit_max = 80;

struct Wanted {
    std::string query;
    std::string type;  // empty: all three
    std::uint64_t before = 0;
    std::uint32_t limit = 0;

    bool wants(std::string_view what) const { return type.empty() || type == what; }
};

Result<Wanted> wanted_of(const Asked& asked) {
    Wanted wanted;
    TRY(wanted.query, asked.given.text("q"));
    TRY(wanted.type, asked.given.text("type"));
    TRY(wanted.before, asked.given.id("cursor"));
    TRY(wanted.limit, asked.given.number("limit", limit_standard, limit_max));
    if (wanted.wants("users") || wanted.wants("tweets") || wanted.wants("hashtags")) return wanted;
    return fail(
        error(Code::invalid, "\"type\" must be users, tweets or hashtags.").because("bad_type").at("type"));
}

Result<void> write_users(json::Writer& out, const Asked& asked, const Wanted& wanted) {
    out.key("users").begin_array();
    if (wanted.wants("users")) {
        search::PeopleRequest request;
        request.set_query(wanted.query);
        request.set_limit(wanted.limit);
        TRY(const auto found, asked.site.search.people(asked.call, request));
        TRY(const auto people, people_of(asked.site, asked.call, ids_of(found.user_ids())));
        for (const Person& person : people)
            write_user(out, person.user);
    }
    out.end_array();
    return {};
}

// The cursor of the next page of tweets.
Result<std::uint64_t> write_tweets(json::Writer& out, const Asked& asked, const Wanted& wanted) {
    std::uint64_t next = 0;
    out.key("tweets").begin_array();
    if (wanted.wants("tweets")) {
        search::TweetsRequest request;
        request.set_query(wanted.query);
        request.set_before(wanted.before);
        request.set_limit(wanted.limit);
        TRY(const auto found, asked.site.search.tweets(asked.call, request));
        TRY(const Posts posts, posts_of(asked.site, asked.call, ids_of(found.tweet_ids()), Reading{}));
        for (const Post& post : posts.list)
            write_post(out, post);
        next = found.next();
    }
    out.end_array();
    return next;
}

Result<void> write_hashtags(json::Writer& out, const Asked& asked, const Wanted& wanted) {
    out.key("hashtags").begin_array();
    if (wanted.wants("hashtags")) {
        search::HashtagsRequest request;
        request.set_prefix(wanted.query);
        request.set_limit(wanted.limit);
        TRY(const auto found, asked.site.search.hashtags(asked.call, request));
        for (const auto& hashtag : found.hashtags()) {
            out.begin_object().key("hashtag").string(hashtag.hashtag()).key("tweets");
            out.integer(static_cast<std::int64_t>(hashtag.tweets())).end_object();
        }
    }
    out.end_array();
    return {};
}

Answer find(const Asked& asked) {
    TRY(const Wanted wanted, wanted_of(asked));
    json::Writer out;
    out.begin_object();
    TRY_VOID(write_users(out, asked, wanted));
    TRY(const std::uint64_t next, write_tweets(out, asked, wanted));
    TRY_VOID(write_hashtags(out, asked, wanted));
    out.key("next");
    write_next(out, next);
    out.end_object();
    return http::Response::json(200, out.take());
}

}  // namespace

std::vector<Operation> search_operations() {
    return {{.method = http::Method::get,
             .pattern = "/api/v1/search",
             .id = "search",
             .summary = "People, tweets and hashtags that fit.",
             .tag = "search",
             .function = find,
             .access = Access::anybody,
             .scope = "read:search",
             .parameters = {{"q", "Words; \"in quotes\" as they stand.", Parameter::Kind::text, true},
                            {"type", "users, tweets or hashtags; all three when absent."},
                            {"cursor", "`next` of the page of tweets before.", Parameter::Kind::id},
                            {"limit", "1 to 80 of each; 20 when absent.", Parameter::Kind::number}},
             .reply = "Found"}};
}

}  // namespace jebi::web::api
