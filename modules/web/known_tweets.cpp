#include "modules/web/known_tweets.h"

#include <cassert>

namespace jebi::web {

std::vector<SharedTweet> KnownTweets::of(std::span<const std::uint64_t> ids) const {
    std::vector<SharedTweet> known(ids.size());
    const std::lock_guard lock{mutex_};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (const SharedTweet* there = tweets_.find(ids[i])) known[i] = *there;
    }
    return known;
}

void KnownTweets::keep(std::span<const SharedTweet> tweets) {
    const std::lock_guard lock{mutex_};
    for (const SharedTweet& tweet : tweets) {
        assert(tweet->version() != 0 && !tweet->has_marks());
        tweets_.put(tweet->id(), tweet);
    }
}

}  // namespace jebi::web
