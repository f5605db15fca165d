// For tests: a service on a database of its own, which goes away with it.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "kit/sql/sqlite.h"
#include "modules/tweets/contract_likes_test.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace jebi::tweets {

// Of whom the contract's cases know who blocks whom.
class ToldFollows final : public follows::FollowsAbsent {
public:
    Result<follows::RelationshipsReply> relationships(const Call&,
                                                      const follows::UserIdsRequest& request) override {
        follows::RelationshipsReply reply;
        for (const std::uint64_t user : request.user_ids()) {
            if (UserId{user} == unknown_user) return fail(Code::deadline, "Nobody answered in time.");
            follows::Relationship& found = *reply.add_relationships();
            found.set_user_id(user);
            found.set_blocked_by(UserId{user} == blocking_user);
            found.set_blocking(UserId{user} == blocked_user);
        }
        return reply;
    }
};

struct TestService {
    explicit TestService(std::span<const Embedded> schema = schema_files()) { REQUIRE(room.migrate(schema)); }
    ~TestService() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    TestService(const TestService&) = delete;

    std::string folder = [] {
        std::string name = "/tmp/jebi-tweets-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/tweets.db"}).value();
    sql::Room& room = database->room("tweets");
    SystemClock clock;
    IdGenerator ids{clock, 1};
    Store store{room};
    ToldFollows follows;
    Service service{store, follows, ids, clock};
};

}  // namespace jebi::tweets
