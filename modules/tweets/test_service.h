// For tests: a service on a database of its own, which goes away with it.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "kit/sql/sqlite.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace jebi::tweets {

struct TestService {
    TestService() { REQUIRE(room.migrate(schema_files())); }
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
    Service service{store, ids, clock};
};

}  // namespace jebi::tweets
