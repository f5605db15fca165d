// How many people and tweets there are, and which hashtags are used most: shown beside most pages, so asked
// for at most once a second.
#pragma once

#include <mutex>
#include <vector>

#include "modules/web/visit.h"

namespace jebi::web {

class Stats {
public:
    struct Counted {
        std::uint64_t people = 0;
        std::uint64_t tweets = 0;
        std::vector<tweets::HashtagList::Used> hashtags;  // of the last days; empty when it cannot be told
    };
    // Thread-safe. When the modules cannot be asked: what was known last.
    Counted now(accounts::Accounts& accounts, tweets::Tweets& tweets, const Call& call);
    static constexpr Millis kept{1'000};

private:
    std::mutex mutex_;
    Counted counted_;
    Deadline fresh_until_{};
};

}  // namespace jebi::web
