// What every Tweets does, whatever stands behind it: the service in this process, or a client of it.
#pragma once

#include <functional>
#include <set>
#include <thread>

#include "modules/tweets/contract_likes_test.h"
#include "modules/tweets/contract_threads_test.h"

namespace jebi::tweets {

inline void writing_cases(Tweets& tweets) {
    const Tweet written =
        tweets.write(as(minji), text("  안녕 #제비 @daniel https://example.org/a \n")).value();
    CHECK(written.text() == "안녕 #제비 @daniel https://example.org/a");
    CHECK(written.author_id() == minji.value);
    CHECK(written.edited_ms() == 0);
    REQUIRE(written.entities_size() == 3);
    CHECK(written.entities(0).kind() == Entity::KIND_HASHTAG);
    CHECK(written.entities(0).value() == "제비");
    CHECK(written.text().substr(written.entities(1).begin(),
                                written.entities(1).end() - written.entities(1).begin()) == "@daniel");
    CHECK(tweets.by_id(as({}), with_id<ByIdRequest>(written.id())).value().text() == written.text());

    // NFD Hangul is kept as NFC: U+1112 U+1161 U+11AB is one syllable.
    CHECK(tweets.write(as(minji), text("\u1112\u1161\u11ab")).value().text() == "한");
}

inline void refusing_cases(Tweets& tweets) {
    const auto refusal = [&](std::string words) {
        return tweets.write(as(minji), text(std::move(words))).error();
    };
    CHECK(tweets.write(as({}), text("hi")).error().code == Code::unauthenticated);
    for (const char* blank : {" \n\u3000", "\ufeff", "\u200b \u2060", "\u3164"})
        CHECK(refusal(blank).reason == "text_empty");
    std::string hangul;
    for (int i = 0; i < 140; ++i)
        hangul += "가";
    CHECK(tweets.write(as(minji), text(hangul)).has_value());
    const Error long_one = refusal(hangul + "가");
    CHECK(long_one.code == Code::invalid);
    CHECK(long_one.reason == "text_too_long");
    CHECK(long_one.field == "text");
    CHECK(refusal(std::string(100'000, 'a')).reason == "text_too_long");
    CHECK(refusal(std::string("a\0b", 3)).code == Code::invalid);
    CHECK(tweets.write(as(minji, std::string(129, 'k')), text("x")).error().code == Code::invalid);
    CHECK(tweets.by_id(as({}), with_id<ByIdRequest>(1)).error().code == Code::not_found);
}

inline void bringing_cases(Tweets& tweets) {
    constexpr std::int64_t then = 1'760'000'000'123;
    const auto brought = [&](std::string words, std::int64_t when, std::string key) {
        WriteRequest request = text(std::move(words));
        request.set_written_ms(when);
        return tweets.write(as(daniel, std::move(key)), request);
    };
    const Tweet old = brought("from elsewhere #옛글", then, "import-7").value();
    CHECK(old.created_ms() == then);
    CHECK(old.edited_ms() > then);
    CHECK(made_at(old.id()) == then);
    CHECK(brought("from elsewhere #옛글", then, "import-7").value().id() == old.id());
    CHECK(brought("from elsewhere #옛글", then, "import-8").value().id() != old.id());
    CHECK(tweets.by_id(as({}), with_id<ByIdRequest>(old.id())).value().edited_ms() == old.edited_ms());
    for (const std::int64_t when :
         {std::int64_t{-1}, std::int64_t{1'600'000'000'000}, std::int64_t{4'000'000'000'000}})
        CHECK(brought("no time of the past", when, "").error().reason == "out_of_range");
}

inline void idempotency_cases(Tweets& tweets) {
    const Tweet first = tweets.write(as(minji, "once"), text("only once")).value();
    CHECK(tweets.write(as(minji, "once"), text("only once ")).value().id() == first.id());
    const Error reused = tweets.write(as(minji, "once"), text("something else")).error();
    CHECK(reused.code == Code::conflict);
    CHECK(reused.reason == "key_reused");
    CHECK(tweets.write(as(daniel, "once"), text("only once")).value().id() != first.id());
    CHECK(tweets.write(as(minji, "other"), text("only once")).value().id() != first.id());

    CHECK(tweets.delete_(as(minji), with_id<DeleteRequest>(first.id())));
    CHECK(tweets.write(as(minji, "once"), text("only once")).error().code == Code::not_found);
}

// The same key from many sides at once still makes one tweet.
inline void concurrent_key_case(Tweets& tweets) {
    std::vector<std::thread> senders;
    std::vector<std::uint64_t> ids(8);
    for (std::uint64_t& id : ids) {
        senders.emplace_back([&] { id = tweets.write(as(minji, "race"), text("race")).value().id(); });
    }
    for (auto& sender : senders)
        sender.join();
    CHECK(std::set(ids.begin(), ids.end()).size() == 1);
}

inline void editing_cases(Tweets& tweets) {
    const Tweet written = tweets.write(as(minji), text("first #before")).value();
    const std::uint64_t id = written.id();
    CHECK(tweets.edit(as(daniel), edit_to(id, "mine now")).error().code == Code::forbidden);
    CHECK(tweets.edit(as({}), edit_to(id, "mine now")).error().code == Code::unauthenticated);
    CHECK(tweets.edit(as(minji), edit_to(1, "nothing")).error().code == Code::not_found);
    CHECK(tweets.edit(as(minji), edit_to(id, "")).error().reason == "text_empty");
    CHECK(tweets.edit(as(minji), edit_to(id, "first #before ")).value().edited_ms() == 0);
    const Tweet edited = tweets.edit(as(minji), edit_to(id, "second #after")).value();
    CHECK(edited.edited_ms() > 0);
    CHECK(edited.created_ms() == written.created_ms());
    CHECK(tagged(tweets, "before").empty());
    CHECK(tagged(tweets, "#after") == std::vector<std::string>{"second #after"});
}

inline void deleting_cases(Tweets& tweets) {
    const std::uint64_t id = tweets.write(as(minji), text("gone soon #gone")).value().id();
    CHECK(tweets.delete_(as(daniel), with_id<DeleteRequest>(id)).error().code == Code::forbidden);
    CHECK(tweets.delete_(as(minji), with_id<DeleteRequest>(id)).has_value());
    CHECK(tweets.delete_(as(minji), with_id<DeleteRequest>(id)).error().code == Code::not_found);
    CHECK(tweets.by_id(as({}), with_id<ByIdRequest>(id)).error().code == Code::not_found);
    CHECK(tagged(tweets, "gone").empty());
}

inline void deleting_answers_cases(Tweets& tweets) {
    constexpr UserId other{303};
    const std::uint64_t top = wrote(tweets, minji, "top");
    const std::uint64_t answer = wrote(tweets, daniel, "answer", top);
    const std::uint64_t below = wrote(tweets, other, "below", answer);
    const auto refusal = [&](UserId user, std::uint64_t id) {
        return tweets.delete_(as(user), with_id<DeleteRequest>(id)).error().reason;
    };
    CHECK(refusal(other, answer) == "not_yours");
    CHECK(refusal(minji, below) == "not_yours");  // it answers daniel
    CHECK(tweets.delete_(as({}), with_id<DeleteRequest>(answer)).error().code == Code::unauthenticated);
    CHECK(tweets.edit(as(minji), edit_to(answer, "hers")).error().code == Code::forbidden);
    deleted(tweets, minji, answer);
    CHECK(said(tweets.thread(as({}), of(top)).value().descendants()) == Words{"(gone)", "below"});
    deleted(tweets, daniel, below);
    CHECK(tweets.thread(as({}), of(top)).value().descendants_size() == 0);
}

inline void hashtag_cases(Tweets& tweets) {
    tweets.write(as(minji), text("one #Jebi")).value();
    tweets.write(as(minji), text("two ＃ｊｅｂｉ and #JEBI")).value();
    CHECK(tagged(tweets, "jebi") == std::vector<std::string>{"two ＃ｊｅｂｉ and #JEBI", "one #Jebi"});
    CHECK(tagged(tweets, "＃JEBI").size() == 2);
    CHECK(tagged(tweets, "jeb").empty());
}

inline void listing_cases(Tweets& tweets) {
    for (int i = 1; i <= 7; ++i)
        tweets.write(as(i % 2 == 1 ? minji : daniel), text("n" + std::to_string(i))).value();
    const TweetPage first = tweets.all(as({}), page(0, 3)).value();
    CHECK(texts(first) == std::vector<std::string>{"n7", "n6", "n5"});

    // New tweets neither repeat nor hide others behind a cursor.
    tweets.write(as(daniel), text("n8")).value();
    const TweetPage second = tweets.all(as({}), page(0, 3, first.next_cursor())).value();
    CHECK(texts(second) == std::vector<std::string>{"n4", "n3", "n2"});
    const TweetPage last = tweets.all(as({}), page(0, 3, second.next_cursor())).value();
    CHECK(texts(last) == std::vector<std::string>{"n1"});
    CHECK(last.next_cursor() == 0);

    const TweetPage by_number = tweets.all(as({}), page(2, 5)).value();
    CHECK(texts(by_number) == std::vector<std::string>{"n3", "n2", "n1"});
    CHECK(by_number.total() == 8);
    CHECK(tweets.all(as({}), page(3, 5)).value().tweets_size() == 0);
    CHECK(tweets.all(as({}), page(0, 101)).error().code == Code::invalid);
    CHECK(tweets.all(as({}), page(1001, 1)).error().code == Code::invalid);

    ByAuthorRequest hers;
    hers.set_author_id(minji.value);
    CHECK(texts(tweets.by_author(as({}), hers).value()) == std::vector<std::string>{"n7", "n5", "n3", "n1"});
    CountsRequest counts;
    for (const UserId user : {daniel, minji, UserId{999}})
        counts.add_author_ids(user.value);
    const CountsReply counted = tweets.counts(as({}), counts).value();
    CHECK(std::vector<std::uint64_t>(counted.counts().begin(), counted.counts().end()) ==
          std::vector<std::uint64_t>{4, 4, 0});
}

inline void measuring_cases(Tweets& tweets) {
    MeasureRequest request;
    request.set_text("안녕 👨‍👩‍👧‍👦 https://example.org/a/rather/long/address");
    const MeasureReply reply = tweets.measure(as({}), request).value();
    CHECK(reply.weight() == 4 + 1 + 2 + 1 + 23);
    CHECK(reply.weight_max() == 280);
    CHECK(reply.valid());
}

inline void event_cases(Tweets& tweets) {
    const auto after = [&](std::uint64_t sequence, std::uint32_t wait_ms) {
        EventsRequest request;
        request.set_after(sequence);
        request.set_limit(2);
        request.set_wait_ms(wait_ms);
        return tweets.events(as({}), request).value();
    };
    CHECK(after(0, 0).events_size() == 0);
    const Tweet written = tweets.write(as(minji), text("a")).value();
    tweets.edit(as(minji), edit_to(written.id(), "b")).value();
    tweets.delete_(as(minji), with_id<DeleteRequest>(written.id())).value();
    const EventsReply two = after(0, 0);
    REQUIRE(two.events_size() == 2);
    CHECK(two.events(0).written().text() == "a");
    CHECK(two.events(1).edited().text() == "b");
    const EventsReply rest = after(two.events(1).sequence(), 0);
    REQUIRE(rest.events_size() == 1);
    CHECK(rest.events(0).deleted().id() == written.id());
    CHECK(rest.events(0).deleted().author_id() == minji.value);

    // A wait ends when something happens.
    std::thread writer{[&] { tweets.write(as(daniel), text("news")).value(); }};
    const EventsReply news = after(rest.events(0).sequence(), 5'000);
    writer.join();
    REQUIRE(news.events_size() == 1);
    CHECK(news.events(0).written().text() == "news");
    EventsRequest too_many;
    too_many.set_limit(1'001);
    CHECK(tweets.events(as({}), too_many).error().code == Code::invalid);
}

// Runs every case on a Tweets of its own, which `make` puts up and hands to the case.
inline void run_contract(const std::function<void(const std::function<void(Tweets&)>&)>& make) {
    SUBCASE("a tweet is kept trimmed, as NFC, with its entities") {
        make(writing_cases);
    }
    SUBCASE("what cannot be a tweet is refused with a reason") {
        make(refusing_cases);
    }
    SUBCASE("the same idempotency key gives the same tweet") {
        make(idempotency_cases);
        make(bringing_cases);
    }
    SUBCASE("the same key at the same time gives one tweet") {
        make(concurrent_key_case);
    }
    SUBCASE("only the author edits, and an edit is marked") {
        make(editing_cases);
    }
    SUBCASE("a stranger does not delete, the author does, once") {
        make(deleting_cases);
    }
    SUBCASE("whoever is answered deletes the answer, not what answers it") {
        make(deleting_answers_cases);
    }
    SUBCASE("hashtags compare without case and width") {
        make(hashtag_cases);
    }
    SUBCASE("lists are newest first, and stable under new tweets") {
        make(listing_cases);
    }
    SUBCASE("a text can be measured") {
        make(measuring_cases);
    }
    SUBCASE("what happened is told in order") {
        make(event_cases);
    }
    SUBCASE("lists can be asked for what is newer, from either end") {
        make(newer_cases);
    }
    SUBCASE("tweets are found by id in the order asked for") {
        make(by_ids_cases);
    }
    SUBCASE("one's own newest beside what is asked for by ids") {
        make(own_cases);
        make(version_cases);
        make(known_cases);
    }
    SUBCASE("several authors' tweets come merged, newest first") {
        make(by_authors_cases);
    }
    SUBCASE("lists can be asked for without their texts") {
        make(without_texts_cases);
    }
    SUBCASE("the hashtags used most are told, as they were last typed") {
        make(top_hashtag_cases);
    }
    SUBCASE("replies make a thread") {
        make(thread_cases);
    }
    SUBCASE("a thread is shown depth first, and within bounds") {
        make(deep_thread_cases);
    }
    SUBCASE("a deleted tweet stays as a tombstone while it has replies") {
        make(tombstone_cases);
    }
    SUBCASE("a reply that may not be is refused") {
        make(refused_reply_cases);
    }
    SUBCASE("a reply with a key is written once, and with another target it is another request") {
        make(reply_key_cases);
    }
    SUBCASE("liking twice is liking once") {
        make(favourite_cases);
    }
    SUBCASE("who likes a tweet, and what one likes, is told in pages") {
        make(favourite_list_cases);
    }
    SUBCASE("reposting twice is reposting once, and a repost stands for its original") {
        make(repost_cases);
    }
    SUBCASE("replies and reposts are in lists when wanted") {
        make(kind_cases);
    }
    SUBCASE("marks tell what is one's own doing") {
        make(mark_cases);
    }
    SUBCASE("one own tweet can be pinned") {
        make(pin_cases);
    }
    SUBCASE("nobody likes, reposts or answers where there is a block") {
        make(block_cases);
    }
    SUBCASE("deleting a tweet takes its reposts and likes along") {
        make(deleting_more_cases);
    }
    SUBCASE("replies, reposts and likes are told as events") {
        make(event_more_cases);
    }
    SUBCASE("counts equal the rows after many at once") {
        make(concurrent_counts_case);
    }
}

}  // namespace jebi::tweets
