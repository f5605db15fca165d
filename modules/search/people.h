// Finding people: who is named so, then whose name begins so, then who has all of the words in their names.
#pragma once

#include "modules/search/store.h"

namespace jebi::search {

inline constexpr std::uint32_t people_looked_at_max =
    2'000;  // of those who have the pairs of letters, the newest

// At most so many, in the order of the page. The words may begin with '@'.
Result<std::vector<std::uint64_t>> people(const Call& call, Store& store, const Query& query,
                                          std::size_t limit);

}  // namespace jebi::search
