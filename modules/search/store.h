// What searching needs kept: all of the module's SQL.
//
// Changes are added to a batch, so that several of them and the position in another module's events are one
// transaction. All of them may be repeated.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"
#include "kit/sql/positions.h"
#include "modules/search/postings.h"
#include "modules/search/text.h"

namespace jebi::search {

struct StoredTweet {
    std::uint64_t id = 0;
    std::uint64_t author = 0;
    std::string text;  // normal
};

struct Hashtag {
    std::string key;    // folded
    std::string shown;  // as it was typed
    std::uint64_t tweets = 0;
};

struct Person {
    std::uint64_t id = 0;
    std::string username;  // normal, as the other
    std::string display_name;
};

struct Segment {
    std::uint64_t number = 0;
    std::uint64_t lowest_id = 0;
    std::uint64_t highest_id = 0;
    std::uint64_t tweets = 0;
    Bytes ids{};  // filled by last_segment() only
};

// Which tweets of a segment have a gram.
struct Postings {
    Gram gram = 0;
    std::uint64_t segment = 0;
    Bytes numbers;
};

// See indexer.h.
struct Rebuild {
    enum class Phase : std::uint8_t { none, clearing, filling, done };
    Phase phase = Phase::none;
    std::uint64_t newest_id = 0;  // of the tweets that are filled in
    std::uint64_t accounts_sequence = 0;
    std::uint64_t tweets_sequence = 0;
};

// Thread-safe. Errors as kit/sql/database.h has them.
class Store {
public:
    static constexpr std::size_t grams_read_max = 500;  // in one segment
    static constexpr std::size_t texts_read_max = 500;

    explicit Store(sql::Room& room) : room_(room), positions_(room, "search") {}
    const sql::Positions& positions() const { return positions_; }

    // ---- Tweets ----
    // Those in no segment with after < id < before, newest first.
    Result<std::vector<StoredTweet>> recent(const Call& call, std::uint64_t after, std::uint64_t before);
    Result<std::size_t> recent_count(const Call& call);
    // Those in no segment, oldest first, at most so many.
    Result<std::vector<StoredTweet>> oldest_recent(const Call& call, std::size_t limit);
    // Of the ids, in no order; those that are gone are left out.
    Result<std::vector<StoredTweet>> tweets(const Call& call, std::span<const std::uint64_t> ids);
    // Of the numbers in a segment, in no order; those that are gone or elsewhere by now are left out.
    Result<std::vector<StoredTweet>> tweets_at(const Call& call, std::uint64_t segment,
                                               const Numbers& numbers);
    // Which have ids with after < id < before, those with the highest ids first; without `ids`.
    Result<std::vector<Segment>> segments(const Call& call, std::uint64_t after, std::uint64_t before);
    Result<std::optional<Segment>> last_segment(const Call& call);
    Result<Bytes> ids_of(const Call& call, std::uint64_t segment);
    // Of these grams (at most grams_read_max) in segments from `first` to `last`, in no order.
    Result<std::vector<Postings>> postings(const Call& call, std::span<const Gram> grams, std::uint64_t first,
                                           std::uint64_t last);

    // The text is new, or replaces another one; it is in no segment then.
    void put(sql::Batch& batch, const StoredTweet& tweet, std::span<const Hashtag> hashtags) const;
    void remove_tweet(sql::Batch& batch, std::uint64_t tweet) const;
    // The tweets are its last ones.
    void put(sql::Batch& batch, const Segment& segment, std::span<const StoredTweet> added) const;
    void put(sql::Batch& batch, std::vector<Postings> postings) const;

    // ---- Hashtags ----
    // Those that begin with a folded text, the most used first.
    Result<std::vector<Hashtag>> hashtags(const Call& call, const std::string& prefix, std::uint32_t limit);

    // ---- People ----
    // All newest first, at most so many.
    Result<std::vector<Person>> people_named(const Call& call, const std::string& name, std::uint32_t limit);
    Result<std::vector<Person>> people_from(const Call& call, const std::string& prefix, std::uint32_t limit);
    Result<std::vector<Person>> people_with(const Call& call, std::span<const Gram> grams,
                                            std::uint32_t limit);
    void put(sql::Batch& batch, const Person& person) const;
    void remove_person(sql::Batch& batch, std::uint64_t user) const;

    // ---- All of it ----
    Result<Rebuild> rebuild(const Call& call);
    void put(sql::Batch& batch, const Rebuild& rebuild) const;
    struct Counts {
        std::uint64_t people = 0;
        std::uint64_t tweets = 0;
    };
    Result<Counts> counts(const Call& call);
    // Removes some of everything but positions and the rebuild; how many rows. 0: it is empty.
    Result<std::size_t> clear_some(const Call& call);
    Result<void> commit(const Call& call, sql::Batch batch);

private:
    void remove_tags(sql::Batch& batch, std::uint64_t tweet) const;
    sql::Room& room_;
    sql::Positions positions_;
};

}  // namespace jebi::search
