// How many people and tweets there are, and which hashtags are used most: shown beside most pages, so asked
// for at most once a second.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "modules/web/visit.h"

namespace jebi::web {

class Stats {
public:
    struct Counted {
        std::optional<std::uint64_t> people;  // nothing: it was never told
        std::optional<std::uint64_t> tweets;
        std::vector<tweets::HashtagList::Used> hashtags;  // of the last days; empty when it cannot be told
    };
    // Thread-safe. Where a module cannot be asked: what it said last.
    Counted now(accounts::Accounts& accounts, tweets::Tweets& tweets, const Call& call);
    static constexpr Millis kept{1'000};

private:
    std::mutex mutex_;
    Counted counted_;
    Deadline fresh_until_{};
};

}  // namespace jebi::web
