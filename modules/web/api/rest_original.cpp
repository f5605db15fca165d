// The original's own API, /apiv1/: the same addresses and names, 15 a page, without the passwords and e-mails
// that it gave away.
#include "modules/web/api/rest.h"
#include "modules/web/api/rest_json.h"

namespace jebi::web::api {

namespace {

constexpr std::uint32_t page_size = 15;
constexpr std::uint32_t page_max = 1'000;

void write_tags(json::Writer& out, const tweets::Tweet& tweet) {
    out.key("tags").begin_array();
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.kind() == tweets::Entity::KIND_HASHTAG) out.string(entity.value());
    }
    out.end_array();
}

void write_original_tweet(json::Writer& out, const Post& post) {
    out.begin_object().key("_id").id(post.tweet->id()).key("body").string(post.tweet->text());
    out.key("user").begin_object().key("_id").id(post.author->id());
    out.key("username").string(post.author->username());
    out.key("name").string(post.author->display_name()).end_object();
    write_tags(out, *post.tweet);
    out.key("favoritesCount").integer(static_cast<std::int64_t>(post.tweet->favourites())).key("createdAt");
    write_time(out, post.tweet->created_ms());
    out.end_object();
}

Answer tweets_list(const Asked& asked) {
    TRY(const std::uint32_t page, asked.given.number("page", 1, page_max));
    tweets::AllRequest request;
    request.mutable_position()->set_page(page);
    request.mutable_position()->set_limit(page_size);
    TRY(auto all, asked.site.tweets.all(asked.call, request));
    TRY(const Posts posts, posts_of(asked.site, asked.call, taken(std::move(all)), Reading{}));
    json::Writer out;
    out.begin_array();
    for (const Post& post : posts.list)
        write_original_tweet(out, post);
    out.end_array();
    return http::Response::json(200, out.take());
}

Answer users_list(const Asked& asked) {
    TRY(const std::uint32_t page, asked.given.number("page", 1, page_max));
    accounts::UsersRequest request;
    request.set_page(page);
    request.set_size(page_size);
    TRY(const auto reply, asked.site.accounts.users(asked.call, request));
    TRY(const auto seen, users_seen(asked, reply));
    json::Writer out;
    out.begin_array();
    for (const accounts::User& user : seen) {
        out.begin_object().key("_id").id(user.id()).key("username").string(user.username());
        out.key("name").string(user.display_name()).key("createdAt");
        write_time(out, user.created_ms());
        out.end_object();
    }
    out.end_array();
    return http::Response::json(200, out.take());
}

Operation operation(std::string_view pattern, std::string_view id, std::string_view summary,
                    Function function, std::string_view reply) {
    return {.method = http::Method::get,
            .pattern = pattern,
            .id = id,
            .summary = summary,
            .tag = "original",
            .function = function,
            .access = Access::anybody,
            .parameters = {{"page", "From 1, 15 a page.", Parameter::Kind::number}},
            .reply = reply};
}

}  // namespace

std::vector<Operation> original_operations() {
    return {
        operation("/apiv1/tweets", "originalTweets", "Everybody's tweets, as the original told them.",
                  tweets_list, "[OriginalTweet]"),
        operation("/apiv1/users", "originalUsers", "Everybody, as the original told them, without its leaks.",
                  users_list, "[OriginalUser]"),
    };
}

}  // namespace jebi::web::api
