// For tests: a service and a teller on a database of their own, which goes away with them, and a small world
// whose events they follow.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "kit/sql/sqlite.h"
#include "modules/notifications/notifications_schema.h"
#include "modules/notifications/service.h"
#include "modules/notifications/teller.h"

namespace jebi::notifications {

// The events that have been told, as every module tells them.
template <typename Event, typename Reply>
class Happened {
public:
    Event& add(WallMs at_ms) {
        Event& event = all_.emplace_back();
        event.set_sequence(all_.size() * 3);  // sequences may skip
        event.set_at_ms(at_ms);
        return event;
    }
    template <typename Request>
    Reply after(const Request& request) const {
        Reply reply;
        for (const Event& event : all_) {
            if (event.sequence() > request.after() &&
                static_cast<std::uint32_t>(reply.events_size()) < request.limit())
                *reply.add_events() = event;
        }
        return reply;
    }

private:
    std::vector<Event> all_;
};

// Fails about every third call while `flaky`, as those do that are in another process.
class Flaky {
public:
    Result<void> answer() {
        if (silent || (flaky && random_() % 3 == 0)) return fail(Code::unavailable, "Not now.");
        return {};
    }
    bool silent = false;
    bool flaky = false;

private:
    std::minstd_rand random_;  // the same run each time
};

class WorldAccounts final : public accounts::AccountsAbsent {
public:
    Result<accounts::UsersReply> users_by_names(const Call&,
                                                const accounts::UsersByNamesRequest& request) override {
        TRY_VOID(mood.answer());
        if (request.usernames_size() > 100) return fail(Code::invalid, "At most 100.");
        accounts::UsersReply reply;
        for (const std::string& name : request.usernames()) {
            const auto found = people.find(name);
            if (found == people.end()) continue;
            accounts::User& user = *reply.add_users();
            user.set_id(found->second.value);
            user.set_username(name);
        }
        return reply;
    }
    Result<accounts::EventsReply> events(const Call&, const accounts::EventsRequest& request) override {
        TRY_VOID(mood.answer());
        return happened.after(request);
    }
    void leave(UserId user) { happened.add(1).mutable_deleted()->set_user_id(user.value); }

    std::map<std::string, UserId> people;
    Happened<accounts::Event, accounts::EventsReply> happened;
    Flaky mood;
};

class WorldFollows final : public follows::FollowsAbsent {
public:
    using Pair = std::pair<UserId, UserId>;
    using Kind = follows::Event;

    Result<follows::UserIdsReply> hidden(const Call& call, const follows::HiddenRequest& request) override {
        TRY_VOID(mood.answer());
        if (request.user_ids_size() > 200) return fail(Code::invalid, "At most 200.");
        follows::UserIdsReply reply;
        for (const std::uint64_t other : request.user_ids()) {
            const UserId id{other};
            const bool is_muted = request.with_mutes() && mutes.contains({call.user, id});
            if (is_muted || blocks.contains({call.user, id}) || blocks.contains({id, call.user}))
                reply.add_user_ids(other);
        }
        return reply;
    }
    Result<follows::EventsReply> events(const Call&, const follows::EventsRequest& request) override {
        TRY_VOID(mood.answer());
        return happened.after(request);
    }
    void tell(Kind::Kind kind, UserId user, UserId target, WallMs at_ms = 1) {
        follows::Event& event = happened.add(at_ms);
        event.set_kind(kind);
        event.set_user_id(user.value);
        event.set_target_id(target.value);
    }
    void add_follow(UserId user, UserId target, WallMs at_ms = 1) {
        tell(Kind::KIND_FOLLOWED, user, target, at_ms);
    }
    void add_block(UserId user, UserId target) {
        blocks.insert({user, target});
        tell(Kind::KIND_BLOCKED, user, target);
    }
    void add_mute(UserId user, UserId target) {
        mutes.insert({user, target});
        tell(Kind::KIND_MUTED, user, target);
    }

