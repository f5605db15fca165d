// For tests: tweets, follows and accounts in memory, as simple as can be; and a service of homes on a
// database of its own, whose writes can be disturbed.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

#include "kit/sql/sqlite.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"

namespace jebi::timelines {

using Ids = std::vector<std::uint64_t>;

inline Call as(std::uint64_t user) {
    return Call{.user = UserId{user}, .until = in(Millis{20'000}), .trace = Trace::start()};
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
Event& tell(std::vector<Event>& told, WallMs at_ms) {
    Event& event = told.emplace_back();
    event.set_sequence(told.size());
    event.set_at_ms(at_ms);
    return event;
}

class WorldTweets final : public tweets::TweetsAbsent {
public:
    WorldTweets(std::recursive_mutex& mutex, IdGenerator& ids, const Clock& clock)
        : mutex_(mutex), ids_(ids), clock_(clock) {}

    std::uint64_t add(std::uint64_t author, std::uint64_t repost_of = 0) {
        const std::lock_guard lock{mutex_};
        tweets::Tweet tweet;
        tweet.set_id(ids_.next());
        tweet.set_author_id(author);
        tweet.set_repost_of_id(repost_of);
        if (repost_of != 0) tweet.set_repost_of_author_id(all.at(repost_of).author_id());
        all.emplace(tweet.id(), tweet);
        *tell(told, clock_.wall_ms()).mutable_written() = tweet;
        return tweet.id();
    }
    // And the reposts of it.
    void remove(std::uint64_t id) {
        const std::lock_guard lock{mutex_};
        Ids gone{id};
        for (const auto& [other, tweet] : all) {
            if (tweet.repost_of_id() == id) gone.push_back(other);
        }
        for (const std::uint64_t one : gone) {
            auto& deleted = *tell(told, clock_.wall_ms()).mutable_deleted();
            deleted.set_id(one);
            deleted.set_author_id(all.at(one).author_id());
            all.erase(one);
        }
    }

    Result<tweets::TweetPage> by_author(const Call&, const tweets::ByAuthorRequest& request) override {
        return page({request.author_id()}, request.position());
    }
    Result<tweets::TweetPage> by_authors(const Call&, const tweets::ByAuthorsRequest& request) override {
        if (request.author_ids_size() > 100) return fail(Code::invalid, "At most 100 authors.");
        return page({request.author_ids().begin(), request.author_ids().end()}, request.position());
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

    std::map<std::uint64_t, tweets::Tweet> all;
    std::vector<tweets::Event> told;
    std::uint64_t lists_read = 0;

private:
    Result<tweets::TweetPage> page(const Ids& authors, const tweets::Position& position) {
        const std::lock_guard lock{mutex_};
        if (position.limit() == 0 || position.limit() > 100) return fail(Code::invalid, "From 1 to 100.");
        lists_read += 1;
        std::vector<tweets::Tweet> found;
        for (const auto& [id, tweet] : all) {
            const bool inside =
                id > position.newer_than() && (position.cursor() == 0 || id < position.cursor());
            if (inside && std::ranges::find(authors, tweet.author_id()) != authors.end())
                found.push_back(tweet);
        }
        if (!position.from_oldest()) std::ranges::reverse(found);
        if (found.size() > position.limit()) found.resize(position.limit());
        if (position.from_oldest()) std::ranges::reverse(found);
        tweets::TweetPage page;
        for (const tweets::Tweet& tweet : found)
            *page.add_tweets() = tweet;
        return page;
    }

    std::recursive_mutex& mutex_;
    IdGenerator& ids_;
    const Clock& clock_;
};

class WorldFollows final : public follows::FollowsAbsent {
public:
    using Pair = std::pair<std::uint64_t, std::uint64_t>;
    using Relations = std::map<Pair, std::uint64_t>;  // to when they began
    using Kind = follows::Event;

    WorldFollows(std::recursive_mutex& mutex, const Clock& clock) : mutex_(mutex), clock_(clock) {}

    void add_follow(std::uint64_t user, std::uint64_t target) {
        if (hides(user, target, false) || user == target) return;
        begin(follow_of, user, target, Kind::KIND_FOLLOWED);
    }
    void end_follow(std::uint64_t user, std::uint64_t target) {
        end(follow_of, user, target, Kind::KIND_UNFOLLOWED);
    }
    void add_block(std::uint64_t user, std::uint64_t target) {
        if (user == target || block_of.contains({user, target})) return;
        end_follow(user, target);
        end_follow(target, user);
        begin(block_of, user, target, Kind::KIND_BLOCKED);
    }
    void end_block(std::uint64_t user, std::uint64_t target) {
        end(block_of, user, target, Kind::KIND_UNBLOCKED);
    }
    void add_mute(std::uint64_t user, std::uint64_t target) {
        if (user != target) begin(mute_of, user, target, Kind::KIND_MUTED);
    }
    void end_mute(std::uint64_t user, std::uint64_t target) {
        end(mute_of, user, target, Kind::KIND_UNMUTED);
    }
    bool hides(std::uint64_t user, std::uint64_t other, bool with_mutes = true) const {
        return block_of.contains({user, other}) || block_of.contains({other, user}) ||
               (with_mutes && mute_of.contains({user, other}));
    }

    Result<follows::UserPage> followers(const Call&, const follows::ListRequest& request) override {
        return page(follow_of, request,
                    [&](const Pair& pair) { return pair.second == request.user_id() ? pair.first : 0; });
    }
    Result<follows::UserPage> following(const Call&, const follows::ListRequest& request) override {
        return page(follow_of, request, first_is(request.user_id()));
    }
    Result<follows::UserPage> blocked(const Call& call, const follows::ListRequest& request) override {
        return page(block_of, request, first_is(call.user.value));
    }
    Result<follows::UserPage> muted(const Call& call, const follows::ListRequest& request) override {
        return page(mute_of, request, first_is(call.user.value));
    }
    Result<follows::CountsReply> counts(const Call&, const follows::UserIdsRequest& request) override {
        const std::lock_guard lock{mutex_};
        follows::CountsReply reply;
        for (const std::uint64_t user : request.user_ids()) {
            const auto count = std::ranges::count_if(
                follow_of, [user](const auto& relation) { return relation.first.second == user; });
            reply.add_counts()->set_followers(static_cast<std::uint64_t>(count));
        }
        return reply;
    }
    Result<follows::EventsReply> events(const Call&, const follows::EventsRequest& request) override {
        const std::lock_guard lock{mutex_};
        return events_after<follows::EventsReply>(told, request);
    }
    Result<follows::LastEventReply> last_event(const Call&, const follows::Empty&) override {
        const std::lock_guard lock{mutex_};
        follows::LastEventReply reply;
        reply.set_sequence(told.size());
        return reply;
    }

    Relations follow_of, block_of, mute_of;
    std::vector<follows::Event> told;

private:
    static std::function<std::uint64_t(const Pair&)> first_is(std::uint64_t user) {
        return [user](const Pair& pair) { return pair.first == user ? pair.second : 0; };
    }
    void begin(Relations& relations, std::uint64_t user, std::uint64_t target, Kind::Kind kind) {
        const std::lock_guard lock{mutex_};
        if (relations.emplace(Pair{user, target}, ++last_).second) tell_of(user, target, kind);
    }
    void end(Relations& relations, std::uint64_t user, std::uint64_t target, Kind::Kind kind) {
        const std::lock_guard lock{mutex_};
        if (relations.erase({user, target}) > 0) tell_of(user, target, kind);
    }
    void tell_of(std::uint64_t user, std::uint64_t target, Kind::Kind kind) {
        follows::Event& event = tell(told, clock_.wall_ms());
        event.set_kind(kind);
        event.set_user_id(user);
        event.set_target_id(target);
    }
    // Newest first; `other` is who a relation shows in the list, 0 for nobody.
    Result<follows::UserPage> page(const Relations& relations, const follows::ListRequest& request,
                                   const std::function<std::uint64_t(const Pair&)>& other) {
        const std::lock_guard lock{mutex_};
        std::vector<Pair> found;  // (when, whom)
        for (const auto& [pair, when] : relations) {
            const std::uint64_t user = other(pair);
            if (user != 0 && (request.before() == 0 || when < request.before()))
                found.emplace_back(when, user);
        }
        std::ranges::sort(found, std::greater{});
        follows::UserPage page;
        const std::size_t shown = std::min<std::size_t>(found.size(), std::min(request.limit(), page_max));
        for (std::size_t i = 0; i < shown; ++i)
            page.add_user_ids(found[i].second);
        if (found.size() > shown) page.set_next(found[shown - 1].first);
        return page;
    }

    static constexpr std::uint32_t page_max = 3;  // smaller than asked for, so that lists have pages
    std::recursive_mutex& mutex_;
    const Clock& clock_;
    std::uint64_t last_ = 0;
};

class WorldAccounts final : public accounts::AccountsAbsent {
public:
    Result<accounts::UsersPage> users(const Call&, const accounts::UsersRequest& request) override {
        accounts::UsersPage page;
        page.set_total(people.size());
        for (std::size_t i = (request.page() - 1) * page_max;
             i < people.size() && page.users_size() < page_max; ++i)
            page.add_users()->set_id(people[i]);
        return page;
    }
    Result<accounts::EventsReply> events(const Call&, const accounts::EventsRequest& request) override {
        return events_after<accounts::EventsReply>(told, request);
    }
    Result<accounts::LastEventReply> last_event(const Call&, const accounts::Empty&) override {
        accounts::LastEventReply reply;
        reply.set_sequence(told.size());
        return reply;
    }
    void remove(std::uint64_t user) {
        std::erase(people, user);
        tell(told, 1).mutable_deleted()->set_user_id(user);
    }

    Ids people;
    std::vector<accounts::Event> told;

private:
    static constexpr int page_max = 2;
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
        if (how == How::done_but_failed) return fail(Code::unavailable, "Nobody knows.");
        return done;
    }
    Result<void> migrate(std::span<const Embedded> files) override { return room_.migrate(files); }

    std::function<How()> disturb;

private:
    sql::Room& room_;
};

struct World {
    explicit World(const Options& options = {}) : options_(options) { REQUIRE(room.migrate(schema_files())); }
    ~World() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    World(const World&) = delete;

    // Until nothing is left to follow, with a builder of its own each time, as after a restart; errors are
    // tried again.
    void settle() {
        for (int tries = 0; tries < 10'000; ++tries) {
            const auto handled = Builder{accounts, follows, tweets, store, clock, options_}.run(as(0));
            if (handled && *handled == 0) return;
        }
        FAIL("it never comes to rest");
    }

    // The whole home by the simplest rule there is, newest first.
    Ids expected(std::uint64_t user) const {
        Ids home;
        for (const auto& [id, tweet] : tweets.all) {
            const std::uint64_t author = tweet.author_id();
            const bool mine = author == user || follows.follow_of.contains({user, author});
            const bool hidden =
                follows.hides(user, author) || follows.hides(user, tweet.repost_of_author_id());
            if (mine && !hidden) home.insert(home.begin(), id);
        }
        return home;
    }

    Options options_;
    std::string folder = [] {
        std::string name = "/tmp/jebi-timelines-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/timelines.db"}).value();
    DisturbedRoom room{database->room("timelines")};
    std::recursive_mutex mutex;
    ManualClock clock;
    IdGenerator ids{clock, 1};
    WorldTweets tweets{mutex, ids, clock};
    WorldFollows follows{mutex, clock};
    WorldAccounts accounts;
    Store store{room};
    Builder builder{accounts, follows, tweets, store, clock, options_};
    Service service{tweets, follows, store, builder};
};

inline HomePage home_of(Timelines& timelines, std::uint64_t user, std::uint32_t limit = 100,
                        std::uint64_t before = 0, std::uint64_t newer_than = 0, bool from_oldest = false) {
    HomeRequest request;
    request.set_limit(limit);
    request.set_before(before);
    request.set_newer_than(newer_than);
    request.set_from_oldest(from_oldest);
    return timelines.home(as(user), request).value();
}

inline Ids ids_in(const HomePage& page) {
    Ids ids;
    for (const HomePage::Entry& entry : page.entries())
        ids.push_back(entry.tweet_id());
    return ids;
}

// The whole home, walked page by page from the newest to the end, or from the oldest up.
inline Ids walked(Timelines& timelines, std::uint64_t user, std::uint32_t limit, bool from_oldest = false) {
    Ids all;
    std::uint64_t at = 0;
    for (int pages = 0; pages < 1'000; ++pages) {
        const HomePage page =
            from_oldest ? home_of(timelines, user, limit, 0, at, true) : home_of(timelines, user, limit, at);
        const Ids ids = ids_in(page);
        all.insert(from_oldest ? all.begin() : all.end(), ids.begin(), ids.end());
        if (from_oldest ? ids.empty() : page.next() == 0) return all;
        at = from_oldest ? ids.front() : page.next();
    }
    FAIL("the home has no end");
    return all;
}

}  // namespace jebi::timelines
