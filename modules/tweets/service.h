// The rules of tweets, in this process.
#pragma once

#include "kit/base/ids.h"
#include "kit/fiber/signal.h"
#include "modules/tweets/store.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::tweets {

inline constexpr std::uint32_t page_size = 15;
inline constexpr std::uint32_t page_size_max = 100;
inline constexpr std::uint32_t page_max = 1'000;
inline constexpr std::size_t text_bytes_max = 8 * 1024;  // more than 280 of the heaviest, with room to count
inline constexpr Millis keys_kept{24LL * 3600 * 1000};
inline constexpr Millis events_kept{30LL * 24 * 3600 * 1000};

// Thread-safe; keeps nothing but what the store keeps.
class Service final : public TweetsAbsent {
public:
    Service(Store& store, IdGenerator& ids, const Clock& clock) : store_(store), ids_(ids), clock_(clock) {}

    Result<Tweet> write(const Call& call, const WriteRequest& request) override;
    Result<Tweet> edit(const Call& call, const EditRequest& request) override;
    Result<Empty> delete_(const Call& call, const DeleteRequest& request) override;
    Result<Tweet> by_id(const Call& call, const ByIdRequest& request) override;
    Result<TweetPage> all(const Call& call, const AllRequest& request) override;
    Result<TweetPage> by_author(const Call& call, const ByAuthorRequest& request) override;
    Result<TweetPage> by_hashtag(const Call& call, const ByHashtagRequest& request) override;
    Result<CountsReply> counts(const Call& call, const CountsRequest& request) override;
    Result<MeasureReply> measure(const Call& call, const MeasureRequest& request) override;
    Result<EventsReply> events(const Call& call, const EventsRequest& request) override;

    // Throws away what has been kept long enough. Called now and then by whoever runs the module.
    Result<void> sweep(const Call& call);

private:
    Result<Tweet> written_before(const Call& call, UserId user, const Key& key);
    Result<StoredTweet> own(const Call& call, TweetId id);

    Store& store_;
    IdGenerator& ids_;
    const Clock& clock_;
    fiber::Signal happened_;
};

}  // namespace jebi::tweets
