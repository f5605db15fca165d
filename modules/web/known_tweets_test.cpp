#include "modules/web/known_tweets.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::web;

namespace {

SharedTweet tweet(std::uint64_t id, std::uint64_t version) {
    tweets::Tweet made;
    made.set_id(id);
    made.set_version(version);
    return std::make_shared<const tweets::Tweet>(std::move(made));
}

}  // namespace

TEST_CASE("tweets are known as they were kept last") {
    KnownTweets known;
    const std::vector<std::uint64_t> ids{3, 1, 2, 1};
    CHECK(known.of(ids) == std::vector<SharedTweet>(4));
    const std::vector old{tweet(1, 7), tweet(2, 7)};
    known.keep(old);
    CHECK(known.of(ids) == std::vector<SharedTweet>{nullptr, old[0], old[1], old[0]});
    const std::vector newer{tweet(1, 8)};
    known.keep(newer);
    CHECK(known.of(ids) == std::vector<SharedTweet>{nullptr, newer[0], old[1], newer[0]});
}

TEST_CASE("there is room for so many, and what has been read lives on") {
    KnownTweets known;
    const SharedTweet first = tweet(1, 1);
    known.keep(std::vector{first});
    std::vector<std::uint64_t> ids;
    for (std::uint64_t id = 1; id <= 10 * KnownTweets::tweets_max; ++id) {
        ids.push_back(id);
        if (id > 1) known.keep(std::vector{tweet(id, 1)});
    }
    const auto there = known.of(ids);
    const auto count = static_cast<std::size_t>(
        std::ranges::count_if(there, [](const SharedTweet& one) { return one != nullptr; }));
    CHECK(count <= KnownTweets::tweets_max);
    CHECK(count > KnownTweets::tweets_max / 2);
    CHECK(first->version() == 1);
}
