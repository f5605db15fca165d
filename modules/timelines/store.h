// What home timelines need kept: all of the module's SQL.
//
// Changes are added to a batch, so that several of them and the position in another module's events are
// one transaction. All of them may be repeated.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"
#include "kit/sql/positions.h"

namespace jebi::timelines {

struct Entry {
    std::uint64_t tweet = 0;
    std::uint64_t author = 0;  // of the tweet, or who reposted it
    std::uint64_t repost_of = 0;
    std::uint64_t repost_of_author = 0;
};

// Why somebody's tweets are hidden from somebody.
enum class Why : std::uint8_t { muted = 1, blocks = 2, blocked_by = 3 };

// The tweets with after < id < before, in the order of a walk, at most so many.
struct Window {
    std::uint64_t after = 0;
    std::uint64_t before = INT64_MAX;
    bool from_oldest = false;
    std::uint32_t limit = 0;
};

// What is to be known before a home is read.
struct Owner {
    bool complete = false;              // false: nothing is promised of what is kept
    std::uint64_t oldest = 0;           // complete from this tweet on
    WallMs followed_until_ms = 0;       // of the tweets' events
    bool hides = false;                 // somebody
    std::vector<std::uint64_t> merged;  // authors whose tweets are not kept
};

// See builder.h.
struct Rebuild {
    enum class Phase : std::uint8_t { none, clearing, filling, done };
    Phase phase = Phase::none;
    std::uint32_t page = 1;
    std::uint64_t people = 0;
    std::uint64_t entries = 0;
    std::uint64_t accounts_sequence = 0;
    std::uint64_t follows_sequence = 0;
    std::uint64_t tweets_sequence = 0;
};

// Thread-safe. Errors as kit/sql/database.h has them.
class Store {
public:
    // A source whose position is a time: when the last tweet event that was followed happened.
    static constexpr std::string_view followed_until = "tweets_at_ms";

    explicit Store(sql::Room& room) : room_(room), positions_(room, "timelines") {}

    Result<Owner> owner(const Call& call, UserId user);
    // What is kept and not hidden, without authors who are merged in at reading.
    Result<std::vector<Entry>> entries(const Call& call, UserId owner, const Window& window);
    // Those of the users whose tweets are hidden from the owner. In no order.
    Result<std::vector<std::uint64_t>> hidden(const Call& call, UserId owner,
                                              std::span<const std::uint64_t> users);
    // Those of the users who are merged in at reading. In no order.
    Result<std::vector<std::uint64_t>> merged_authors(const Call& call, std::span<const std::uint64_t> users);
    Result<Rebuild> rebuild(const Call& call);
    const sql::Positions& positions() const { return positions_; }

    // One entry for many owners; many entries for one owner. Those that are there stay.
    void add(sql::Batch& batch, const Entry& entry, std::span<const std::uint64_t> owners) const;
    void add(sql::Batch& batch, UserId owner, std::span<const Entry> entries) const;
    void remove(sql::Batch& batch, std::uint64_t tweet, std::span<const std::uint64_t> owners) const;
    // All by this author, kept or merged in, reposts of others' tweets among them.
    void remove_author(sql::Batch& batch, UserId owner, UserId author) const;
    void hide(sql::Batch& batch, UserId owner, UserId other, Why why) const;
    void show(sql::Batch& batch, UserId owner, UserId other, Why why) const;
    // Keeps the newest `kept_max` entries of an owner.
    void trim(sql::Batch& batch, UserId owner, std::uint32_t kept_max) const;
    // The owner's home is complete from this tweet on.
    void complete(sql::Batch& batch, UserId owner, std::uint64_t oldest) const;
    void merge(sql::Batch& batch, UserId author, std::span<const std::uint64_t> owners) const;
    // From now on the author's tweets are not kept: all their followers were given to merge().
    void merge_from_now(sql::Batch& batch, UserId author) const;
    void move(sql::Batch& batch, std::string_view source, std::uint64_t sequence) const {
        positions_.move(batch, source, sequence);
    }
    void put(sql::Batch& batch, const Rebuild& rebuild) const;
    Result<void> commit(const Call& call, sql::Batch batch);

    // Removes some of what a user who is gone had here; how many rows. 0: all of it is gone.
    Result<std::size_t> forget_some(const Call& call, UserId user);
    // Removes some of everything but positions and the rebuild; how many rows. Completeness goes first.
    Result<std::size_t> clear_some(const Call& call);

private:
    Result<std::size_t> remove_some(const Call& call, std::span<const std::string_view> statements,
                                    const std::vector<sql::Value>& parameters);
    sql::Room& room_;
    sql::Positions positions_;
};

}  // namespace jebi::timelines
