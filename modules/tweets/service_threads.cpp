#include <algorithm>

#include "modules/tweets/service_parts.h"

namespace jebi::tweets {

namespace {

// The ids of what replies to `top`, depth first, each level oldest first. `replies` are in the order of their
// ids.
std::vector<TweetId> depth_first(std::vector<Store::Reply> replies, TweetId top) {
    std::ranges::stable_sort(replies, {}, &Store::Reply::to);
    struct Open {
        TweetId id;
        std::size_t depth;
    };
    std::vector<Open> open{{top, 0}};
    std::vector<TweetId> ids;
    while (!open.empty() && ids.size() <= descendants_max) {
        const Open next = open.back();
        open.pop_back();
        ids.push_back(next.id);
        if (next.depth == depth_max) continue;
        const auto below = std::ranges::equal_range(replies, next.id, {}, &Store::Reply::to);
        for (auto reply = below.end(); reply != below.begin();)
            open.push_back({(--reply)->id, next.depth + 1});
    }
    ids.erase(ids.begin());  // the top itself
    return ids;
}

}  // namespace

Result<ThreadReply> Service::thread(const Call& call, const ByIdRequest& request) {
    TRY(StoredTweet tweet, store_.by_id_or_tombstone(call, TweetId{request.id()}));
    if (tweet.repost_of) {
        TRY(tweet, store_.by_id_or_tombstone(call, tweet.repost_of));
    }
    TRY(auto above, ancestors(call, tweet));
    TRY(auto below, descendants(call, tweet));
    ThreadReply reply;
    for (StoredTweet& one : above)
        *reply.add_ancestors() = message_of(std::move(one));
    *reply.mutable_tweet() = message_of(std::move(tweet));
    for (StoredTweet& one : below)
        *reply.add_descendants() = message_of(std::move(one));
    return reply;
}

Result<std::vector<StoredTweet>> Service::ancestors(const Call& call, const StoredTweet& tweet) {
    std::vector<StoredTweet> above;
    for (TweetId id = tweet.reply_to; id && above.size() < ancestors_max; id = above.back().reply_to) {
        auto next = store_.by_id_or_tombstone(call, id);
        if (has_reason(next, "tweet_gone")) break;  // it went while we were reading
        TRY(StoredTweet found, std::move(next));
        above.push_back(std::move(found));
    }
    std::ranges::reverse(above);
    return above;
}

Result<std::vector<StoredTweet>> Service::descendants(const Call& call, const StoredTweet& tweet) {
    if (tweet.replies == 0) return std::vector<StoredTweet>{};
    TRY(auto replies, store_.replies_after(call, tweet.thread, tweet.id));
    const std::vector<TweetId> ids = depth_first(std::move(replies), tweet.id);
    std::vector<StoredTweet> below;
    for (std::size_t at = 0; at < ids.size(); at += Store::list_max) {
        const std::size_t count = std::min(Store::list_max, ids.size() - at);
        TRY(auto some, in_order(call, std::span(ids).subspan(at, count)));
        std::ranges::move(some, std::back_inserter(below));
    }
    return below;
}

}  // namespace jebi::tweets