    std::set<Pair> blocks, mutes;
    Happened<follows::Event, follows::EventsReply> happened;
    Flaky mood;
};

class WorldTweets final : public tweets::TweetsAbsent {
public:
    Result<tweets::EventsReply> events(const Call&, const tweets::EventsRequest& request) override {
        TRY_VOID(mood.answer());
        return happened.after(request);
    }
    // The new tweet, which mentions these names.
    tweets::Tweet add_write(UserId author, const std::vector<std::string>& mentions = {},
                            const tweets::Tweet& reply_to = {}) {
        const tweets::Tweet tweet = made(author, mentions, reply_to);
        *happened.add(1).mutable_written() = tweet;
        return tweet;
    }
    // As add_write(), of what was said elsewhere long ago.
    tweets::Tweet add_brought(UserId author, const std::vector<std::string>& mentions,
                              const tweets::Tweet& reply_to = {}) {
        tweets::Tweet tweet = made(author, mentions, reply_to);
        tweet.set_edited_ms(1);
        *happened.add(1).mutable_written() = tweet;
        return tweet;
    }
    void add_edit(tweets::Tweet& tweet, const std::vector<std::string>& mentions) {
        mention(tweet, mentions);
        *happened.add(1).mutable_edited() = tweet;
    }
    tweets::Tweet add_repost(UserId author, const tweets::Tweet& of) {
        tweets::Tweet tweet;
        tweet.set_id(++last_id_);
        tweet.set_author_id(author.value);
        tweet.set_repost_of_id(of.id());
        tweet.set_repost_of_author_id(of.author_id());
        *happened.add(1).mutable_written() = tweet;
        return tweet;
    }
    void remove(const tweets::Tweet& tweet) {
        tweets::TweetDeleted& deleted = *happened.add(1).mutable_deleted();
        deleted.set_id(tweet.id());
        deleted.set_author_id(tweet.author_id());
        deleted.set_repost_of_id(tweet.repost_of_id());
    }
    void add_favourite(UserId user, const tweets::Tweet& tweet) {
        like(*happened.add(1).mutable_favourited(), user, tweet);
    }
    void end_favourite(UserId user, const tweets::Tweet& tweet) {
        like(*happened.add(1).mutable_unfavourited(), user, tweet);
    }

    Happened<tweets::Event, tweets::EventsReply> happened;
    Flaky mood;

private:
    tweets::Tweet made(UserId author, const std::vector<std::string>& mentions,
                       const tweets::Tweet& reply_to) {
        tweets::Tweet tweet;
        tweet.set_id(++last_id_);
        tweet.set_author_id(author.value);
        tweet.set_reply_to_id(reply_to.id());
        tweet.set_reply_to_author_id(reply_to.author_id());
        mention(tweet, mentions);
        return tweet;
    }
    static void mention(tweets::Tweet& tweet, const std::vector<std::string>& names) {
        tweet.clear_entities();
        for (const std::string& name : names) {
            tweets::Entity& entity = *tweet.add_entities();
            entity.set_kind(tweets::Entity::KIND_MENTION);
            entity.set_value(name);
        }
    }
    static void like(tweets::TweetFavourited& favourited, UserId user, const tweets::Tweet& tweet) {
        favourited.set_tweet_id(tweet.id());
        favourited.set_author_id(tweet.author_id());
        favourited.set_user_id(user.value);
    }
    std::uint64_t last_id_ = 1'000;
};

// A room whose writes can be disturbed.
class DisturbedRoom final : public sql::Room {
public:
    explicit DisturbedRoom(sql::Room& room) : room_(room) {}
    Result<sql::Rows> read(const Call& call, std::string_view sql,
                           std::vector<sql::Value> parameters) override {
        return room_.read(call, sql, std::move(parameters));
    }
    // About every fourth fails before it is done, every fourth after it.
    Result<sql::Outcome> write(const Call& call, sql::Batch batch) override {
        const auto turn = disturbed ? random_() % 4 : 3;
        if (turn == 0) return fail(Code::unavailable, "Not now.");
        auto done = room_.write(call, std::move(batch));
        if (turn == 1) return fail(Code::unavailable, "Nobody knows.");
        return done;
    }
    Result<void> migrate(std::span<const Embedded> files) override { return room_.migrate(files); }

    bool disturbed = false;

private:
    sql::Room& room_;
    std::minstd_rand random_;
};

struct TestService {
    TestService() { REQUIRE(room.migrate(schema_files())); }
    ~TestService() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    TestService(const TestService&) = delete;

    // Until nothing is left to follow, with a teller of its own each time, as after a restart; what fails is
    // tried again.
    void settle() {
        const Call call{.until = in(Millis{10'000})};
        for (int tries = 0; tries < 1'000; ++tries) {
            const auto handled = Teller{sources, store, ids, told}.run(call);
            if (handled && *handled == 0) return;
        }
        FAIL("it never comes to rest");
    }

    std::string folder = [] {
        std::string name = "/tmp/jebi-notifications-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database =
        sql::open_sqlite({.file = folder + "/notifications.db"}).value();
    DisturbedRoom room{database->room("notifications")};
    ManualClock clock{1'800'000'000'000};
    IdGenerator ids{clock, 1};
    Store store{room};
    WorldAccounts accounts;
    WorldFollows follows;
    WorldTweets tweets;
    Sources sources{accounts, follows, tweets};
    rpc::EventSource told;
    Service service{store, told, clock};
};

}  // namespace jebi::notifications
