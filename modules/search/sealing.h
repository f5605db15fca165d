// Adding recent tweets to a segment.
#pragma once

#include "modules/search/store.h"

namespace jebi::search {

// Adds the tweets to the last segment, or to a new one when it would have more than `segment_max` then. One
// transaction; how many tweets it took: fewer than given when they are of very many different grams.
Result<std::size_t> seal(const Call& call, Store& store, std::span<const StoredTweet> tweets,
                         std::size_t segment_max);

}  // namespace jebi::search
