// What people do with a status: like, repost, pin; and who did.
#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/paging.h"
#include "modules/web/mastodon/statuses.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;
using tweets::Tweets;
using Act = Result<tweets::Tweet> (Tweets::*)(const Call&, const tweets::ByIdRequest&);
using UsersOf = Result<tweets::UserIds> (Tweets::*)(const Call&, const tweets::UsersOfRequest&);

// Marks are left out where they come late; but whoever has just pressed is told what that has done.
Result<void> mark(const Asked& asked, tweets::Tweet& tweet) {
    tweets::MarksRequest request;
    request.add_tweet_ids(tweet.id());
    TRY(const auto reply, asked.site.tweets.marks(asked.call, request));
    if (reply.marks_size() == 1) *tweet.mutable_marks() = reply.marks(0);
    return {};
}

// Of a repost it is the original that is meant.
template <Act act>
Answer change(const Asked& asked) {
    tweets::ByIdRequest request;
    TRY(const std::uint64_t id, asked.id_in_path());
    request.set_id(id);
    TRY(auto tweet, (asked.site.tweets.*act)(asked.call, request));
    TRY_VOID(mark(asked, tweet));
    return status_answer(asked, std::move(tweet));
}

template <UsersOf users_of>
Answer users(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY_VOID(post_of(asked.site, asked.call, id));
    TRY(const Window window, window_of(asked, limits_of_accounts));
    tweets::UsersOfRequest request;
    request.set_tweet_id(id);
    request.set_before(window.max_id);
    request.set_limit(window.limit);
    TRY(const auto page, (asked.site.tweets.*users_of)(asked.call, request));
    return accounts_answer(asked, ids_in(page.user_ids()), page.next());
}

Answer favourites(const Asked& asked) {
    return statuses_answer(
        asked,
        [&](const Window& window) -> Result<PostPage> {
            tweets::FavouritesRequest request;
            request.set_before(window.max_id);
            request.set_limit(window.limit);
            TRY(auto page, asked.site.tweets.favourites(asked.call, request));
            const std::uint64_t next = page.next_cursor();
            TRY(Posts posts, posts_of(asked.site, asked.call, taken(std::move(page)),
                                      {.muted = Reading::Muted::shown, .with_beside = true}));
            return PostPage{.posts = std::move(posts), .next = next};
        },
        Ids::of_the_list);
}

Operation act(std::string_view pattern, std::string_view id, std::string_view summary, api::Function function,
              std::string_view scope) {
    return acting(post, "statuses", {pattern, id, summary, function, scope, "Status"});
}

}  // namespace

std::vector<Operation> status_act_operations() {
    return {
        act("/api/v1/statuses/{id}/favourite", "favouriteStatus", "Like a tweet.", change<&Tweets::favourite>,
            "write:favourites"),
        act("/api/v1/statuses/{id}/unfavourite", "unfavouriteStatus", "Do not like it any more.",
            change<&Tweets::unfavourite>, "write:favourites"),
        act("/api/v1/statuses/{id}/reblog", "reblogStatus", "Repost a tweet; the answer is the repost.",
            change<&Tweets::repost>, "write:statuses"),
        act("/api/v1/statuses/{id}/unreblog", "unreblogStatus", "Take the repost back.",
            change<&Tweets::unrepost>, "write:statuses"),
        act("/api/v1/statuses/{id}/pin", "pinStatus", "Pin one's own tweet to one's profile.",
            change<&Tweets::pin>, "write:accounts"),
        act("/api/v1/statuses/{id}/unpin", "unpinStatus", "Take it off.", change<&Tweets::unpin>,
            "write:accounts"),
        reading("statuses", {"/api/v1/statuses/{id}/favourited_by", "favouritedBy", "Who likes a tweet.",
                             users<&Tweets::favourited_by>, "read:accounts", "[Account]", paged()}),
        reading("statuses", {"/api/v1/statuses/{id}/reblogged_by", "rebloggedBy", "Who has reposted a tweet.",
                             users<&Tweets::reposted_by>, "read:accounts", "[Account]", paged()}),
        own("statuses", {"/api/v1/favourites", "listFavourites", "What one likes, the newest like first.",
                         favourites, "read:favourites", "[Status]", paged()}),
    };
}

}  // namespace jebi::web::mastodon
