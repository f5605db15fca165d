// Tweets as this web has read them last, so that they need not be told again: it asks for them with the
// version that it has (`known_versions` of tweets' ByIds), and hears that it still holds. Nobody is shown one
// from here that tweets has not vouched for in the same request.
//
// Fixed room (id_table.h). Thread-safe; locked for microseconds, never across a wait.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "modules/tweets/tweets.jebi.h"
#include "modules/web/id_table.h"

namespace jebi::web {

using SharedTweet = std::shared_ptr<const tweets::Tweet>;

class KnownTweets {
public:
    static constexpr std::size_t tweets_max = 16'384;  // about 1 KB each

    KnownTweets() : tweets_(tweets_max) {}

    // Each of these, or null; the pointers live on whatever comes later.
    std::vector<SharedTweet> of(std::span<const std::uint64_t> ids) const;
    // Without a version, or with somebody's marks, it is not for keeping: our mistake, an assert.
    void keep(std::span<const SharedTweet> tweets);

private:
    mutable std::mutex mutex_;
    IdTable<SharedTweet> tweets_;
};

}  // namespace jebi::web
