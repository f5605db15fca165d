// The part of the contract that is about lists, replies and threads.
#pragma once

#include <functional>
#include <set>

#include "modules/tweets/contract_steps_test.h"

namespace jebi::tweets {

inline void newer_cases(Tweets& tweets) {
    std::vector<std::uint64_t> all;
    for (int i = 1; i <= 6; ++i)
        all.push_back(wrote(tweets, minji, "n" + std::to_string(i)));
    AllRequest request;
    request.mutable_position()->set_limit(2);
    request.mutable_position()->set_newer_than(all[1]);
    const TweetPage newest = tweets.all(as({}), request).value();
    CHECK(texts(newest) == Words{"n6", "n5"});
    CHECK(newest.next_cursor() == all[4]);
    request.mutable_position()->set_cursor(newest.next_cursor());
    const TweetPage rest = tweets.all(as({}), request).value();
    CHECK(texts(rest) == Words{"n4", "n3"});
    CHECK(rest.next_cursor() == 0);

    request.mutable_position()->set_cursor(0);
    request.mutable_position()->set_from_oldest(true);
    const TweetPage oldest = tweets.all(as({}), request).value();
    CHECK(texts(oldest) == Words{"n4", "n3"});
    CHECK(oldest.next_cursor() == all[3]);
    request.mutable_position()->set_newer_than(oldest.next_cursor());
    CHECK(texts(tweets.all(as({}), request).value()) == Words{"n6", "n5"});
    request.mutable_position()->set_newer_than(UINT64_MAX);
    CHECK(tweets.all(as({}), request).value().tweets_size() == 0);
}

inline void without_texts_cases(Tweets& tweets) {
    const std::uint64_t id = wrote(tweets, minji, "hello #제비");
    ByAuthorRequest request;
    request.set_author_id(minji.value);
    CHECK(tweets.by_author(as({}), request).value().tweets(0).entities_size() == 1);
    request.mutable_position()->set_without_texts(true);
    const TweetPage page = tweets.by_author(as({}), request).value();
    REQUIRE(page.tweets_size() == 1);
    CHECK(page.tweets(0).id() == id);
    CHECK(page.tweets(0).author_id() == minji.value);
    CHECK(page.tweets(0).text().empty());
    CHECK(page.tweets(0).entities_size() == 0);
}

inline void by_ids_cases(Tweets& tweets) {
    const std::uint64_t first = wrote(tweets, minji, "first");
    const std::uint64_t second = wrote(tweets, daniel, "second");
    ByIdsRequest request;
    for (const std::uint64_t id : {second, std::uint64_t{1}, first, UINT64_MAX, second})
        request.add_ids(id);
    CHECK(said(tweets.by_ids(as({}), request).value().tweets()) == Words{"second", "first", "second"});
    CHECK(tweets.by_ids(as({}), {}).value().tweets_size() == 0);
    CHECK(tweets.by_ids(as({}), request).value().author_counts_size() == 0);
    wrote(tweets, minji, "third");
    request.set_with_author_counts(true);
    const TweetList counted = tweets.by_ids(as({}), request).value();
    REQUIRE(counted.author_counts_size() == 2);
    CHECK(counted.author_counts(0).author_id() == minji.value);
    CHECK(counted.author_counts(0).tweets() == 2);
    CHECK(counted.author_counts(1).tweets() == 1);
    for (int i = 0; i < 95; ++i)
        request.add_ids(first);
    CHECK(tweets.by_ids(as({}), request).value().tweets_size() == 98);
    request.add_ids(first);
    CHECK(tweets.by_ids(as({}), request).error().code == Code::invalid);
}

// What one reader has of a tweet, and asks for again with its version.
struct Known {
    Tweets& tweets;
    Tweet tweet;

