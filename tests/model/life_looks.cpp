// What is looked at: a home now and then, everything when all is at rest.
#include <algorithm>

#include "tests/model/life.h"

namespace jebi::model {

namespace {

constexpr std::uint32_t home_size = 20;
constexpr std::size_t pages_max = 1'000;

Call as(Id user) {
    return Call{.user = UserId{user}, .until = in(Millis{20'000}), .trace = Trace::start()};
}

timelines::HomePage home_of(World& world, Id reader, std::uint32_t limit, Id before = 0) {
    timelines::HomeRequest request;
    request.set_limit(limit);
    request.set_before(before);
    return world.timelines.home(as(reader), request).value();
}

Ids ids_in(const timelines::HomePage& page) {
    Ids ids;
    for (const auto& entry : page.entries())
        ids.push_back(entry.tweet_id());
    return ids;
}

template <typename Tweets>
Ids ids_of(const Tweets& tweets) {
    Ids ids;
    for (const tweets::Tweet& tweet : tweets)
        ids.push_back(tweet.id());
    return ids;
}

// A list read page by page to its end. `read` answers a page for where to go on; `take` adds what is in it.
template <typename Read, typename Take>
Ids walked(Read read, Take take) {
    Ids all;
    Id at = 0;
    for (std::size_t pages = 0; pages < pages_max; ++pages) {
        const auto page = read(at);
        take(page, all);
        if constexpr (requires { page.next_cursor(); }) {
            at = page.next_cursor();
        } else {
            at = page.next();
        }
        if (at == 0) return all;
    }
    FAIL("a list has no end");
    return all;
}

const auto take_tweets = [](const tweets::TweetPage& page, Ids& all) {
    const Ids some = ids_of(page.tweets());
    all.insert(all.end(), some.begin(), some.end());
};

}  // namespace

void Life::look_at_home() {
    const Id reader = somebody();
    const auto page = home_of(world_, reader, home_size);
    const Ids now = ids_in(page);
    CHECK(std::ranges::is_sorted(now, std::greater{}));
    const Ids expected = model_.home(reader);
    for (const Id id : seen_[reader]) {
        if (std::ranges::find(expected, id) == expected.end()) continue;
        const Tweet& tweet = model_.tweets.at(id);
        const Id of = tweet.repost_of != 0 ? model_.tweets.at(tweet.repost_of).author : tweet.author;
        if (disturbed_.contains({reader, tweet.author}) || disturbed_.contains({reader, of})) continue;
        if (page.next() != 0 && id < now.back()) continue;
        INFO("what was at home a moment ago is not there any more");
        CHECK(std::ranges::find(now, id) != now.end());
    }
    seen_[reader] = now;
}

void Life::look_at_everything() {
    for (const Id person : people_) {
        CAPTURE(person);
        look_at_relations(person);
        look_at_homes(person);
        look_at_lists(person);
        look_at_notifications(person);
        look_at_messages(person);
    }
    look_at_threads();
    disturbed_.clear();
}

void Life::look_at_relations(Id person) {
    follows::UserIdsRequest asked;
    for (const Id other : people_) {
        if (other != person) asked.add_user_ids(other);
    }
    const auto reply = world_.follows.relationships(as(person), asked).value();
    for (const auto& relation : reply.relationships()) {
        const Pair forth{person, relation.user_id()};
        const Pair back{relation.user_id(), person};
        CHECK(relation.following() == model_.follows.contains(forth));
        CHECK(relation.followed_by() == model_.follows.contains(back));
        CHECK(relation.blocking() == model_.blocks.contains(forth));
        CHECK(relation.blocked_by() == model_.blocks.contains(back));
        CHECK(relation.muting() == model_.mutes.contains(forth));
    }
    asked.clear_user_ids();
    asked.add_user_ids(person);
    const auto counts = world_.follows.counts(as(person), asked).value().counts(0);
    const auto count = [&](auto is_wanted) {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            model_.follows, [&](const auto& relation) { return is_wanted(relation.first); }));
    };
    CHECK(counts.following() == count([&](const Pair& pair) { return pair.first == person; }));
    CHECK(counts.followers() == count([&](const Pair& pair) { return pair.second == person; }));
}

void Life::look_at_homes(Id person) {
    const auto limit = static_cast<std::uint32_t>(1 + below(30));
    const Ids home = walked([&](Id before) { return home_of(world_, person, limit, before); },
                            [](const timelines::HomePage& page, Ids& all) {
                                const Ids some = ids_in(page);
                                all.insert(all.end(), some.begin(), some.end());
                            });
    CHECK(home == model_.home(person));
}

void Life::look_at_lists(Id person) {
    const Ids own = walked(
        [&](Id cursor) {
            tweets::ByAuthorRequest request;
            request.set_author_id(person);
            request.mutable_position()->set_cursor(cursor);
            return world_.tweets.by_author(as(person), request).value();
        },
        take_tweets);
    CHECK(own == model_.where([&](const Tweet& tweet) { return tweet.author == person; }));
    tweets::CountsRequest counted;
    counted.add_author_ids(person);
    CHECK(world_.tweets.counts(as(person), counted).value().counts(0) == own.size());
    const Ids liked = walked(
        [&](Id before) {
            tweets::FavouritesRequest request;
            request.set_before(before);
            return world_.tweets.favourites(as(person), request).value();
        },
        take_tweets);
    CHECK(liked == model_.liked(person));
    const Ids tagged = walked(
        [&](Id cursor) {
            tweets::ByHashtagRequest request;
            request.set_hashtag("제비");
            request.mutable_position()->set_cursor(cursor);
            return world_.tweets.by_hashtag(as(person), request).value();
        },
        take_tweets);
    CHECK(tagged == model_.where([](const Tweet& tweet) { return tweet.tagged; }));
}

void Life::look_at_notifications(Id person) {
    std::set<Notification::Key> real, read;
    const Ids ids = walked(
        [&](Id before) {
            notifications::ListRequest request;
            request.set_before(before);
            return world_.notifications.list(as(person), request).value();
        },
        [&](const notifications::NotificationPage& page, Ids& all) {
            for (const auto& one : page.notifications()) {
                const Notification::Key key{person, one.kind(), one.actor_id(), one.tweet_id()};
                CHECK(real.insert(key).second);
                if (one.read()) read.insert(key);
                all.push_back(one.id());
            }
        });
    CHECK(std::ranges::is_sorted(ids, std::greater{}));
    model_.settle(person, real);
    std::set<Notification::Key> expected, expected_read;
    for (const Notification& one : model_.told) {
        if (one.user != person) continue;
        expected.insert(one.key());
        if (one.read) expected_read.insert(one.key());
    }
    CHECK(real == expected);
    CHECK(read == expected_read);
    const auto unread = world_.notifications.unread(as(person), {}).value();
    CHECK(unread.count() == std::min<std::size_t>(99, real.size() - read.size()));
    if (!ids.empty()) use_notifications(person, ids);
}

// Reads or removes them, now that it is known which there are.
void Life::use_notifications(Id person, const Ids& ids) {
    const auto is_theirs = [&](const Notification& one) { return one.user == person; };
    notifications::ByIdRequest newest;
    newest.set_id(ids.front());
    switch (below(6)) {
        case 0:
            REQUIRE(world_.notifications.clear(as(person), {}));
            std::erase_if(model_.told, is_theirs);
            return;
        case 1:
        case 2:
            CHECK(world_.notifications.mark_read(as(person), newest).value().count() == 0);
            for (Notification& one : model_.told)
                one.read = one.read || is_theirs(one);
            return;
        default:
            return;
    }
}

void Life::look_at_messages(Id person) {
    for (const Id other : people_) {
        const Ids messages = walked(
            [&](Id before) {
                messages::WithRequest request;
                request.set_with_id(other);
                request.set_before(before);
                return world_.messages.with(as(person), request).value();
            },
            [](const messages::MessagePage& page, Ids& all) {
                for (const messages::Message& message : page.messages())
                    all.push_back(message.id());
            });
        CHECK(messages == model_.conversation(person, other));
    }
    const auto conversations = world_.messages.conversations(as(person), {}).value();
    Ids partners;
    for (const auto& conversation : conversations.conversations())
        partners.push_back(conversation.with_id());
    CHECK(partners == model_.partners(person));
    CHECK(world_.messages.unread(as(person), {}).value().count() == model_.unread_conversations(person));
}

void Life::look_at_threads() {
    for (const auto& [id, tweet] : model_.tweets) {
        if (tweet.repost_of != 0) continue;
        CAPTURE(id);
        tweets::ByIdRequest request;
        request.set_id(id);
        const auto thread = world_.tweets.thread(as(0), request).value();
        CHECK(thread.tweet().deleted() == tweet.deleted);
        CHECK(ids_of(thread.ancestors()) == model_.ancestors(id));
        CHECK(ids_of(thread.descendants()) == model_.descendants(id));
        if (!tweet.deleted) check_counts(id);
    }
}

}  // namespace jebi::model
