// For tests: a service on a database of its own, which goes away with it, and stand-ins for those it asks.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <set>

#include "kit/sql/sqlite.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"

namespace jebi::messages {

// Knows the users with ids below 1000 that have not left.
class SomePeople final : public accounts::AccountsAbsent {
public:
    Result<accounts::UsersReply> users_by_ids(const Call&,
                                              const accounts::UsersByIdsRequest& request) override {
        const std::lock_guard lock{mutex};
        accounts::UsersReply reply;
        for (const std::uint64_t id : request.ids()) {
            if (id > 0 && id < 1'000 && !left.contains(id)) reply.add_users()->set_id(id);
        }
        return reply;
    }
    Result<accounts::EventsReply> events(const Call&, const accounts::EventsRequest& request) override {
        const std::lock_guard lock{mutex};
        accounts::EventsReply reply;
        for (const accounts::Event& event : happened) {
            if (event.sequence() > request.after()) *reply.add_events() = event;
        }
        return reply;
    }
    void leave(UserId user) {
        const std::lock_guard lock{mutex};
        left.insert(user.value);
        accounts::Event event;
        event.set_sequence(happened.size() + 1);
        event.mutable_deleted()->set_user_id(user.value);
        happened.push_back(event);
    }

private:
    std::mutex mutex;
    std::set<std::uint64_t> left;
    std::vector<accounts::Event> happened;
};

// Knows who blocks whom.
class SomeBlocks final : public follows::FollowsAbsent {
public:
    Result<follows::RelationshipsReply> relationships(const Call& call,
                                                      const follows::UserIdsRequest& request) override {
        const std::lock_guard lock{mutex};
        if (silent) return fail(Code::unavailable, "Nobody can tell.");
        follows::RelationshipsReply reply;
        for (const std::uint64_t other : request.user_ids()) {
            auto& relationship = *reply.add_relationships();
            relationship.set_user_id(other);
            relationship.set_blocking(blocks.contains({call.user, UserId{other}}));
            relationship.set_blocked_by(blocks.contains({UserId{other}, call.user}));
        }
        return reply;
    }
    void add_block(UserId user, UserId target) {
        const std::lock_guard lock{mutex};
        blocks.insert({user, target});
    }
    std::atomic<bool> silent = false;

private:
    std::mutex mutex;
    std::set<std::pair<UserId, UserId>> blocks;
};

// Moves only when the test says so; may be read from other threads meanwhile.
class TestClock final : public Clock {
public:
    WallMs wall_ms() const override { return now_ms_; }
    void advance(Millis by) { now_ms_ += by.count(); }

private:
    std::atomic<WallMs> now_ms_ = 1'800'000'000'000;
};

struct TestService {
    TestService() { REQUIRE(room.migrate(schema_files())); }
    ~TestService() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    TestService(const TestService&) = delete;

    std::string folder = [] {
        std::string name = "/tmp/jebi-messages-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/messages.db"}).value();
    sql::Room& room = database->room("messages");
    TestClock clock;
    IdGenerator ids{clock, 1};
    Store store{room};
    SomePeople people;
    SomeBlocks blocks;
    Service service{store, people, blocks, ids, clock};
};

}  // namespace jebi::messages
