// The real services, wired in process as app/parts/ does it, on a database of their own.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "kit/base/crypto.h"
#include "kit/sql/sqlite.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"
#include "modules/follows/departures.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/messages/departures.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"
#include "modules/notifications/notifications_schema.h"
#include "modules/notifications/service.h"
#include "modules/notifications/teller.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"
#include "modules/tweets/departures.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace jebi::model {

struct World {
    explicit World(const timelines::Options& options = {})
        : builder(accounts, follows, tweets, timelines_store, clock, options) {
        REQUIRE(start_crypto());
        REQUIRE(database->room("accounts").migrate(accounts::schema_files()));
        REQUIRE(database->room("follows").migrate(follows::schema_files()));
        REQUIRE(database->room("tweets").migrate(tweets::schema_files()));
        REQUIRE(database->room("timelines").migrate(timelines::schema_files()));
        REQUIRE(database->room("notifications").migrate(notifications::schema_files()));
        REQUIRE(database->room("messages").migrate(messages::schema_files()));
    }
    ~World() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    World(const World&) = delete;

    // Follows all events, until nothing is left to follow.
    void settle() {
        const Call call{.until = in(Millis{60'000})};
        while (builder.run(call).value() + teller.run(call).value() > 0) {
        }
    }

    // Removes what people had whose accounts are gone.
    void forget_who_left() {
        const Call call{.until = in(Millis{60'000})};
        while (tweets_departures.follow(call, Millis{0}).value() +
                   follows_departures.follow(call, Millis{0}).value() +
                   messages_departures.follow(call, Millis{0}).value() >
               0) {
        }
    }

    static accounts::ServiceOptions quick_passwords() {
        accounts::ServiceOptions options;
        options.password_cost = {.memory_bytes = 8 * 1024, .passes = 1};
        return options;
    }

    std::string folder = [] {
        std::string name = "/tmp/jebi-model-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/jebi.db"}).value();
    SystemClock clock;
    IdGenerator ids{clock, 1};
    accounts::Service accounts{database->room("accounts"), ids, clock, quick_passwords()};
    follows::Store follows_store{database->room("follows")};
    follows::Service follows{follows_store, ids, clock};
    tweets::Store tweets_store{database->room("tweets")};
    tweets::Service tweets{tweets_store, follows, ids, clock};
    timelines::Store timelines_store{database->room("timelines")};
    timelines::Builder builder;
    timelines::Service timelines{tweets, follows, timelines_store, builder};
    notifications::Store notifications_store{database->room("notifications")};
    rpc::EventSource told;
    notifications::Teller teller{{accounts, follows, tweets}, notifications_store, ids, told};
    notifications::Service notifications{notifications_store, told, clock};
    messages::Store messages_store{database->room("messages")};
    messages::Service messages{messages_store, accounts, follows, ids, clock};
    tweets::Departures tweets_departures{accounts, tweets_store, clock};
    follows::Departures follows_departures{accounts, follows_store, follows};
    messages::Departures messages_departures{accounts, messages_store};
};

}  // namespace jebi::model
