// For tests: tweets and accounts in memory, as simple as can be; and a search of them on a database of its
// own, whose writes can be disturbed.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

#include "kit/base/unicode.h"
#include "kit/sql/sqlite.h"
#include "modules/search/search_schema.h"
#include "modules/search/service.h"

namespace jebi::search {

using Ids = std::vector<std::uint64_t>;

inline Call anybody() {
    return Call{.until = in(Millis{20'000}), .trace = Trace::start()};
}

// The events after a position, as every module tells them.
template <typename Reply, typename Request, typename Event>
Reply events_after(const std::vector<Event>& told, const Request& request) {
    Reply reply;
    for (std::size_t i = request.after(); i < told.size() && i < request.after() + request.limit(); ++i)
        *reply.add_events() = told[i];
    return reply;
}

template <typename Event>
Event& tell(std::vector<Event>& told) {
    Event& event = told.emplace_back();
    event.set_sequence(told.size());
    return event;
}

class WorldTweets final : public tweets::TweetsAbsent {
public:
    explicit WorldTweets(std::mutex& mutex) : mutex_(mutex) {}

    // Ids are made before tweets are written, so they may come a little out of order: `late` by so many.
    std::uint64_t add(const std::string& text, std::uint64_t author = 1, std::uint64_t late = 0) {
        const std::lock_guard lock{mutex_};
        next_id_ += 10;
        tweets::Tweet tweet;
        tweet.set_id(next_id_ - late * 10 - (late > 0 ? 1 : 0));
        while (kept.contains(tweet.id()))
            tweet.set_id(tweet.id() - 1);
        tweet.set_author_id(author);
        set_text(tweet, text);
        kept.emplace(tweet.id(), tweet);
        *tell(told).mutable_written() = tweet;
        return tweet.id();
    }
    std::uint64_t add_repost(std::uint64_t original) {
        const std::lock_guard lock{mutex_};
        auto& event = *tell(told).mutable_written();
        event.set_id(next_id_ += 10);
        event.set_repost_of_id(original);
        return event.id();
    }
    void change(std::uint64_t id, const std::string& text) {
        const std::lock_guard lock{mutex_};
        set_text(kept.at(id), text);
        *tell(told).mutable_edited() = kept.at(id);
    }
    void remove(std::uint64_t id) {
        const std::lock_guard lock{mutex_};
        kept.erase(id);
        tell(told).mutable_deleted()->set_id(id);
    }
    // As the module does after 30 days.
    void forget_events() {
        for (tweets::Event& event : told)
            event.clear_what();
    }

    Result<tweets::EventsReply> events(const Call&, const tweets::EventsRequest& request) override {
        const std::lock_guard lock{mutex_};
        return events_after<tweets::EventsReply>(told, request);
    }
    Result<tweets::LastEventReply> last_event(const Call&, const tweets::Empty&) override {
        const std::lock_guard lock{mutex_};
        tweets::LastEventReply reply;
        reply.set_sequence(told.size());
        return reply;
    }
    // Small pages, from the oldest.
    Result<tweets::TweetPage> all(const Call&, const tweets::AllRequest& request) override {
        const std::lock_guard lock{mutex_};
        constexpr int page_max = 7;
        tweets::TweetPage page;
        for (auto at = kept.upper_bound(request.position().newer_than()); at != kept.end(); ++at) {
            if (page.tweets_size() == page_max) {
                page.set_next_cursor(page.tweets(page_max - 1).id());
                break;
            }
            *page.add_tweets() = at->second;
        }
        std::reverse(page.mutable_tweets()->begin(), page.mutable_tweets()->end());
        return page;
    }

    std::map<std::uint64_t, tweets::Tweet> kept;
    std::vector<tweets::Event> told;

private:
    // Hashtags here are words that begin with '#'.
    static void set_text(tweets::Tweet& tweet, const std::string& text) {
        tweet.set_text(text);
        tweet.clear_entities();
        for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find('#', at + 1)) {
            auto& entity = *tweet.add_entities();
            entity.set_kind(tweets::Entity::KIND_HASHTAG);
            entity.set_value(text.substr(at + 1, text.find(' ', at) - at - 1));
        }
    }

    std::mutex& mutex_;
    std::uint64_t next_id_ = 1'000;
};

class WorldAccounts final : public accounts::AccountsAbsent {
public:
    void put(std::uint64_t id, const std::string& username, const std::string& display_name) {
        accounts::User user;
        user.set_id(id);
        user.set_username(username);
        user.set_display_name(display_name);
        *(people.contains(id) ? tell(told).mutable_changed() : tell(told).mutable_created()) = user;
        people[id] = user;
    }
    void remove(std::uint64_t id) {
        people.erase(id);
        tell(told).mutable_deleted()->set_user_id(id);
    }
    Result<accounts::EventsReply> events(const Call&, const accounts::EventsRequest& request) override {
        return events_after<accounts::EventsReply>(told, request);
    }
    Result<accounts::LastEventReply> last_event(const Call&, const accounts::Empty&) override {
        accounts::LastEventReply reply;
        reply.set_sequence(told.size());
        return reply;
    }

    std::map<std::uint64_t, accounts::User> people;
    std::vector<accounts::Event> told;
};

// A room whose writes can be disturbed: `disturb` is asked before each, and says how it goes.
class DisturbedRoom final : public sql::Room {
public:
    enum class How { well, not_at_all, done_but_failed };
    explicit DisturbedRoom(sql::Room& room) : room_(room) {}

    Result<sql::Rows> read(const Call& call, std::string_view sql,
                           std::vector<sql::Value> parameters) override {
        return room_.read(call, sql, std::move(parameters));
    }
    Result<sql::Outcome> write(const Call& call, sql::Batch batch) override {
        const How how = disturb ? disturb() : How::well;
        if (how == How::not_at_all) return fail(Code::unavailable, "Not now.");
        auto done = room_.write(call, std::move(batch));
        if (done && how == How::done_but_failed) return fail(Code::unavailable, "Nobody knows.");
        return done;
    }
    Result<void> migrate(std::span<const Embedded> files) override { return room_.migrate(files); }

    std::function<How()> disturb;

private:
    sql::Room& room_;
};

struct World {
    // Small segments, so that a few tweets fill several.
    explicit World(const Options& options = {.seal_at = 4, .segment_max = 12}) : options_(options) {
        REQUIRE(room.migrate(schema_files()));
    }
    ~World() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    World(const World&) = delete;

    // Until nothing is left to follow, with an indexer of its own each time, as after a restart; errors are
    // tried again.
    void settle() {
        Error last;
        for (int tries = 0; tries < 10'000; ++tries) {
            const auto handled = Indexer{accounts, tweets, store, clock, options_}.run(anybody());
            if (handled && *handled == 0) return;
            if (!handled) last = handled.error();
        }
        FAIL("it never comes to rest: ", last.message, " ", last.detail);
    }

    Options options_;
    std::string folder = [] {
        std::string name = "/tmp/jebi-search-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/search.db"}).value();
    DisturbedRoom room{database->room("search")};
    std::mutex mutex;
    ManualClock clock;
    WorldTweets tweets{mutex};
    WorldAccounts accounts;
    Store store{room};
    Indexer indexer{accounts, tweets, store, clock, options_};
    Service service{store, indexer};
};

inline TweetsReply tweets_with(Search& search, const std::string& query, std::uint32_t limit = 80,
                               std::uint64_t before = 0, std::uint64_t newer_than = 0,
                               std::uint64_t author = 0) {
    TweetsRequest request;
    request.set_query(query);
    request.set_limit(limit);
    request.set_before(before);
    request.set_newer_than(newer_than);
    request.set_author_id(author);
    return search.tweets(anybody(), request).value();
}

inline Ids ids_with(Search& search, const std::string& query) {
    const auto reply = tweets_with(search, query);
    return {reply.tweet_ids().begin(), reply.tweet_ids().end()};
}

// Page by page to the end.
inline Ids all_with(Search& search, const std::string& query, std::uint32_t limit, std::uint64_t author = 0) {
    Ids all;
    std::uint64_t before = 0;
    for (int pages = 0; pages < 1'000; ++pages) {
        const auto reply = tweets_with(search, query, limit, before, 0, author);
        all.insert(all.end(), reply.tweet_ids().begin(), reply.tweet_ids().end());
        if (reply.next() == 0) return all;
        before = reply.next();
    }
    FAIL("the pages have no end");
    return all;
}

inline PeopleReply people_with(Search& search, const std::string& query, std::uint32_t limit = 80,
                               std::uint32_t offset = 0) {
    PeopleRequest request;
    request.set_query(query);
    request.set_limit(limit);
    request.set_offset(offset);
    return search.people(anybody(), request).value();
}

inline Ids people_in(const PeopleReply& reply) {
    return {reply.user_ids().begin(), reply.user_ids().end()};
}

// "jebi 2, jeju 1"
inline std::string tags_from(Search& search, const std::string& prefix, std::uint32_t limit = 80) {
    HashtagsRequest request;
    request.set_prefix(prefix);
    request.set_limit(limit);
    std::string all;
    const HashtagsReply reply = search.hashtags(anybody(), request).value();
    for (const auto& tag : reply.hashtags())
        all += (all.empty() ? "" : ", ") + tag.hashtag() + " " + std::to_string(tag.tweets());
    return all;
}

}  // namespace jebi::search
