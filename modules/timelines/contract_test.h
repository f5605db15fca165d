// What every Timelines does, whatever stands behind it: the service in this process, or a client of it.
#pragma once

#include "modules/timelines/test_world.h"

namespace jebi::timelines {

inline constexpr std::uint64_t minji = 101;
inline constexpr std::uint64_t daniel = 202;
inline constexpr std::uint64_t haerin = 303;

inline std::uint32_t newer_than(Timelines& timelines, std::uint64_t user, std::uint64_t tweet) {
    NewerThanRequest request;
    request.set_tweet_id(tweet);
    return timelines.newer_than(as(user), request).value().count();
}

inline void refusing_cases(Timelines& timelines, World&) {
    CHECK(timelines.home(as(0), {}).error().code == Code::unauthenticated);
    CHECK(timelines.newer_than(as(0), {}).error().code == Code::unauthenticated);
    HomeRequest request;
    request.set_limit(101);
    const Error refused = timelines.home(as(minji), request).error();
    CHECK(refused.code == Code::invalid);
    CHECK(refused.reason == "bad_page");
    CHECK(home_of(timelines, minji).entries_size() == 0);
    CHECK(home_of(timelines, minji).next() == 0);
}

inline void following_cases(Timelines& timelines, World& world) {
    const auto before = world.tweets.add(daniel);
    world.follows.add_follow(minji, daniel);
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{before});  // a follow brings recent posts
    const auto original = world.tweets.add(haerin);
    const auto repost = world.tweets.add(daniel, original);
    world.settle();
    const HomePage page = home_of(timelines, minji);
    REQUIRE(page.entries_size() == 2);
    CHECK(page.entries(0).tweet_id() == repost);
    CHECK(page.entries(0).author_id() == daniel);
    CHECK(page.entries(0).repost_of_id() == original);
    world.tweets.remove(original);
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{before});
    world.follows.end_follow(minji, daniel);
    world.settle();
    CHECK(home_of(timelines, minji).entries_size() == 0);
}

inline void own_cases(Timelines& timelines, World& world) {
    const auto first = world.tweets.add(minji);
    CHECK(ids_in(home_of(timelines, minji)) == Ids{first});  // nothing was followed yet
    world.follows.add_follow(minji, daniel);
    world.settle();
    const auto second = world.tweets.add(minji);
    CHECK(ids_in(home_of(timelines, minji)) == Ids{second, first});
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{second, first});
    world.clock.advance(Millis{3'600'000});
    const auto third = world.tweets.add(minji);
    CHECK(ids_in(home_of(timelines, minji, 2)) == Ids{third, second});
    CHECK(ids_in(home_of(timelines, minji, 2, 0, first, true)) == Ids{third, second});
    CHECK(newer_than(timelines, minji, 0) == 0);
    HomeRequest request;
    request.set_without_newest_own(true);
    auto without_newest = ids_in(timelines.home(as(minji), request).value());
    std::erase(without_newest, third);  // it may be there all the same
    CHECK(without_newest == Ids{second, first});
    world.settle();
    CHECK(ids_in(timelines.home(as(minji), request).value()) == Ids{third, second, first});
}

inline void hiding_cases(Timelines& timelines, World& world) {
    for (const auto followed : {daniel, haerin})
        world.follows.add_follow(minji, followed);
    const auto his = world.tweets.add(daniel);
    const auto hers = world.tweets.add(haerin);
    const auto repost = world.tweets.add(haerin, his);
    world.follows.add_mute(minji, daniel);
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{hers});
    const auto later = world.tweets.add(daniel);
    world.settle();
    world.follows.end_mute(minji, daniel);
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{later, repost, hers, his});
    world.follows.add_block(daniel, minji);
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{hers});
    world.follows.end_block(daniel, minji);
    world.settle();
    CHECK(ids_in(home_of(timelines, minji)) == Ids{repost, hers});
}

inline void paging_cases(Timelines& timelines, World& world) {
    world.follows.add_follow(minji, daniel);
    Ids written;
    const auto write = [&](std::uint64_t author) {
        written.push_back(world.tweets.add(author));
        return written.back();
    };
    for (int i = 0; i < 50; ++i)
        write(i % 3 == 0 ? minji : daniel);
    world.settle();
    const HomePage first = home_of(timelines, minji, 7);
    const std::uint64_t newest_seen = first.entries(0).tweet_id();
    Ids seen = ids_in(first);
    for (std::uint64_t at = first.next(); at != 0;) {
        write(daniel);  // others write meanwhile
        world.settle();
        const HomePage page = home_of(timelines, minji, 7, at);
        const Ids ids = ids_in(page);
        seen.insert(seen.end(), ids.begin(), ids.end());
        at = page.next();
    }
    Ids newest_first{written.rbegin(), written.rend()};
    const auto news = newest_first.size() - 50;
    CHECK(seen == Ids{newest_first.begin() + static_cast<std::ptrdiff_t>(news), newest_first.end()});
    CHECK(newer_than(timelines, minji, newest_seen) == news);
    CHECK(ids_in(home_of(timelines, minji, 100, 0, newest_seen)) ==
          Ids{newest_first.begin(), newest_first.begin() + static_cast<std::ptrdiff_t>(news)});
    CHECK(walked(timelines, minji, 9, true) == newest_first);
    CHECK(ids_in(home_of(timelines, minji, 3, UINT64_MAX, UINT64_MAX)).empty());
    CHECK(newer_than(timelines, minji, UINT64_MAX) == 0);
    for (int i = 0; i < 45; ++i)
        write(daniel);
    world.settle();
    CHECK(newer_than(timelines, minji, newest_seen) == 40);
}

inline void leaving_cases(Timelines& timelines, World& world) {
    world.follows.add_follow(minji, daniel);
    world.follows.add_mute(minji, haerin);
    world.tweets.add(daniel);
    world.settle();
    CHECK(home_of(timelines, minji).entries_size() == 1);
    world.follows.end_follow(minji, daniel);  // as the module does for one who is gone
    world.accounts.remove(minji);
    world.settle();
    CHECK(home_of(timelines, minji).entries_size() == 0);
}

// Runs every case on a Timelines of its own, which `make` puts up in a world and hands to the case.
inline void run_contract(const std::function<void(const std::function<void(Timelines&, World&)>&)>& make) {
    SUBCASE("what cannot be asked is refused, and a home may be empty") {
        make(refusing_cases);
    }
    SUBCASE("a home has the tweets and reposts of those one follows") {
        make(following_cases);
    }
    SUBCASE("one's own tweets are there at once") {
        make(own_cases);
    }
    SUBCASE("what is by or of a muted or blocked person is hidden as long as they are") {
        make(hiding_cases);
    }
    SUBCASE("pages have no gaps and no repeats while others write") {
        make(paging_cases);
    }
    SUBCASE("a person who leaves has no home") {
        make(leaving_cases);
    }
}

}  // namespace jebi::timelines
