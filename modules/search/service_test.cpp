#include "modules/search/service.h"

#include <thread>

#include "modules/search/contract_test.h"
#include "modules/search/finder.h"

using namespace jebi;
using namespace jebi::search;

TEST_CASE("the service keeps the contract of Search in process") {
    run_contract([](const std::function<void(Search&, World&)>& with) {
        World world;
        with(world.service, world);
    });
}

TEST_CASE("the contract holds while everything is recent") {
    run_contract([](const std::function<void(Search&, World&)>& with) {
        World world{Options{}};
        with(world.service, world);
    });
}

TEST_CASE("the contract holds where every tweet is a segment") {
    run_contract([](const std::function<void(Search&, World&)>& with) {
        World world{{.seal_at = 1, .segment_max = 1}};
        with(world.service, world);
    });
}

TEST_CASE("text that is no UTF-8 is refused") {
    World world;
    TweetsRequest request;
    request.set_query("\xff\xfe");
    CHECK(world.service.tweets(anybody(), request).error().reason == "query_invalid");
}

TEST_CASE("what was there before search began is found, though its events are gone") {
    World world;
    Ids all;
    for (int i = 0; i < 30; ++i)
        all.insert(all.begin(), world.tweets.add("swallow #jebi"));
    world.tweets.forget_events();
    world.accounts.put(1, "minji", "Minji");
    world.settle();
    CHECK(ids_with(world.service, "swallow") == all);
    CHECK(people_in(people_with(world.service, "minji")) == Ids{1});
    CHECK(tags_from(world.service, "je") == "jebi 30");
}

TEST_CASE("a rebuild makes the same of it, and answers when it is done") {
    World world;
    world.accounts.put(1, "minji", "Minji");
    Ids all;
    for (int i = 0; i < 30; ++i)
        all.insert(all.begin(), world.tweets.add("swallow #jebi"));
    world.settle();
    std::thread elsewhere{[&] {
        while (world.store.rebuild(anybody()).value().phase == Rebuild::Phase::done)
            std::this_thread::yield();
        while (world.store.rebuild(anybody()).value().phase != Rebuild::Phase::done)
            world.indexer.run(anybody()).value();
    }};
    const RebuildReply reply = world.service.rebuild(anybody(), {}).value();
    elsewhere.join();
    CHECK(reply.people() == 1);
    CHECK(reply.tweets() == 30);
    world.settle();
    CHECK(ids_with(world.service, "swallow") == all);
    CHECK(tags_from(world.service, "je") == "jebi 30");
}

TEST_CASE("a rebuild that takes too long goes on by itself") {
    World world;
    const Call hurried{.until = in(Millis{30})};
    CHECK(world.service.rebuild(hurried, {}).error().reason == "still_rebuilding");
    world.settle();
    CHECK(world.store.rebuild(anybody()).value().phase == Rebuild::Phase::done);
}

TEST_CASE("letters that are all there, but apart, cost bounded work and find nothing") {
    World world{{.seal_at = 500, .segment_max = 3'000}};
    constexpr int count = 7'000;
    for (int i = 0; i < count; ++i)
        world.tweets.add("abab baba", 1, static_cast<std::uint64_t>(i % 3 == 0 ? 2 : 0));
    world.settle();
    int pages = 0;
    std::uint64_t before = 0;
    do {
        const auto page = tweets_with(world.service, "ababa", 20, before);
        CHECK(page.tweet_ids_size() == 0);
        CHECK((page.next() == 0 || before == 0 || page.next() < before));
        before = page.next();
        pages += 1;
    } while (before != 0 && pages < 100);
    CHECK(pages == 3);  // of 3,000 texts and some each
}

TEST_CASE("a tweet of very many different letters is found by each of them") {
    World world{{.seal_at = 1, .segment_max = 2}};
    std::string text;
    for (char32_t c = 0xAC00; c < 0xAC00 + 140; ++c)
        text += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
                 static_cast<char>(0x80 | (c & 0x3F))};
    const auto tweet = world.tweets.add(text);
    world.settle();
    CHECK(ids_with(world.service, text) == Ids{tweet});
    CHECK(ids_with(world.service, "각") == Ids{tweet});
}
