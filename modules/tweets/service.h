// The rules of tweets, in this process.
#pragma once

#include <optional>

#include "kit/base/ids.h"
#include "kit/rpc/event_source.h"
#include "modules/follows/follows.jebi.h"
#include "modules/tweets/store.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::tweets {

inline constexpr std::uint32_t page_size = 15;
inline constexpr std::uint32_t page_size_max = 100;
inline constexpr std::uint32_t page_max = 1'000;
inline constexpr std::size_t text_bytes_max = 8 * 1024;  // more than 280 of the heaviest, with room to count
inline constexpr std::size_t ancestors_max = 100;
inline constexpr std::size_t descendants_max = 500;
inline constexpr std::size_t depth_max = 100;
inline constexpr Millis keys_kept{24LL * 3600 * 1000};
inline constexpr Millis events_kept{30LL * 24 * 3600 * 1000};

// Thread-safe; keeps nothing but what the store keeps. Who blocks whom it asks of `follows`, each time.
class Service final : public Tweets {
public:
    Service(Store& store, follows::Follows& follows, IdGenerator& ids, const Clock& clock)
        : store_(store), follows_(follows), ids_(ids), clock_(clock) {}

    // service.cpp
    Result<Tweet> write(const Call& call, const WriteRequest& request) override;
    Result<Tweet> edit(const Call& call, const EditRequest& request) override;
    Result<Empty> delete_(const Call& call, const DeleteRequest& request) override;
    Result<MeasureReply> measure(const Call& call, const MeasureRequest& request) override;

    // service_by_ids.cpp
    Result<TweetList> by_ids(const Call& call, const ByIdsRequest& request) override;

    // service_lists.cpp
    Result<Tweet> by_id(const Call& call, const ByIdRequest& request) override;
    Result<TweetPage> all(const Call& call, const AllRequest& request) override;
    Result<TweetPage> by_author(const Call& call, const ByAuthorRequest& request) override;
    Result<TweetPage> by_authors(const Call& call, const ByAuthorsRequest& request) override;
    Result<TweetPage> by_hashtag(const Call& call, const ByHashtagRequest& request) override;
    Result<CountsReply> counts(const Call& call, const CountsRequest& request) override;
    Result<HashtagList> top_hashtags(const Call& call, const TopHashtagsRequest& request) override;

    // service_threads.cpp
    Result<ThreadReply> thread(const Call& call, const ByIdRequest& request) override;

    // service_likes.cpp
    Result<Tweet> favourite(const Call& call, const ByIdRequest& request) override;
    Result<Tweet> unfavourite(const Call& call, const ByIdRequest& request) override;
    Result<Tweet> repost(const Call& call, const ByIdRequest& request) override;
    Result<Tweet> unrepost(const Call& call, const ByIdRequest& request) override;
    Result<UserIds> favourited_by(const Call& call, const UsersOfRequest& request) override;
    Result<UserIds> reposted_by(const Call& call, const UsersOfRequest& request) override;
    Result<TweetPage> favourites(const Call& call, const FavouritesRequest& request) override;
    Result<MarksReply> marks(const Call& call, const MarksRequest& request) override;
    Result<Tweet> pin(const Call& call, const ByIdRequest& request) override;
    Result<Tweet> unpin(const Call& call, const ByIdRequest& request) override;
    Result<TweetList> pinned(const Call& call, const PinnedRequest& request) override;

    // service_events.cpp
    Result<EventsReply> events(const Call& call, const EventsRequest& request) override;
    Result<LastEventReply> last_event(const Call& call, const Empty& request) override;
    // Throws away what has been kept long enough. Called now and then by whoever runs the module.
    Result<void> sweep(const Call& call);
    // Lets everybody who waits for events go, now and from now on. Before the process ends.
    void end_waits() { happened_.end_waits(); }

private:
    Result<StoredTweet> begun(UserId author, const std::string& text, const std::string& key,
                              WallMs written_ms);
    Result<Tweet> brought_before(const Call& call, const StoredTweet& tweet);
    Result<Tweet> written_before(const Call& call, UserId user, const Key& key);
    // Makes it a reply to that tweet, when its author may be replied to.
    Result<void> reply(const Call& call, StoredTweet& tweet, TweetId to);
    Result<StoredTweet> own(const Call& call, TweetId id);
    // The tweet itself, or what it reposts.
    Result<StoredTweet> original(const Call& call, TweetId id);
    Result<void> refuse_blocked(const Call& call, UserId author);
    // The repost, new or from before; nothing when the one from before has gone meanwhile.
    Result<std::optional<StoredTweet>> repost_once(const Call& call, UserId me, const StoredTweet& tweet);
    // The tweet after a change of what stands on it; a change of nothing is fine.
    Result<Tweet> changed(const Call& call, TweetId id, const Result<void>& change);
    Result<std::vector<StoredTweet>> ancestors(const Call& call, const StoredTweet& tweet);
    Result<std::vector<StoredTweet>> descendants(const Call& call, const StoredTweet& tweet);
    Result<std::vector<StoredTweet>> in_order(const Call& call, std::span<const TweetId> ids);
    Result<std::vector<TweetId>> own_besides(const Call& call, TweetId after, std::span<const TweetId> ids);
    Result<void> add_author_counts(const Call& call, TweetList& list);

    Store& store_;
    follows::Follows& follows_;
    IdGenerator& ids_;
    const Clock& clock_;
    rpc::EventSource happened_;
};

}  // namespace jebi::tweets