    bool is_unchanged() {
        ByIdsRequest request;
        request.set_with_marks(true);
        request.add_ids(tweet.id());
        request.add_known_versions(tweet.version());
        Tweet now = tweets.by_ids(as(daniel), request).value().tweets(0);
        CHECK(now.id() == tweet.id());
        CHECK(now.author_id() == minji.value);
        CHECK(now.version() != 0);
        CHECK(now.has_marks());
        CHECK(now.unchanged() == (now.version() == tweet.version()));
        const Tweet whole = tweets.by_ids(as(daniel), with_id(now.id())).value().tweets(0);
        CHECK(now.text() == (now.unchanged() ? "" : whole.text()));
        const bool unchanged = now.unchanged();
        tweet = std::move(now);
        return unchanged;
    }
    static ByIdsRequest with_id(std::uint64_t id) {
        ByIdsRequest request;
        request.add_ids(id);
        return request;
    }
};

inline void version_cases(Tweets& tweets) {
    const std::uint64_t id = wrote(tweets, minji, "as it was");
    Known known{tweets, tweets.by_ids(as({}), Known::with_id(id)).value().tweets(0)};
    CHECK(known.tweet.text() == "as it was");
    CHECK_FALSE(known.tweet.has_marks());
    CHECK(known.is_unchanged());
    CHECK(known.tweet.text().empty());

    const std::vector<std::function<void()>> changes{
        [&] { tweets.edit(as(minji), edit_to(id, "first")).value(); },
        [&] { tweets.edit(as(minji), edit_to(id, "second")).value(); },
        [&] { tweets.favourite(as(daniel), of(id)).value(); },
        [&] { wrote(tweets, daniel, "a reply", id); },
        [&] { tweets.repost(as(daniel), of(id)).value(); },
        [&] { tweets.unfavourite(as(daniel), of(id)).value(); },
        [&] { deleted(tweets, minji, id); },
    };
    std::set<std::uint64_t> versions{known.tweet.version()};
    for (const auto& change : changes) {
        change();
        CHECK_FALSE(known.is_unchanged());
        CHECK(versions.insert(known.tweet.version()).second);
        CHECK(known.is_unchanged());
    }
    CHECK(known.tweet.marks().reposted() == false);
}

inline void known_cases(Tweets& tweets) {
    const std::uint64_t first = wrote(tweets, minji, "first");
    const std::uint64_t second = wrote(tweets, daniel, "second");
    ByIdsRequest request;
    for (const std::uint64_t id : {first, std::uint64_t{1}, second, first})
        request.add_ids(id);
    const std::uint64_t version = tweets.by_ids(as({}), request).value().tweets(0).version();
    request.add_known_versions(version);
    request.add_known_versions(7);
    request.add_known_versions(7);
    request.set_with_author_counts(true);
    const TweetList list = tweets.by_ids(as({}), request).value();
    REQUIRE(list.tweets_size() == 3);
    CHECK(list.tweets(0).unchanged());
    CHECK_FALSE(list.tweets(0).has_marks());
    CHECK(list.tweets(1).text() == "second");
    CHECK(list.tweets(2).id() == first);
    CHECK(list.tweets(2).unchanged());
    CHECK(list.author_counts_size() == 2);
    request.add_known_versions(0);
    CHECK(tweets.by_ids(as({}), request).has_value());
    request.add_known_versions(0);
    CHECK(tweets.by_ids(as({}), request).error().code == Code::invalid);
}

inline void own_cases(Tweets& tweets) {
    const std::uint64_t first = wrote(tweets, minji, "first");
    wrote(tweets, minji, "second");
    const std::uint64_t theirs = wrote(tweets, daniel, "theirs");
    const std::uint64_t third = wrote(tweets, minji, "third");
    ByIdsRequest request;
    request.add_ids(third);
    CHECK(tweets.by_ids(as(minji), request).value().own_size() == 0);
    request.set_own_after(0);
    CHECK(said(tweets.by_ids(as(minji), request).value().own()) == Words{"second", "first"});
    CHECK(tweets.by_ids(as({}), request).value().own_size() == 0);
    request.set_own_after(first);
    tweets.repost(as(minji), of(theirs)).value();
    tweets.delete_(as(minji), with_id<DeleteRequest>(third)).value();
    request.set_with_marks(true);
    request.set_with_author_counts(true);
    const TweetList list = tweets.by_ids(as(minji), request).value();
    CHECK(list.tweets_size() == 0);
    REQUIRE(list.own_size() == 2);
    CHECK(list.own(0).repost_of_id() == theirs);
    CHECK(list.own(0).marks().reposted());
    CHECK(list.own(1).text() == "second");
    REQUIRE(list.author_counts_size() == 1);
    CHECK(list.author_counts(0).author_id() == minji.value);
}

inline void by_authors_cases(Tweets& tweets) {
    const UserId third{303};
    for (int i = 1; i <= 6; ++i)
        wrote(tweets, i % 3 == 0 ? minji : i % 3 == 1 ? daniel : third, "n" + std::to_string(i));
    ByAuthorsRequest request;
    for (const UserId author : {minji, daniel, minji, UserId{999}, UserId{0}, UserId{998}})
        request.add_author_ids(author.value);
    request.mutable_position()->set_limit(3);
    const TweetPage first = tweets.by_authors(as({}), request).value();
    CHECK(texts(first) == Words{"n6", "n4", "n3"});
    request.mutable_position()->set_cursor(first.next_cursor());
    const TweetPage rest = tweets.by_authors(as({}), request).value();
    CHECK(texts(rest) == Words{"n1"});
    CHECK(rest.next_cursor() == 0);

    request.mutable_position()->set_cursor(0);
    request.mutable_position()->set_newer_than(rest.tweets(0).id());
    request.mutable_position()->set_limit(2);
    request.mutable_position()->set_from_oldest(true);
    CHECK(texts(tweets.by_authors(as({}), request).value()) == Words{"n4", "n3"});
    CHECK(tweets.by_authors(as({}), {}).value().tweets_size() == 0);
    for (int i = 0; i < 95; ++i)
        request.add_author_ids(daniel.value);
    CHECK(tweets.by_authors(as({}), request).error().code == Code::invalid);
}

inline void top_hashtag_cases(Tweets& tweets) {
    wrote(tweets, minji, "#swallow #제비");
    wrote(tweets, daniel, "#SWALLOW and #swallow");
    wrote(tweets, minji, "#rare");
    const std::uint64_t gone = wrote(tweets, minji, "#rare #gone");
    wrote(tweets, daniel, "#제비");
    wrote(tweets, daniel, "#Swallow");
    deleted(tweets, minji, gone);
    TopHashtagsRequest request;
    request.set_days(1);
    request.set_limit(2);
    const HashtagList list = tweets.top_hashtags(as({}), request).value();
    REQUIRE(list.hashtags_size() == 2);
    CHECK(list.hashtags(0).hashtag() == "Swallow");
    CHECK(list.hashtags(0).tweets() == 3);
    CHECK(list.hashtags(0).authors() == 2);
    CHECK(list.hashtags(1).hashtag() == "제비");
    request.set_limit(41);
    CHECK(tweets.top_hashtags(as({}), request).error().field == "limit");
    request.set_limit(1);
    request.set_days(31);
    CHECK(tweets.top_hashtags(as({}), request).error().field == "days");
}

inline void thread_cases(Tweets& tweets) {
    const std::uint64_t top = wrote(tweets, minji, "top");
    const Tweet a = tweets.write(as(daniel), reply_to(top, "a #in")).value();
    CHECK(a.reply_to_id() == top);
    CHECK(a.reply_to_author_id() == minji.value);
    CHECK(a.thread_id() == top);
    CHECK(now(tweets, top).thread_id() == top);
    const std::uint64_t b = wrote(tweets, minji, "b", top);
    const std::uint64_t aa = wrote(tweets, minji, "aa", a.id());
    wrote(tweets, daniel, "aaa", aa);
    wrote(tweets, daniel, "ba", b);
    wrote(tweets, daniel, "ab", a.id());
    CHECK(now(tweets, top).replies() == 2);
    CHECK(now(tweets, a.id()).replies() == 2);

    const ThreadReply whole = tweets.thread(as({}), of(top)).value();
    CHECK(whole.ancestors_size() == 0);
    CHECK(whole.tweet().text() == "top");
    CHECK(said(whole.descendants()) == Words{"a #in", "aa", "aaa", "ab", "b", "ba"});
    const ThreadReply middle = tweets.thread(as({}), of(aa)).value();
    CHECK(said(middle.ancestors()) == Words{"top", "a #in"});
    CHECK(middle.tweet().text() == "aa");
    CHECK(said(middle.descendants()) == Words{"aaa"});
    CHECK(tagged(tweets, "in") == Words{"a #in"});
    CHECK(tweets.thread(as({}), of(1)).error().code == Code::not_found);
}

inline void deep_thread_cases(Tweets& tweets) {
    const std::uint64_t top = wrote(tweets, minji, "0");
    std::uint64_t last = top;
    for (int i = 1; i <= 102; ++i)
        last = wrote(tweets, daniel, std::to_string(i), last);
    const ThreadReply from_top = tweets.thread(as({}), of(top)).value();
    REQUIRE(from_top.descendants_size() == 100);
    CHECK(from_top.descendants(99).text() == "100");
    const ThreadReply from_end = tweets.thread(as({}), of(last)).value();
    REQUIRE(from_end.ancestors_size() == 100);
    CHECK(from_end.ancestors(0).text() == "2");
    CHECK(from_end.ancestors(99).text() == "101");
    for (int i = 0; i < 450; ++i)
        wrote(tweets, minji, "wide", top);
    CHECK(tweets.thread(as({}), of(top)).value().descendants_size() == 500);
}

inline void tombstone_cases(Tweets& tweets) {
    const std::uint64_t top = wrote(tweets, minji, "top #gone");
    const std::uint64_t middle = wrote(tweets, daniel, "middle", top);
    const std::uint64_t leaf = wrote(tweets, minji, "leaf", middle);
    deleted(tweets, daniel, middle);
    deleted(tweets, minji, top);

    CHECK(tweets.by_id(as({}), of(top)).error().code == Code::not_found);
    CHECK(tweets.delete_(as(minji), with_id<DeleteRequest>(top)).error().code == Code::not_found);
    CHECK(tweets.edit(as(minji), edit_to(top, "back")).error().code == Code::not_found);
    CHECK(tweets.write(as(minji), reply_to(top, "late")).error().reason == "tweet_gone");
    CHECK(tweets.favourite(as(minji), of(top)).error().reason == "tweet_gone");
    CHECK(tagged(tweets, "gone").empty());
    ByAuthorRequest hers;
    hers.set_author_id(minji.value);
    hers.mutable_position()->set_page(1);
    const TweetPage listed = tweets.by_author(as({}), hers).value();
    CHECK(texts(listed) == Words{"leaf"});
    CHECK(listed.total() == 1);
    ByIdsRequest both;
    both.add_ids(top);
    both.add_ids(leaf);
    const TweetList found = tweets.by_ids(as({}), both).value();
    CHECK(said(found.tweets()) == Words{"(gone)", "leaf"});
    CHECK(found.tweets(0).text().empty());
    CHECK(found.tweets(0).entities_size() == 0);
    const ThreadReply thread = tweets.thread(as({}), of(top)).value();
    CHECK(thread.tweet().deleted());
    CHECK(said(thread.descendants()) == Words{"(gone)", "leaf"});
    CHECK(said(tweets.thread(as({}), of(leaf)).value().ancestors()) == Words{"(gone)", "(gone)"});

    deleted(tweets, minji, leaf);
    CHECK(tweets.by_ids(as({}), both).value().tweets_size() == 0);
    CHECK(tweets.thread(as({}), of(top)).error().code == Code::not_found);
}

inline void refused_reply_cases(Tweets& tweets) {
    const std::uint64_t gone = wrote(tweets, minji, "gone");
    deleted(tweets, minji, gone);
    for (const std::uint64_t id : {gone, std::uint64_t{1}, UINT64_MAX}) {
        const Error refused = tweets.write(as(daniel), reply_to(id, "late")).error();
        CHECK(refused.code == Code::not_found);
        CHECK(refused.reason == "tweet_gone");
    }
    CHECK(tweets.write(as({}), reply_to(gone, "late")).error().code == Code::unauthenticated);
}

inline void reply_key_cases(Tweets& tweets) {
    const std::uint64_t top = wrote(tweets, minji, "top");
    const std::uint64_t other = wrote(tweets, minji, "other");
    const std::uint64_t reply = tweets.write(as(daniel, "key"), reply_to(top, "same")).value().id();
    CHECK(tweets.write(as(daniel, "key"), reply_to(top, "same")).value().id() == reply);
    CHECK(now(tweets, top).replies() == 1);
    CHECK(tweets.write(as(daniel, "key"), reply_to(other, "same")).error().reason == "key_reused");
    CHECK(tweets.write(as(daniel, "key"), text("same")).error().reason == "key_reused");
    // The answer stays the same when what it replied to is gone.
    deleted(tweets, minji, top);
    CHECK(tweets.write(as(daniel, "key"), reply_to(top, "same")).value().id() == reply);
}

}  // namespace jebi::tweets
