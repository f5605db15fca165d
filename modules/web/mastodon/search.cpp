// Finding people, tweets and hashtags; what is used much.
#include <algorithm>

#include "modules/web/mastodon/accounts.h"
#include "modules/web/mastodon/content.h"
#include "modules/web/mastodon/paging.h"
#include "modules/web/mastodon/statuses.h"

namespace jebi::web::mastodon {

namespace {

constexpr std::uint32_t limit_standard = 20;
constexpr std::uint32_t limit_max = 40;
constexpr std::uint32_t offset_max = 1'000;
constexpr std::uint32_t trends_days = 7;
constexpr std::uint32_t trends_standard = 10;
constexpr std::uint32_t trends_max = 20;

struct Wanted {
    std::string query;
    std::string type;  // accounts, statuses or hashtags; empty: all three
    std::uint64_t author = 0;
    std::uint64_t max_id = 0;
    std::uint64_t min_id = 0;
    std::uint32_t limit = 0;
    std::uint32_t offset = 0;

    bool wants(std::string_view what) const { return type.empty() || type == what; }
};

struct Found {
    std::vector<accounts::User> people;
    Posts posts;
    search::HashtagsReply hashtags;
};

Result<Wanted> wanted_of(const Asked& asked) {
    Wanted wanted;
    TRY(wanted.query, asked.given.text("q"));
    TRY(wanted.type, asked.given.text("type"));
    TRY(wanted.author, asked.given.id("account_id"));
    TRY(wanted.max_id, asked.given.id("max_id"));
    TRY(wanted.min_id, asked.given.id("min_id"));
    TRY(wanted.limit, asked.given.number("limit", limit_standard, INT32_MAX));
    TRY(const std::uint64_t offset, asked.given.id("offset"));
    wanted.limit = std::min(wanted.limit, limit_max);
    wanted.offset = static_cast<std::uint32_t>(std::min<std::uint64_t>(offset, offset_max));
    return wanted;
}

// Somebody who is asked for by name, with or without this host, or by the address of their page. Also one
// whom the reader blocks: else nobody could take a block back who knows a name only.
std::optional<accounts::User> person_called(const Asked& asked, std::string_view query) {
    const std::string start = account_url(asked.origin(), "");
    if (query.starts_with(start)) query.remove_prefix(start.size());
    const auto username = username_of(asked, query);
    if (!username || username->empty()) return std::nullopt;
    auto user = api::user_named(asked.site, asked.call, *username);
    if (!user || !check_seen(asked, *user)) return std::nullopt;
    return std::move(*user);
}

Result<void> find_people(const Asked& asked, const Wanted& wanted, std::vector<accounts::User>& people) {
    auto called = wanted.offset == 0 ? person_called(asked, wanted.query) : std::nullopt;
    const std::uint64_t first = called ? called->id() : 0;
    if (called) people.push_back(std::move(*called));
    search::PeopleRequest request;
    request.set_query(wanted.query);
    request.set_limit(wanted.limit);
    request.set_offset(wanted.offset);
    TRY(const auto reply, asked.site.search.people(asked.call, request));
    TRY(auto seen, people_of(asked.site, asked.call, ids_in(reply.user_ids())));
    for (Person& person : seen) {
        if (person.user.id() != first && people.size() < wanted.limit)
            people.push_back(std::move(person.user));
    }
    return {};
}

// A tweet whose address is asked for is found by it: so clients open links in themselves.
Result<Posts> find_tweets(const Asked& asked, const Wanted& wanted) {
    const std::string_view host = asked.request.fields.get("Host").value_or("");
    if (const std::uint64_t id = quoted_id(wanted.query, host)) {
        auto found = entry_of(asked, id);
        return found ? std::move(*found) : Posts{};
    }
    if (wanted.offset > 0) return Posts{};  // statuses are walked by max_id
    search::TweetsRequest request;
    request.set_query(wanted.query);
    request.set_author_id(wanted.author);
    request.set_before(wanted.max_id);
    request.set_newer_than(wanted.min_id);
    request.set_limit(wanted.limit);
    TRY(const auto reply, asked.site.search.tweets(asked.call, request));
    return posts_of(asked.site, asked.call, ids_in(reply.tweet_ids()), {.with_beside = true});
}

Result<search::HashtagsReply> find_hashtags(const Asked& asked, const Wanted& wanted) {
    if (wanted.offset > 0) return search::HashtagsReply{};
    search::HashtagsRequest request;
    request.set_prefix(wanted.query);
    request.set_limit(wanted.limit);
    return asked.site.search.hashtags(asked.call, request);
}

Result<Found> found_for(const Asked& asked, const Wanted& wanted) {
    Found found;
    if (wanted.query.empty()) return found;
    if (wanted.wants("accounts")) TRY_VOID(find_people(asked, wanted, found.people));
    if (wanted.wants("statuses")) {
        TRY(found.posts, find_tweets(asked, wanted));
    }
    if (wanted.wants("hashtags")) {
        TRY(found.hashtags, find_hashtags(asked, wanted));
    }
    return found;
}

// What is used is told for the whole time that is looked at, not day by day.
void write_tag(json::Writer& out, const Asked& asked, std::string_view hashtag, std::uint64_t uses,
               std::uint64_t people) {
    out.begin_object().key("name").string(hashtag);
    out.key("url").string(hashtag_url(asked.origin(), hashtag)).key("following").boolean(false);
    out.key("history").begin_array();
    if (people > 0) {
        out.begin_object().key("day").string(std::to_string(asked.site.clock.wall_ms() / 1000));
        out.key("uses").string(std::to_string(uses)).key("accounts").string(std::to_string(people));
        out.end_object();
    }
    out.end_array().end_object();
}

void write_people(json::Writer& out, const Entities& entities, std::span<const accounts::User> people) {
    out.begin_array();
    for (const accounts::User& user : people)
        entities.write(out, user);
    out.end_array();
}

Answer find(const Asked& asked) {
    TRY(const Wanted wanted, wanted_of(asked));
    TRY(const Found found, found_for(asked, wanted));
    Entities entities = entities_for(asked);
    entities.need(found.people);
    entities.need(found.posts);
    entities.load();
    json::Writer out;
    out.begin_object().key("accounts");
    write_people(out, entities, found.people);
    out.key("statuses").begin_array();
    for (const Post& post : found.posts.list)
        entities.write(out, post);
    out.end_array().key("hashtags").begin_array();
    for (const auto& hashtag : found.hashtags.hashtags())
        write_tag(out, asked, hashtag.hashtag(), hashtag.tweets(), 0);
    out.end_array().end_object();
    return http::Response::json(200, out.take());
}

Answer find_accounts(const Asked& asked) {
    TRY(Wanted wanted, wanted_of(asked));
    wanted.type = "accounts";
    TRY(const Found found, found_for(asked, wanted));
    Entities entities = entities_for(asked);
    entities.need(found.people);
    entities.load();
    json::Writer out;
    write_people(out, entities, found.people);
    return http::Response::json(200, out.take());
}

Answer trends(const Asked& asked) {
    TRY(const std::uint32_t limit, asked.given.number("limit", trends_standard, INT32_MAX));
    tweets::TopHashtagsRequest request;
    request.set_days(trends_days);
    request.set_limit(std::min(limit, trends_max));
    TRY(const auto reply, asked.site.tweets.top_hashtags(asked.call, request));
    json::Writer out;
    out.begin_array();
    for (const auto& used : reply.hashtags())
        write_tag(out, asked, used.hashtag(), used.tweets(), used.authors());
    out.end_array();
    return http::Response::json(200, out.take());
}

Answer hashtag(const Asked& asked) {
    json::Writer out;
    write_tag(out, asked, asked.request.captured_as("hashtag"), 0, 0);
    return http::Response::json(200, out.take());
}

}  // namespace

std::vector<Operation> search_operations() {
    const std::vector<Parameter> words{{"q", "Words; \"in quotes\" as they stand.", Kind::text, true},
                                       {"limit", "1 to 40 of each; 20 when absent.", Kind::number},
                                       {"offset", "Without so many of the first.", Kind::number},
                                       {"resolve", "Look elsewhere too: there is no elsewhere.", Kind::flag}};
    std::vector<Parameter> of_all = words;
    of_all.push_back({"type", "accounts, statuses or hashtags; all three when absent."});
    of_all.push_back({"account_id", "Only statuses by this account.", Kind::id});
    of_all.push_back({"max_id", "Only statuses older than this.", Kind::id});
    of_all.push_back({"min_id", "Only statuses newer than this.", Kind::id});
    const std::vector<Parameter> limit{{"limit", "1 to 20; 10 when absent.", Kind::number}};
    return {
        reading("search", {"/api/v2/search", "search2", "People, tweets and hashtags that fit.", find,
                           "read:search", "SearchResults", of_all}),
        reading("search", {"/api/v1/accounts/search", "searchAccounts", "People who fit.", find_accounts,
                           "read:accounts", "[Account]", words}),
        reading("search", {"/api/v1/trends/tags", "listTrendingTags",
                           "Hashtags that are used most these seven days.", trends, "", "[Tag]", limit}),
        reading("search", {"/api/v1/trends", "listTrends", "The same, as older clients ask.", trends, "",
                           "[Tag]", limit}),
        reading("search", {"/api/v1/tags/{hashtag}", "getTag", "A hashtag's address.", hashtag, "", "Tag"}),
    };
}

}  // namespace jebi::web::mastodon
