// For tests: a service on a database of its own, which goes away with it.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "kit/sql/sqlite.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"

namespace jebi::follows {

struct TestService {
    explicit TestService(std::uint32_t followed_max = following_max)
        : service(store, ids, clock, followed_max) {
        REQUIRE(room.migrate(schema_files()));
    }
    ~TestService() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    TestService(const TestService&) = delete;

    std::string folder = [] {
        std::string name = "/tmp/jebi-follows-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/follows.db"}).value();
    sql::Room& room = database->room("follows");
    SystemClock clock;
    IdGenerator ids{clock, 1};
    Store store{room};
    Service service;
};

}  // namespace jebi::follows
