#include "modules/tweets/contract_steps_test.h"
#include "modules/tweets/test_service.h"

using namespace jebi;
using namespace jebi::tweets;

TEST_CASE("a database from before threads and likes is brought up to date with its rows") {
    TestService test{schema_files().first(1)};
    sql::Batch before;
    before.add({"INSERT INTO tweets (id, author_id, text, created_ms) VALUES (7, 101, 'old #Tag', $1)",
                {test.clock.wall_ms()}});
    before.add({"INSERT INTO tweets_hashtags (hashtag, tweet_id) VALUES ('tag', 7)", {}});
    before.add({"INSERT INTO tweets_counts (author_id, tweets) VALUES (101, 1), (0, 1)", {}});
    before.add(
        {"INSERT INTO tweets_events (sequence, at_ms, kind, tweet_id, author_id, text, created_ms, "
         "edited_ms) VALUES (1, 1000, 'written', 7, 101, 'old #Tag', 1000, 0)",
         {}});
    REQUIRE(test.room.write(as({}), std::move(before)));
    REQUIRE(test.room.migrate(schema_files()));

    const Tweet old = now(test.service, 7);
    CHECK(old.text() == "old #Tag");
    CHECK(old.thread_id() == 7);
    CHECK(texts(test.service.all(as({}), page(1, 10)).value()) == Words{"old #Tag"});
    CHECK(test.service.all(as({}), page(1, 10)).value().total() == 1);
    CHECK(tagged(test.service, "tag") == Words{"old #Tag"});
    TopHashtagsRequest top;
    top.set_days(1);
    top.set_limit(1);
    const HashtagList used = test.service.top_hashtags(as({}), top).value();
    REQUIRE(used.hashtags_size() == 1);
    CHECK(used.hashtags(0).hashtag() == "tag");
    CHECK(used.hashtags(0).authors() == 1);

    const std::uint64_t reply = wrote(test.service, daniel, "new", 7);
    CHECK(test.service.favourite(as(daniel), of(7)).value().favourites() == 1);
    CHECK(test.service.thread(as({}), of(7)).value().descendants(0).id() == reply);
    EventsRequest events;
    events.set_limit(10);
    CHECK(test.service.events(as({}), events).value().events(0).written().thread_id() == 7);
    deleted(test.service, minji, 7);
    CHECK(said(test.service.thread(as({}), of(reply)).value().ancestors()) == Words{"(gone)"});
}
