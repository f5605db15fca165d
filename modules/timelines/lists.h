// Tweets from their authors' own lists, as entries of homes.
#pragma once

#include <span>
#include <vector>

#include "modules/timelines/store.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::timelines {

inline constexpr std::size_t authors_at_once_max = 100;
inline constexpr std::uint32_t list_page_max = 100;

// Entries in the order of a walk. `reach`: what comes later in the walk than this tweet has not been looked
// at.
struct Piece {
    std::vector<Entry> entries;
    std::optional<std::uint64_t> reach;
};

Entry entry_of(const tweets::Tweet& tweet);

// One call: the window's tweets by these authors (1 to authors_at_once_max), at most list_page_max.
Result<Piece> listed(const Call& call, tweets::Tweets& tweets, std::span<const std::uint64_t> authors,
                     const Window& window);

// The newest entries of those that are added.
class Newest {
public:
    explicit Newest(std::size_t entries_max) : entries_max_(entries_max) {}

    // Reads what these authors (any number) have that is newer than the bound, in as few calls as it takes.
    Result<void> read(const Call& call, tweets::Tweets& tweets, std::span<const std::uint64_t> authors);
    // All tweets from this one on are among the entries; 0: all.
    std::uint64_t oldest() const { return oldest_; }
    void begin_at(std::uint64_t oldest) { oldest_ = oldest; }
    const std::vector<Entry>& entries() const { return entries_; }

private:
    Result<void> read_some(const Call& call, tweets::Tweets& tweets, std::span<const std::uint64_t> authors);
    void cut();

    std::size_t entries_max_;
    std::uint64_t oldest_ = 0;
    std::vector<Entry> entries_;
};

}  // namespace jebi::timelines
