#include "tests/degradation/town.h"

namespace jebi::test {

namespace {

std::string new_folder() {
    std::string name = "/tmp/jebi-degradation-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    REQUIRE(start_crypto());
    return name;
}

// Each module with a database of its own, as rooms of one file.
std::unique_ptr<sql::Database> new_database(const std::string& folder) {
    auto database = sql::open_sqlite({.file = folder + "/jebi.db"}).value();
    REQUIRE(database->room("accounts").migrate(accounts::schema_files()));
    REQUIRE(database->room("tweets").migrate(tweets::schema_files()));
    REQUIRE(database->room("follows").migrate(follows::schema_files()));
    REQUIRE(database->room("timelines").migrate(timelines::schema_files()));
    REQUIRE(database->room("search").migrate(search::schema_files()));
    REQUIRE(database->room("notifications").migrate(notifications::schema_files()));
    REQUIRE(database->room("messages").migrate(messages::schema_files()));
    return database;
}

accounts::UserByNameRequest named(const std::string& name) {
    accounts::UserByNameRequest request;
    request.set_username(name);
    return request;
}

}  // namespace

VisitLog::VisitLog(fiber::Loops& loops)
    : server_(http::Server::start(loops, fiber::Address::from("127.0.0.1:0").value(), {},
                                  [this](http::Request& request) { return answer(request); })
                  .value()) {}

void VisitLog::fail_with(Fault fault) {
    fault_ = fault;
    const std::lock_guard lock{mutex_};
    over_.set();
    over_ = {};
}

fiber::Event VisitLog::over() {
    const std::lock_guard lock{mutex_};
    return over_;
}

http::Response VisitLog::answer(const http::Request& request) {
    switch (fault_) {
        case Fault::slow:
            over().wait_until(request.until);
            return http::Response::text(200, "");
        case Fault::down:
            return http::Response::text(503, "not there");
        case Fault::errors:
            return http::Response::text(500, "a mistake");
        default:
            break;
    }
    if (request.body.starts_with("SELECT count()")) return http::Response::text(200, "{\"visits\":25}\n");
    return http::Response::text(
        200, "{\"ts\":\"2026-11-22T13:58:05.000Z\",\"originalUrl\":\"/users/jun\",\"status\":200}\n");
}

Town::Town()
    : folder(new_folder()),
      database(new_database(folder)),
      accounts_service(database->room("accounts"), ids, clock, Twitter::quick_passwords()),
      at_accounts(loops, folder + "/accounts.sock", accounts::methods(accounts_service)),
      accounts(at_accounts.channel()),
      follows_store(database->room("follows")),
      follows_service(follows_store, ids, clock),
      at_follows(loops, folder + "/follows.sock", follows::methods(follows_service)),
      follows(at_follows.channel()),
      tweets_store(database->room("tweets")),
      tweets_service(tweets_store, follows, ids, clock),
      at_tweets(loops, folder + "/tweets.sock", tweets::methods(tweets_service)),
      tweets(at_tweets.channel()),
      timelines_store(database->room("timelines")),
      builder(accounts, follows, tweets, timelines_store, clock),
      timelines_service(tweets, follows, timelines_store, builder),
      at_timelines(loops, folder + "/timelines.sock", timelines::methods(timelines_service)),
      timelines(at_timelines.channel()),
      notifications_store(database->room("notifications")),
      teller({accounts, follows, tweets}, notifications_store, ids, notifications_told),
      notifications_service(notifications_store, notifications_told, clock),
      at_notifications(loops, folder + "/notifications.sock", notifications::methods(notifications_service)),
      notifications(at_notifications.channel()),
      messages_store(database->room("messages")),
      messages_service(messages_store, accounts, follows, ids, clock),
      at_messages(loops, folder + "/messages.sock", messages::methods(messages_service)),
      messages(at_messages.channel()),
      search_store(database->room("search")),
      indexer(accounts, tweets, search_store, clock),
      search_service(search_store, indexer),
      at_search(loops, folder + "/search.sock", search::methods(search_service)),
      search(at_search.channel()),
      visit_log(loops),
      analytics(visit_log.options()),
      hub(tweets, follows, notifications, messages),
      site{accounts, follows, tweets,    timelines, notifications,
           messages, search,  templates, assets,    clock,
           stats,    events,  analytics, hub,       {.behind_proxy = true}},
      minji(bind(), "minji"),
      jun(router, "jun"),
      visitor(router) {
    live();
}

Town::~Town() {
    visit_log.fail_with(Fault::none);
    hub.end();
    std::filesystem::remove_all(folder);
}

http::Router& Town::bind() {
    const auto failed = [](const http::Request&, const Error&) {};
    web::bind(router, site, failed);
    web::transfer::bind(router, site, failed);
    std::vector<web::api::Operation> operations = web::api::operations();
    std::ranges::move(web::mastodon::operations(), std::back_inserter(operations));
    web::api::bind(router, site, std::move(operations), failed);
    web::mastodon::bind(router, site, failed);
    return router;
}

void Town::live() {
    minji.press("/users/jun/follow");
    jun.press("/users/minji/follow");
    minjis_tweet = minji.write("minji's first #swallow");
    juns_tweet = jun.write("jun's word to #swallow");
    jun.reply(minjis_tweet, "jun's answer to it");
    jun.press("/tweets/" + minjis_tweet + "/favorites");
    minji.press("/tweets/" + juns_tweet + "/favorites");
    minji.press("/tweets/" + juns_tweet + "/reposts");
    jun.submit("/messages/minji", "/messages/minji", {{"text", "jun's message"}});
    juns_id = std::to_string(accounts_service.user_by_name(Call{}, named("jun")).value().id());
    settle();
}

void Town::settle() {
    const Call call{.until = in(Millis{10'000})};
    for (bool busy = true; busy;) {
        const auto homes = builder.run(call);
        REQUIRE(homes);
        const auto told = teller.run(call);
        REQUIRE(told);
        const auto found = indexer.run(call);
        REQUIRE(found);
        busy = *homes + *told + *found > 0;
    }
}

Neighbour& Town::neighbour(std::string_view module) {
    const std::array all{&at_accounts,      &at_tweets,   &at_follows, &at_timelines,
                         &at_notifications, &at_messages, &at_search};
    const auto found = std::ranges::find(module_names, module);
    const auto place = static_cast<std::size_t>(found - module_names.begin());
    REQUIRE(place < all.size());
    return *all[place];
}

void Town::fail(std::string_view module, Fault fault) {
    failing_ = fault == Fault::none ? "" : module;
    if (module == "log-analytics") {
        visit_log.fail_with(fault);
    } else {
        neighbour(module).fail_with(fault);
    }
}

}  // namespace jebi::test
