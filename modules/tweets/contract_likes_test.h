// The part of the contract that is about favourites, reposts, pins, and who may.
#pragma once

#include <thread>

#include "modules/tweets/contract_steps_test.h"

namespace jebi::tweets {

// Whom the contract is run with: one who blocks everybody, one whom everybody blocks, and one of whom nobody
// can tell.
inline constexpr UserId blocking_user{404};
inline constexpr UserId blocked_user{405};
inline constexpr UserId unknown_user{503};

inline void favourite_cases(Tweets& tweets) {
    const std::uint64_t id = wrote(tweets, minji, "nice");
    CHECK(tweets.favourite(as({}), of(id)).error().code == Code::unauthenticated);
    CHECK(tweets.favourite(as(daniel), of(1)).error().code == Code::not_found);
    CHECK(tweets.favourite(as(daniel), of(id)).value().favourites() == 1);
    CHECK(tweets.favourite(as(daniel), of(id)).value().favourites() == 1);
    CHECK(tweets.favourite(as(minji), of(id)).value().favourites() == 2);
    CHECK(tweets.unfavourite(as(daniel), of(id)).value().favourites() == 1);
    CHECK(tweets.unfavourite(as(daniel), of(id)).value().favourites() == 1);
    CHECK(tweets.unfavourite(as({}), of(id)).error().code == Code::unauthenticated);
    CHECK(now(tweets, id).favourites() == 1);
    CHECK(tweets.edit(as(minji), edit_to(id, "nicer")).value().favourites() == 1);
}

inline void favourite_list_cases(Tweets& tweets) {
    const std::uint64_t older = wrote(tweets, minji, "older");
    const std::uint64_t newer = wrote(tweets, minji, "newer");
    for (std::uint64_t user = 1; user <= 3; ++user)
        tweets.favourite(as(UserId{user}), of(newer)).value();
    const UserIds first = tweets.favourited_by(as({}), users_of(newer, 2)).value();
    CHECK(ids(first) == std::vector<std::uint64_t>{3, 2});
    const UserIds rest = tweets.favourited_by(as({}), users_of(newer, 2, first.next())).value();
    CHECK(ids(rest) == std::vector<std::uint64_t>{1});
    CHECK(rest.next() == 0);
    CHECK(tweets.favourited_by(as({}), users_of(newer, 101)).error().code == Code::invalid);
    CHECK(tweets.favourited_by(as({}), users_of(1)).error().code == Code::not_found);

    // In the order of the likes, not of the tweets.
    tweets.favourite(as(UserId{3}), of(older)).value();
    FavouritesRequest request;
    request.set_limit(1);
    const TweetPage mine = tweets.favourites(as(UserId{3}), request).value();
    CHECK(texts(mine) == Words{"older"});
    request.set_before(mine.next_cursor());
    const TweetPage last = tweets.favourites(as(UserId{3}), request).value();
    CHECK(texts(last) == Words{"newer"});
    CHECK(last.next_cursor() == 0);
    CHECK(tweets.favourites(as({}), {}).error().code == Code::unauthenticated);
    CHECK(tweets.favourites(as(daniel), {}).value().tweets_size() == 0);
}

inline void repost_cases(Tweets& tweets) {
    const std::uint64_t id = wrote(tweets, minji, "nice");
    CHECK(tweets.repost(as({}), of(id)).error().code == Code::unauthenticated);
    CHECK(tweets.repost(as(daniel), of(1)).error().code == Code::not_found);
    const Tweet repost = tweets.repost(as(daniel), of(id)).value();
    CHECK(repost.id() != id);
    CHECK(repost.author_id() == daniel.value);
    CHECK(repost.text().empty());
    CHECK(repost.repost_of_id() == id);
    CHECK(repost.repost_of_author_id() == minji.value);
    CHECK(tweets.repost(as(daniel), of(id)).value().id() == repost.id());
    CHECK(now(tweets, id).reposts() == 1);
    CHECK(now(tweets, repost.id()).repost_of_id() == id);

    // A repost stands for its original.
    CHECK(tweets.favourite(as(daniel), of(repost.id())).value().id() == id);
    CHECK(tweets.repost(as(minji), of(repost.id())).value().repost_of_id() == id);
    CHECK(tweets.write(as(minji), reply_to(repost.id(), "hm")).value().reply_to_id() == id);
    CHECK(tweets.thread(as({}), of(repost.id())).value().tweet().id() == id);
    CHECK(ids(tweets.reposted_by(as({}), users_of(repost.id())).value()) ==
          std::vector<std::uint64_t>{minji.value, daniel.value});
    CHECK(tweets.edit(as(daniel), edit_to(repost.id(), "mine")).error().reason == "no_text");

    CHECK(tweets.unrepost(as(daniel), of(id)).value().reposts() == 1);
    CHECK(tweets.unrepost(as(daniel), of(id)).value().reposts() == 1);
    CHECK(tweets.by_id(as({}), of(repost.id())).error().code == Code::not_found);
    // Deleting one's repost is taking it back.
    deleted(tweets, minji, tweets.repost(as(minji), of(id)).value().id());
    CHECK(now(tweets, id).reposts() == 0);
    CHECK(now(tweets, id).favourites() == 1);
}

inline void kind_cases(Tweets& tweets) {
    const std::uint64_t first = wrote(tweets, minji, "first");
    wrote(tweets, daniel, "reply", first);
    tweets.repost(as(daniel), of(first)).value();
    wrote(tweets, daniel, "second");
    const std::string again = "again " + std::to_string(first);
    AllRequest all;
    all.mutable_position()->set_page(1);
    const auto expect_all = [&](const Words& expected) {
        const TweetPage page = tweets.all(as({}), all).value();
        CHECK(said(page.tweets()) == expected);
        CHECK(page.total() == expected.size());
    };
    expect_all({"second", "first"});
    all.set_with_replies(true);
    expect_all({"second", "reply", "first"});
    all.set_with_reposts(true);
    expect_all({"second", again, "reply", "first"});
    all.set_with_replies(false);
    expect_all({"second", again, "first"});

    ByAuthorRequest his;
    his.set_author_id(daniel.value);
    his.mutable_position()->set_page(1);
    const auto expect_his = [&](const Words& expected) {
        const TweetPage page = tweets.by_author(as({}), his).value();
        CHECK(said(page.tweets()) == expected);
        CHECK(page.total() == expected.size());
    };
    expect_his({"second", again, "reply"});
    his.set_without_replies(true);
    expect_his({"second", again});
    his.set_without_reposts(true);
    expect_his({"second"});
    CountsRequest counts;
    counts.add_author_ids(daniel.value);
    CHECK(tweets.counts(as({}), counts).value().counts(0) == 3);
}

inline void mark_cases(Tweets& tweets) {
    const std::uint64_t liked = wrote(tweets, minji, "liked");
    const std::uint64_t mine = wrote(tweets, daniel, "mine");
    const std::uint64_t repost = tweets.repost(as(daniel), of(liked)).value().id();
    tweets.favourite(as(daniel), of(liked)).value();
    tweets.favourite(as(minji), of(mine)).value();
    tweets.pin(as(daniel), of(mine)).value();
    MarksRequest request;
    for (const std::uint64_t id : {mine, liked, std::uint64_t{1}, repost})
        request.add_tweet_ids(id);
    const auto seen_by = [&](UserId user) {
        std::string seen;
        const MarksReply reply = tweets.marks(as(user), request).value();
        for (const Marks& marks : reply.marks()) {
            seen += marks.favourited() ? "f" : "-";
            seen += marks.reposted() ? "r" : "-";
            seen += marks.pinned() ? "p " : "- ";
        }
        return seen;
    };
    CHECK(seen_by(daniel) == "--p fr- --- fr- ");
    CHECK(seen_by(minji) == "f-- --- --- --- ");
    CHECK(seen_by({}) == "--- --- --- --- ");

    // With the tweets themselves, without the one that does not exist.
    ByIdsRequest with_tweets;
    *with_tweets.mutable_ids() = request.tweet_ids();
    CHECK_FALSE(tweets.by_ids(as(daniel), with_tweets).value().tweets(0).has_marks());
    with_tweets.set_with_marks(true);
    CHECK_FALSE(tweets.by_ids(as({}), with_tweets).value().tweets(0).has_marks());
    const TweetList list = tweets.by_ids(as(daniel), with_tweets).value();
    REQUIRE(list.tweets_size() == 3);
    CHECK(list.tweets(0).marks().pinned());
    CHECK_FALSE(list.tweets(0).marks().favourited());
    CHECK(list.tweets(1).marks().favourited());
    CHECK(list.tweets(2).marks().favourited());  // of what it reposts
    for (int i = 0; i < 97; ++i)
        request.add_tweet_ids(mine);
    CHECK(tweets.marks(as(daniel), request).error().code == Code::invalid);
}

inline void pin_cases(Tweets& tweets) {
    const std::uint64_t first = wrote(tweets, minji, "first");
    const std::uint64_t second = wrote(tweets, minji, "second");
    PinnedRequest hers;
    hers.set_author_id(minji.value);
    const auto pinned = [&] { return said(tweets.pinned(as({}), hers).value().tweets()); };
    CHECK(pinned().empty());
    CHECK(tweets.pin(as(minji), of(first)).value().id() == first);
    CHECK(tweets.pin(as(minji), of(second)).value().id() == second);
    CHECK(pinned() == Words{"second"});
    CHECK(tweets.pin(as(daniel), of(first)).error().code == Code::forbidden);
    CHECK(tweets.pin(as({}), of(first)).error().code == Code::unauthenticated);
    const std::uint64_t repost = tweets.repost(as(minji), of(first)).value().id();
    CHECK(tweets.pin(as(minji), of(repost)).error().reason == "no_text");
    // The one that is not pinned is not taken off.
    CHECK(tweets.unpin(as(minji), of(first)));
    CHECK(pinned() == Words{"second"});
    CHECK(tweets.unpin(as(minji), of(second)));
    CHECK(pinned().empty());
    tweets.pin(as(minji), of(second)).value();
    wrote(tweets, daniel, "so it becomes a tombstone", second);
    deleted(tweets, minji, second);
    CHECK(pinned().empty());
}

inline void block_cases(Tweets& tweets) {
    for (const UserId author : {blocking_user, blocked_user}) {
        const std::uint64_t id = wrote(tweets, author, "mine");
        const Error refused = tweets.write(as(minji), reply_to(id, "hi")).error();
        CHECK(refused.code == Code::forbidden);
        CHECK(refused.reason == "blocked");
        CHECK(tweets.favourite(as(minji), of(id)).error().reason == "blocked");
        CHECK(tweets.repost(as(minji), of(id)).error().reason == "blocked");
        // One's own doing can always be taken back.
        CHECK(tweets.unfavourite(as(minji), of(id)).has_value());
        CHECK(tweets.unrepost(as(minji), of(id)).has_value());
        CHECK(now(tweets, id).replies() == 0);
        // One does not block oneself.
        CHECK(tweets.write(as(author), reply_to(id, "and")).has_value());
        CHECK(tweets.favourite(as(author), of(id)).has_value());
    }
    const std::uint64_t id = wrote(tweets, unknown_user, "mine");
    CHECK(tweets.write(as(minji), reply_to(id, "hi")).error().code == Code::unavailable);
    CHECK(tweets.favourite(as(minji), of(id)).error().code == Code::unavailable);
    CHECK(tweets.repost(as(minji), of(id)).error().code == Code::unavailable);
    CHECK(tweets.repost(as(unknown_user), of(id)).has_value());
}

inline void deleting_more_cases(Tweets& tweets) {
    const std::uint64_t id = wrote(tweets, minji, "top");
    const std::uint64_t repost = tweets.repost(as(daniel), of(id)).value().id();
    tweets.repost(as(minji), of(id)).value();
    tweets.favourite(as(daniel), of(id)).value();
    wrote(tweets, daniel, "reply", id);
    CHECK(tweets.delete_(as(minji), with_id<DeleteRequest>(repost)).error().code == Code::forbidden);
    deleted(tweets, minji, id);
    CHECK(tweets.by_id(as({}), of(repost)).error().code == Code::not_found);
    CHECK(tweets.favourites(as(daniel), {}).value().tweets_size() == 0);
    const Tweet tombstone = tweets.thread(as({}), of(id)).value().tweet();
    CHECK(tombstone.favourites() == 0);
    CHECK(tombstone.reposts() == 0);
    CHECK(tombstone.replies() == 1);
    AllRequest all;
    all.set_with_replies(true);
    all.set_with_reposts(true);
    all.mutable_position()->set_page(1);
    const TweetPage left = tweets.all(as({}), all).value();
    CHECK(texts(left) == Words{"reply"});
    CHECK(left.total() == 1);
    CountsRequest counts;
    counts.add_author_ids(minji.value);
    counts.add_author_ids(daniel.value);
    const CountsReply counted = tweets.counts(as({}), counts).value();
    CHECK(counted.counts(0) == 0);
    CHECK(counted.counts(1) == 1);
}

inline void event_more_cases(Tweets& tweets) {
    CHECK(tweets.last_event(as({}), {}).value().sequence() == 0);
    const std::uint64_t id = wrote(tweets, minji, "top");
    const std::uint64_t reply = wrote(tweets, daniel, "reply", id);
    for (int twice = 0; twice < 2; ++twice)
        tweets.favourite(as(daniel), of(id)).value();
    for (int twice = 0; twice < 2; ++twice)
        tweets.unfavourite(as(daniel), of(id)).value();
    std::uint64_t repost = 0;
    for (int twice = 0; twice < 2; ++twice)
        repost = tweets.repost(as(daniel), of(id)).value().id();
    deleted(tweets, minji, id);
    EventsRequest request;
    request.set_limit(100);
    request.set_after(1);
    const EventsReply told = tweets.events(as({}), request).value();
    REQUIRE(told.events_size() == 6);
    const Tweet& written = told.events(0).written();
    CHECK(written.id() == reply);
    CHECK(written.reply_to_id() == id);
    CHECK(written.reply_to_author_id() == minji.value);
    CHECK(written.thread_id() == id);
    CHECK(told.events(1).favourited().tweet_id() == id);
    CHECK(told.events(1).favourited().author_id() == minji.value);
    CHECK(told.events(1).favourited().user_id() == daniel.value);
    CHECK(told.events(2).unfavourited().user_id() == daniel.value);
    CHECK(told.events(3).written().id() == repost);
    CHECK(told.events(3).written().repost_of_id() == id);
    CHECK(told.events(3).written().repost_of_author_id() == minji.value);
    CHECK(told.events(4).deleted().id() == repost);
    CHECK(told.events(4).deleted().author_id() == daniel.value);
    CHECK(told.events(4).deleted().repost_of_id() == id);
    CHECK(told.events(5).deleted().id() == id);
    CHECK(told.events(5).deleted().repost_of_id() == 0);
    CHECK(tweets.last_event(as({}), {}).value().sequence() == told.events(5).sequence());
}

// Eight people like, repost, answer and take it back, all at once and again and again.
inline void concurrent_counts_case(Tweets& tweets) {
    const std::uint64_t id = wrote(tweets, minji, "popular");
    std::vector<std::thread> people;
    for (std::uint64_t user = 1; user <= 8; ++user) {
        people.emplace_back([&, user] {
            const UserId me{user};
            for (int round = 0; round < 5; ++round) {
                tweets.favourite(as(me), of(id)).value();
                tweets.repost(as(me), of(id)).value();
                const std::uint64_t reply = wrote(tweets, me, "me too", id);
                if (round % 2 == 0) deleted(tweets, me, reply);
                if (round == 4 && user % 2 == 0) continue;
                tweets.unfavourite(as(me), of(id)).value();
                tweets.unrepost(as(me), of(id)).value();
            }
        });
    }
    // One more person comes from two places at once.
    for (int place = 0; place < 2; ++place) {
        people.emplace_back([&] {
            for (int round = 0; round < 10; ++round) {
                CHECK(tweets.favourite(as(daniel), of(id)).has_value());
                const auto repost = tweets.repost(as(daniel), of(id));
                CHECK((repost || repost.error().reason == "changed"));
                CHECK(tweets.unfavourite(as(daniel), of(id)).has_value());
                CHECK(tweets.unrepost(as(daniel), of(id)).has_value());
            }
        });
    }
    for (std::thread& person : people)
        person.join();
    const Tweet popular = now(tweets, id);
    CHECK(popular.favourites() == 4);
    CHECK(popular.reposts() == 4);
    CHECK(popular.replies() == 16);
    CHECK(tweets.favourited_by(as({}), users_of(id)).value().user_ids_size() == 4);
    CHECK(tweets.reposted_by(as({}), users_of(id)).value().user_ids_size() == 4);
    CHECK(tweets.thread(as({}), of(id)).value().descendants_size() == 16);
    AllRequest all;
    all.set_with_replies(true);
    all.set_with_reposts(true);
    all.mutable_position()->set_page(1);
    all.mutable_position()->set_limit(100);
    const TweetPage page = tweets.all(as({}), all).value();
    CHECK(page.total() == 1 + 16 + 4);
    CHECK(page.tweets_size() == 1 + 16 + 4);
}

}  // namespace jebi::tweets
