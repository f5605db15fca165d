// Tweets by their ids: whole, or only that they are as the caller knows them.
#include <algorithm>
#include <set>

#include "modules/tweets/service_parts.h"

namespace jebi::tweets {

namespace {

constexpr std::uint32_t own_max = 40;

// Of a tweet that the caller knows as it is, only what Store::states() gives.
struct Found {
    StoredTweet tweet;
    Store::Mark mark{};
    bool unchanged = false;

    TweetId id() const { return tweet.id; }
};

// Those found, in the order of the ids asked for. An id may be there twice.
template <typename One, typename IdOf>
std::vector<One> ordered_by(std::span<const TweetId> ids, std::vector<One> found, IdOf id_of) {
    std::ranges::sort(found, {}, id_of);
    std::vector<One> ordered;
    ordered.reserve(ids.size());
    while (!ids.empty()) {
        const TweetId id = ids.front();
        ids = ids.subspan(1);
        const auto one = std::ranges::lower_bound(found, id, {}, id_of);
        if (one == found.end() || std::invoke(id_of, *one) != id) continue;
        const bool comes_again = std::ranges::find(ids, id) != ids.end();
        ordered.push_back(comes_again ? *one : std::move(*one));  // its id stays
    }
    return ordered;
}

Tweet message_of(Found found, bool with_mark) {
    Tweet tweet;
    const std::uint64_t version = version_of(found.tweet);
    if (found.unchanged) {
        tweet.set_id(found.tweet.id.value);
        tweet.set_author_id(found.tweet.author.value);
        tweet.set_unchanged(true);
    } else {
        tweet = message_of(std::move(found.tweet));
    }
    tweet.set_version(version);
    if (with_mark) *tweet.mutable_marks() = message_of(found.mark);
    return tweet;
}

// What a call asks for by ids.
class ByIds {
public:
    // No reader: no marks.
    ByIds(Store& store, const Call& call, UserId reader) : store_(store), call_(call), reader_(reader) {}

    // Adds the tweets to `to`. `known`: their versions, as far as the caller has them.
    template <typename Tweets>
    Result<void> add(std::span<const TweetId> ids, std::span<const std::uint64_t> known, Tweets& to) {
        std::vector<TweetId> wanted;
        TRY(auto found, unchanged_of(ids, known, wanted));
        TRY_VOID(add_whole(wanted, found));
        for (Found& one : ordered_by(ids, std::move(found), &Found::id))
            *to.Add() = message_of(std::move(one), bool{reader_});
        return {};
    }

private:
    // `wanted` gets the others.
    Result<std::vector<Found>> unchanged_of(std::span<const TweetId> ids,
                                            std::span<const std::uint64_t> known,
                                            std::vector<TweetId>& wanted) {
        std::vector<TweetId> looked_at;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto before = ids.first(i);
            if (std::ranges::find(before, ids[i]) != before.end()) continue;
            (i < known.size() && known[i] != 0 ? looked_at : wanted).push_back(ids[i]);
        }
        std::vector<Found> found;
        TRY(auto states, store_.states(call_, reader_, looked_at));
        for (Store::Marked& state : states) {
            const auto place = std::ranges::find(ids, state.tweet.id) - ids.begin();
            if (version_of(state.tweet) == known[static_cast<std::size_t>(place)]) {
                found.push_back({std::move(state.tweet), state.mark, true});
            } else {
                wanted.push_back(state.tweet.id);
            }
        }
        return found;
    }

    Result<void> add_whole(std::span<const TweetId> ids, std::vector<Found>& found) {
        if (reader_) {
            TRY(auto marked, store_.by_ids_marked(call_, reader_, ids));
            for (Store::Marked& one : marked)
                found.push_back({std::move(one.tweet), one.mark});
        } else {
            TRY(auto tweets, store_.by_ids(call_, ids));
            for (StoredTweet& tweet : tweets)
                found.push_back({std::move(tweet)});
        }
        return {};
    }

    Store& store_;
    const Call& call_;
    UserId reader_;
};

}  // namespace

Result<std::vector<StoredTweet>> Service::in_order(const Call& call, std::span<const TweetId> ids) {
    TRY(auto found, store_.by_ids(call, ids));
    return ordered_by(ids, std::move(found), &StoredTweet::id);
}

Result<std::vector<TweetId>> Service::own_besides(const Call& call, TweetId after,
                                                  std::span<const TweetId> ids) {
    TRY(auto own, store_.ids_by_author(call, call.user, after, own_max));
    std::erase_if(own, [&](TweetId id) { return std::ranges::find(ids, id) != ids.end(); });
    return own;
}

Result<TweetList> Service::by_ids(const Call& call, const ByIdsRequest& request) {
    TRY_VOID(at_most_100(request.ids_size(), "tweets", "ids"));
    if (request.known_versions_size() > request.ids_size())
        return fail(error(Code::invalid, "There are more versions than tweets.").at("known_versions"));
    std::vector<TweetId> ids;
    for (const std::uint64_t id : request.ids())
        ids.push_back(TweetId{bounded(id)});
    TweetList list;
    ByIds by_ids{store_, call, request.with_marks() ? call.user : UserId{}};
    const auto& known = request.known_versions();
    TRY_VOID(by_ids.add(ids, {known.data(), static_cast<std::size_t>(known.size())}, *list.mutable_tweets()));
    if (request.has_own_after() && call.user) {
        const TweetId after{bounded(request.own_after())};
        TRY(const auto own, own_besides(call, after, ids));
        TRY_VOID(by_ids.add(own, {}, *list.mutable_own()));
    }
    if (request.with_author_counts()) TRY_VOID(add_author_counts(call, list));
    return list;
}

Result<void> Service::add_author_counts(const Call& call, TweetList& list) {
    std::set<std::uint64_t> authors;
    for (const Tweet& tweet : list.tweets())
        authors.insert(tweet.author_id());
    if (!list.own().empty()) authors.insert(call.user.value);
    CountsRequest request;
    request.mutable_author_ids()->Assign(authors.begin(), authors.end());
    TRY(const auto reply, counts(call, request));
    for (int i = 0; i < reply.counts_size(); ++i) {
        AuthorCount& count = *list.add_author_counts();
        count.set_author_id(request.author_ids(i));
        count.set_tweets(reply.counts(i));
    }
    return {};
}

}  // namespace jebi::tweets
