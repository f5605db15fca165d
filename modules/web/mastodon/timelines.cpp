// Timelines: home, public, by hashtag.
#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/paging.h"

namespace jebi::web::mastodon {

namespace {

Result<PostPage> page_of(const Asked& asked, tweets::TweetPage page) {
    const std::uint64_t next = page.next_cursor();
    TRY(Posts posts, posts_of(asked.site, asked.call, taken(std::move(page)), {.with_beside = true}));
    return PostPage{.posts = std::move(posts), .next = next};
}

Answer nothing() {
    return http::Response::json(200, "[]");
}

Result<PostPage> home_page(const Asked& asked, const Window& window) {
    timelines::HomeRequest request;
    request.set_before(window.max_id);
    request.set_newer_than(window.newer_than());
    request.set_from_oldest(window.from_oldest());
    request.set_limit(window.limit);
    TRY(auto home, home_of(asked.site, asked.call, asked.call, request, {.with_beside = true}));
    return PostPage{.posts = std::move(home.posts), .next = home.next};
}

Answer home(const Asked& asked) {
    return statuses_answer(asked, [&](const Window& window) { return home_page(asked, window); });
}

// Everybody is local here, so what is asked for from elsewhere, or with pictures, is not there.
Answer everybody(const Asked& asked) {
    TRY(const bool remote, asked.given.flag("remote"));
    TRY(const bool only_media, asked.given.flag("only_media"));
    if (remote || only_media) return nothing();
    return statuses_answer(asked, [&](const Window& window) -> Result<PostPage> {
        tweets::AllRequest request;
        *request.mutable_position() = window.position();
        TRY(auto page, asked.site.tweets.all(asked.call, request));
        return page_of(asked, std::move(page));
    });
}

Answer with_hashtag(const Asked& asked) {
    TRY(const bool remote, asked.given.flag("remote"));
    TRY(const bool only_media, asked.given.flag("only_media"));
    if (remote || only_media) return nothing();
    return statuses_answer(asked, [&](const Window& window) -> Result<PostPage> {
        tweets::ByHashtagRequest request;
        request.set_hashtag(std::string(asked.request.captured_as("hashtag")));
        *request.mutable_position() = window.position();
        TRY(auto page, asked.site.tweets.by_hashtag(asked.call, request));
        return page_of(asked, std::move(page));
    });
}

}  // namespace

std::vector<Operation> timeline_operations() {
    const std::vector<Parameter> of_everybody =
        paged({{"local", "Only from here: everything is.", Kind::flag},
               {"remote", "Only from elsewhere: nothing is.", Kind::flag},
               {"only_media", "Only with pictures: nothing has any.", Kind::flag}});
    return {
        own("timelines", {"/api/v1/timelines/home", "homeTimeline",
                          "Tweets of those whom one follows and one's own, the newest first.", home,
                          "read:statuses", "[Status]", paged()}),
        reading("timelines", {"/api/v1/timelines/public", "publicTimeline",
                              "Everybody's tweets that are no replies, the newest first.", everybody,
                              "read:statuses", "[Status]", of_everybody}),
        reading("timelines", {"/api/v1/timelines/tag/{hashtag}", "hashtagTimeline", "Tweets with a hashtag.",
                              with_hashtag, "read:statuses", "[Status]", of_everybody}),
    };
}

}  // namespace jebi::web::mastodon
