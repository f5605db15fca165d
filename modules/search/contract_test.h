// What every Search does, whatever stands behind it: the service in this process, or a client of it.
#pragma once

#include "modules/search/test_world.h"

namespace jebi::search {

inline void refusing_cases(Search& search, World&) {
    const auto refused = [&](const std::string& query, std::uint32_t limit = 0) {
        TweetsRequest request;
        request.set_query(query);
        request.set_limit(limit);
        return search.tweets(anybody(), request).error();
    };
    CHECK(refused("jebi", 81).code == Code::invalid);
    CHECK(refused("jebi", 81).reason == "bad_page");
    CHECK(refused(std::string(201, 'a')).reason == "query_too_long");
    CHECK(refused(std::string(201, 'a')).field == "q");
    CHECK(refused("a b c d e f g h i j k").reason == "query_too_long");
    PeopleRequest people;
    people.set_offset(1'001);
    CHECK(search.people(anybody(), people).error().reason == "bad_page");
    people.set_offset(0);
    people.set_query(std::string(201, 'a'));
    CHECK(search.people(anybody(), people).error().reason == "query_too_long");
    HashtagsRequest hashtags;
    hashtags.set_prefix(std::string(201, 'a'));
    CHECK(search.hashtags(anybody(), hashtags).error().reason == "query_too_long");
    for (const char* nothing : {"", "   ", "\"\"", "\" \"", "#", "@", "\u200b"}) {
        CAPTURE(nothing);
        CHECK(ids_with(search, nothing).empty());
        CHECK(people_in(people_with(search, nothing)).empty());
        CHECK(tags_from(search, nothing).empty());
    }
}

inline void word_cases(Search& search, World& world) {
    const auto spaced = world.tweets.add("오늘 제비가 왔다");
    const auto unspaced = world.tweets.add("봄이라서제비가왔다고한다");
    const auto english = world.tweets.add("The Swallow, a bird that migrates");
    const auto wide = world.tweets.add("ＳＷＡＬＬＯＷ　ｃｌｕｂ");
    const auto apart = world.tweets.add("swal low, 제 비");
    world.settle();
    CHECK(ids_with(search, "제비") == Ids{unspaced, spaced});
    CHECK(ids_with(search, "비가") == Ids{unspaced, spaced});
    CHECK(ids_with(search, "SWALLOW") == Ids{wide, english});
    CHECK(ids_with(search, "wallo") == Ids{wide, english});
    CHECK(ids_with(search, "왔다 제비") == Ids{unspaced, spaced});
    CHECK(ids_with(search, "\"오늘 제비\"") == Ids{spaced});
    CHECK(ids_with(search, "\"제비 오늘\"").empty());
    CHECK(ids_with(search, "\"bird that") == Ids{english});
    CHECK(ids_with(search, "club swallow") == Ids{wide});
    CHECK(ids_with(search, "비") == Ids{apart, unspaced, spaced});
    CHECK(ids_with(search, "제비 고양이").empty());
    CHECK(ids_with(search, "%") == Ids{});
    CHECK(ids_with(search, "low,") == Ids{apart, english});
}

inline void change_cases(Search& search, World& world) {
    const auto first = world.tweets.add("a swallow #Jebi");
    const auto second = world.tweets.add("another swallow #jebi #jeju");
    world.tweets.add_repost(first);
    world.settle();
    CHECK(ids_with(search, "swallow") == Ids{second, first});
    CHECK(tags_from(search, "#je") == "jebi 2, jeju 1");
    for (int i = 0; i < 20; ++i)
        world.tweets.add("something else");
    world.settle();
    world.tweets.change(first, "a sparrow #jeju");
    world.settle();
    CHECK(ids_with(search, "swallow") == Ids{second});
    CHECK(ids_with(search, "sparrow") == Ids{first});
    CHECK(tags_from(search, "je") == "jeju 2, jebi 1");
    world.tweets.remove(second);
    world.settle();
    CHECK(ids_with(search, "swallow").empty());
    CHECK(tags_from(search, "je") == "jeju 1");
}

inline void page_cases(Search& search, World& world) {
    Ids all;
    for (std::uint64_t i = 0; i < 50; ++i)
        all.insert(all.begin(), world.tweets.add(i % 5 == 0 ? "swallows everywhere" : "swallow", 1 + i % 3));
    world.settle();
    CHECK(all_with(search, "swallow", 7) == all);
    CHECK(all_with(search, "swallow", 80) == all);
    CHECK(all_with(search, "everywhere", 3).size() == 10);
    const auto newest = tweets_with(search, "swallow", 80, 0, all[10]);
    CHECK(Ids{newest.tweet_ids().begin(), newest.tweet_ids().end()} == Ids{all.begin(), all.begin() + 10});
    CHECK(newest.next() == 0);
    Ids of_second;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (world.tweets.kept.at(all[i]).author_id() == 2) of_second.push_back(all[i]);
    }
    CHECK(all_with(search, "swallow", 4, 2) == of_second);
    CHECK(tweets_with(search, "swallow", 0).tweet_ids_size() == 20);
    CHECK(tweets_with(search, "swallow", 5, UINT64_MAX, UINT64_MAX).tweet_ids_size() == 0);
}

inline void people_cases(Search& search, World& world) {
    world.accounts.put(1, "min", "민지");
    world.accounts.put(2, "minji_kim", "김민지");
    world.accounts.put(3, "daniel", "Min");
    world.accounts.put(4, "jasmin", "Jasmin Kim");
    world.accounts.put(5, "sora", "소라");
    world.settle();
    CHECK(people_in(people_with(search, "min")) == Ids{3, 1, 2, 4});  // named so, begin so, have it
    CHECK(people_in(people_with(search, "@MIN")) == Ids{3, 1, 2, 4});
    CHECK(people_in(people_with(search, "민지")) == Ids{1, 2});
    CHECK(people_in(people_with(search, "지")) == Ids{2, 1});
    CHECK(people_in(people_with(search, "kim jasmin")) == Ids{4});
    CHECK(people_in(people_with(search, "jasmin kim")) == Ids{4});
    const auto page = people_with(search, "min", 2, 1);
    CHECK(people_in(page) == Ids{1, 2});
    CHECK(page.more());
    CHECK_FALSE(people_with(search, "min", 2, 2).more());
    world.accounts.put(5, "sora", "Minsora");
    world.accounts.remove(3);
    world.settle();
    CHECK(people_in(people_with(search, "min")) == Ids{1, 5, 2, 4});
    CHECK(people_in(people_with(search, "소라")).empty());
}

inline void hashtag_cases(Search& search, World& world) {
    world.tweets.add("#제비 #제비집 #Ｊｅｂｉ");
    world.tweets.add("#제비집 #제비집");
    world.tweets.add("#JEBI");
    world.settle();
    CHECK(tags_from(search, "제") == "제비집 2, 제비 1");
    CHECK(tags_from(search, "#제비집") == "제비집 2");
    CHECK(tags_from(search, "＃제", 1) == "제비집 2");
    CHECK(tags_from(search, "jE") == "JEBI 2");
    CHECK(tags_from(search, "비").empty());
}

// Runs every case on a Search of its own, which `make` puts up in a world and hands to the case.
inline void run_contract(const std::function<void(const std::function<void(Search&, World&)>&)>& make) {
    SUBCASE("what cannot be asked is refused, and nothing finds nothing") {
        make(refusing_cases);
    }
    SUBCASE("words are found anywhere inside others, in any case and width") {
        make(word_cases);
    }
    SUBCASE("edited texts and deleted tweets are not found, nor their hashtags") {
        make(change_cases);
    }
    SUBCASE("pages go from the newest to the oldest, without gaps") {
        make(page_cases);
    }
    SUBCASE("people are found by their names, the nearest first") {
        make(people_cases);
    }
    SUBCASE("hashtags are found by how they begin, the most used first") {
        make(hashtag_cases);
    }
}

}  // namespace jebi::search
