// Searching, in this process: reading what the indexer (indexer.h) makes.
#pragma once

#include "modules/search/indexer.h"
#include "modules/search/search.jebi.h"

namespace jebi::search {

inline constexpr std::uint32_t page_size = 20;
inline constexpr std::uint32_t page_size_max = 80;
inline constexpr std::uint32_t people_offset_max = 1'000;

// Thread-safe; keeps nothing but what the store keeps.
class Service final : public Search {
public:
    Service(Store& store, Indexer& indexer) : store_(store), indexer_(indexer) {}

    Result<PeopleReply> people(const Call& call, const PeopleRequest& request) override;
    Result<TweetsReply> tweets(const Call& call, const TweetsRequest& request) override;
    Result<HashtagsReply> hashtags(const Call& call, const HashtagsRequest& request) override;
    // Waits while the indexer runs elsewhere; `deadline` (still_rebuilding) when that takes longer than half
    // of the call's time: it goes on, and asking again waits for the same one.
    Result<RebuildReply> rebuild(const Call& call, const Empty& request) override;

private:
    Store& store_;
    Indexer& indexer_;
};

}  // namespace jebi::search
