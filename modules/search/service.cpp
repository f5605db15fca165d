#include "modules/search/service.h"

#include <algorithm>

#include "kit/base/unicode.h"
#include "kit/fiber/fiber.h"
#include "modules/search/finder.h"
#include "modules/search/people.h"

namespace jebi::search {

namespace {

constexpr Millis looks_at_rebuild_every{20};

std::unexpected<Error> refuse_page(std::string message, std::string field) {
    return fail(error(Code::invalid, std::move(message)).because("bad_page").at(std::move(field)));
}

Result<std::uint32_t> limit_of(std::uint32_t limit) {
    if (limit > page_size_max) return refuse_page("A page has at most 80.", "limit");
    return limit == 0 ? page_size : limit;
}

Window window_of(const TweetsRequest& request, std::uint32_t limit) {
    Window window{.after = std::min<std::uint64_t>(request.newer_than(), INT64_MAX - 1),
                  .author = UserId{request.author_id()},
                  .limit = limit};
    if (request.before() != 0) window.before = std::min<std::uint64_t>(request.before(), INT64_MAX);
    return window;
}

std::string_view without_sign(std::string_view prefix) {
    return prefix.starts_with('#') ? prefix.substr(1) : prefix;
}

}  // namespace

Result<PeopleReply> Service::people(const Call& call, const PeopleRequest& request) {
    TRY(const std::uint32_t limit, limit_of(request.limit()));
    if (request.offset() > people_offset_max)
        return refuse_page("At most 1000 people are skipped.", "offset");
    TRY(const Query query, Query::from(request.query()));
    PeopleReply reply;
    if (query.words.empty()) return reply;
    const std::size_t end = std::size_t{request.offset()} + limit;
    TRY(const auto found, search::people(call, store_, query, end + 1));
    for (std::size_t i = request.offset(); i < std::min(found.size(), end); ++i)
        reply.add_user_ids(found[i]);
    reply.set_more(found.size() > end);
    return reply;
}

Result<TweetsReply> Service::tweets(const Call& call, const TweetsRequest& request) {
    TRY(const std::uint32_t limit, limit_of(request.limit()));
    TRY(const Query query, Query::from(request.query()));
    TweetsReply reply;
    const Window window = window_of(request, limit);
    if (query.words.empty() || window.after + 1 >= window.before) return reply;
    TRY(const Page page, Finder(store_, query, window).find(call));
    reply.mutable_tweet_ids()->Add(page.ids.begin(), page.ids.end());
    reply.set_next(page.next);
    return reply;
}

Result<HashtagsReply> Service::hashtags(const Call& call, const HashtagsRequest& request) {
    TRY(const std::uint32_t limit, limit_of(request.limit()));
    TRY_VOID(Query::from(request.prefix()));  // the same bounds
    const std::string prefix{without_sign(normal(request.prefix()))};
    HashtagsReply reply;
    if (prefix.empty()) return reply;
    TRY(const auto hashtags, store_.hashtags(call, prefix, limit));
    for (const Hashtag& hashtag : hashtags) {
        auto& found = *reply.add_hashtags();
        found.set_hashtag(hashtag.shown);
        found.set_tweets(hashtag.tweets);
    }
    return reply;
}

Result<RebuildReply> Service::rebuild(const Call& call, const Empty&) {
    const Deadline until = std::chrono::steady_clock::now() + left_until(call.until) / 2;
    TRY_VOID(indexer_.begin_rebuild(call));
    while (true) {
        TRY(const Rebuild rebuild, store_.rebuild(call));
        if (rebuild.phase == Rebuild::Phase::done) {
            TRY(const Store::Counts counts, store_.counts(call));
            RebuildReply reply;
            reply.set_people(counts.people);
            reply.set_tweets(counts.tweets);
            return reply;
        }
        fiber::sleep_until(std::min(in(looks_at_rebuild_every), until));
        if (std::chrono::steady_clock::now() >= until) {
            return fail(error(Code::deadline,
                              "What is found is still being made; this goes on by itself. Ask again to wait "
                              "for the end.")
                            .because("still_rebuilding"));
        }
    }
}

}  // namespace jebi::search
