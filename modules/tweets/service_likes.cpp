#include <algorithm>

#include "modules/tweets/service_parts.h"

namespace jebi::tweets {

namespace {

constexpr std::uint32_t likes_shown = 40;
constexpr std::uint32_t likes_max = 100;
constexpr int repost_tries_max = 3;  // while the same person takes it back from elsewhere

// Where a list of likes or reposts goes on; one more than is shown tells whether there is a next page.
struct Likes {
    std::uint64_t before;
    std::uint32_t limit;
};

Result<Likes> likes_of(std::uint64_t before, std::uint32_t limit) {
    if (limit > likes_max)
        return fail(error(Code::invalid, "A page has at most 100 entries.").because("bad_page").at("limit"));
    return Likes{before == 0 ? INT64_MAX : bounded(before), (limit == 0 ? likes_shown : limit) + 1};
}

// Takes the one that was too much off a page; the id of the last one shown then, otherwise 0.
template <typename T>
std::uint64_t cut(std::vector<T>& page, const Likes& likes) {
    if (page.size() < likes.limit) return 0;
    page.pop_back();
    return page.back().id;
}

UserIds users_of(std::vector<Store::Liker> likers, const Likes& likes) {
    UserIds reply;
    reply.set_next(cut(likers, likes));
    for (const Store::Liker& liker : likers)
        reply.add_user_ids(liker.user.value);
    return reply;
}

}  // namespace

Result<Tweet> Service::changed(const Call& call, TweetId id, const Result<void>& change) {
    if (!change && !has_reason(change, as_before)) return fail(change.error());
    if (change) happened_.tell();
    TRY(StoredTweet tweet, store_.by_id(call, id));
    return message_of(std::move(tweet));
}

Result<Tweet> Service::favourite(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const StoredTweet tweet, original(call, TweetId{request.id()}));
    TRY_VOID(refuse_blocked(call, tweet.author));
    const Like like{.id = ids_.next(), .tweet = tweet, .user = me, .at_ms = clock_.wall_ms()};
    return changed(call, tweet.id, store_.favourite(call, like));
}

Result<Tweet> Service::unfavourite(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const StoredTweet tweet, original(call, TweetId{request.id()}));
    const Like like{.tweet = tweet, .user = me, .at_ms = clock_.wall_ms()};
    return changed(call, tweet.id, store_.unfavourite(call, like));
}

Result<Tweet> Service::repost(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const StoredTweet tweet, original(call, TweetId{request.id()}));
    TRY_VOID(refuse_blocked(call, tweet.author));
    for (int tries = 0; tries < repost_tries_max; ++tries) {
        TRY(auto repost, repost_once(call, me, tweet));
        if (repost) return message_of(std::move(*repost));
    }
    return fail(error(Code::conflict, "This has changed in the meantime.").because("changed"));
}

Result<std::optional<StoredTweet>> Service::repost_once(const Call& call, UserId me,
                                                        const StoredTweet& tweet) {
    const TweetId id{ids_.next()};
    StoredTweet repost{.id = id,
                       .author = me,
                       .created_ms = clock_.wall_ms(),
                       .thread = id,
                       .repost_of = tweet.id,
                       .repost_of_author = tweet.author};
    const auto done = store_.repost(call, repost);
    if (has_reason(done, as_before)) {
        auto before = store_.repost_by(call, me, tweet.id);
        if (has_reason(before, "tweet_gone")) return std::nullopt;
        TRY_VOID(before);
        return std::move(*before);
    }
    TRY_VOID(done);
    happened_.tell();
    return repost;
}

Result<Tweet> Service::unrepost(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const StoredTweet tweet, original(call, TweetId{request.id()}));
    const auto mine = store_.repost_by(call, me, tweet.id);
    if (has_reason(mine, "tweet_gone")) return message_of(tweet);
    TRY_VOID(mine);
    const auto removed = store_.remove(call, *mine, clock_.wall_ms());
    if (!has_reason(removed, "tweet_gone")) TRY_VOID(removed);
    return changed(call, tweet.id, {});
}

Result<UserIds> Service::favourited_by(const Call& call, const UsersOfRequest& request) {
    TRY(const Likes likes, likes_of(request.before(), request.limit()));
    TRY(const StoredTweet tweet, original(call, TweetId{request.tweet_id()}));
    TRY(auto likers, store_.favourited_by(call, tweet.id, likes.before, likes.limit));
    return users_of(std::move(likers), likes);
}

Result<UserIds> Service::reposted_by(const Call& call, const UsersOfRequest& request) {
    TRY(const Likes likes, likes_of(request.before(), request.limit()));
    TRY(const StoredTweet tweet, original(call, TweetId{request.tweet_id()}));
    TRY(auto likers, store_.reposted_by(call, tweet.id, likes.before, likes.limit));
    return users_of(std::move(likers), likes);
}

Result<TweetPage> Service::favourites(const Call& call, const FavouritesRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const Likes likes, likes_of(request.before(), request.limit()));
    TRY(auto liked, store_.favourites(call, me, likes.before, likes.limit));
    TweetPage page;
    page.set_next_cursor(cut(liked, likes));
    for (Like& like : liked)
        *page.add_tweets() = message_of(std::move(like.tweet));
    return page;
}

Result<MarksReply> Service::marks(const Call& call, const MarksRequest& request) {
    TRY_VOID(at_most_100(request.tweet_ids_size(), "tweets", "tweet_ids"));
    std::vector<TweetId> ids;
    for (const std::uint64_t id : request.tweet_ids())
        ids.push_back(TweetId{bounded(id)});
    std::vector<Store::Mark> found;
    if (call.user) {
        TRY(found, store_.marks(call, call.user, ids));
    }
    std::ranges::sort(found, {}, &Store::Mark::tweet);
    MarksReply reply;
    for (const TweetId id : ids) {
        Marks& marks = *reply.add_marks();
        const auto mark = std::ranges::lower_bound(found, id, {}, &Store::Mark::tweet);
        if (mark != found.end() && mark->tweet == id) marks = message_of(*mark);
    }
    return reply;
}

Result<Tweet> Service::pin(const Call& call, const ByIdRequest& request) {
    TRY(const StoredTweet tweet, own(call, TweetId{request.id()}));
    if (tweet.repost_of)
        return fail(error(Code::invalid, "A repost cannot be pinned.").because("no_text").at("id"));
    TRY_VOID(store_.pin(call, tweet.author, tweet.id));
    return message_of(tweet);
}

Result<Tweet> Service::unpin(const Call& call, const ByIdRequest& request) {
    TRY(const StoredTweet tweet, own(call, TweetId{request.id()}));
    TRY_VOID(store_.unpin(call, tweet.author, tweet.id));
    return message_of(tweet);
}

Result<TweetList> Service::pinned(const Call& call, const PinnedRequest& request) {
    const UserId author{bounded(request.author_id())};
    TRY(auto tweets, store_.pinned(call, author));
    TweetList list;
    for (StoredTweet& tweet : tweets)
        *list.add_tweets() = message_of(std::move(tweet));
    return list;
}

}  // namespace jebi::tweets
