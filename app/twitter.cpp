#include "app/twitter.h"

#include <optional>

#include "app/command_line.h"
#include "app/demo.h"
#include "app/operator.h"
#include "app/settings.h"
#include "kit/base/crypto.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"
#include "modules/follows/departures.h"
#include "modules/follows/follows_schema.h"
#include "modules/messages/departures.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"
#include "modules/notifications/notifications_schema.h"
#include "modules/notifications/service.h"
#include "modules/notifications/teller.h"
#include "modules/search/search_schema.h"
#include "modules/search/service.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"
#include "modules/tweets/departures.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"
#include "modules/web/api/api.h"
#include "modules/web/github/github.h"
#include "modules/web/hub.h"
#include "modules/web/live_reload.h"
#include "modules/web/mastodon/mastodon.h"
#include "modules/web/stats.h"
#include "modules/web/transfer/transfer.h"
#include "modules/web/visits/analytics.h"
#include "modules/web/visits/delivery.h"
#include "modules/web/web.h"
#include "modules/web/web_assets.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace jebi::app {

namespace {

constexpr Millis start_max{30'000};
constexpr Millis sweep_every{3'600'000};
constexpr Millis departures_pause{50};
constexpr Millis departures_wait{2'000};
constexpr Millis events_pause{200};
constexpr Millis homes_pause{50};
constexpr Millis search_pause{200};
constexpr Millis notifications_pause{100};
constexpr Millis last_lines_max{3'000};
constexpr const char* spool_folder = "/log-spool";  // in the data folder
constexpr std::uint16_t demo_node = IdGenerator::node_max;

accounts::ServiceOptions accounts_options(const place::Settings& settings, watch::Log& log) {
    accounts::ServiceOptions options;
    options.password_cost.memory_bytes =
        static_cast<std::size_t>(settings.integer("accounts.password_memory_kib")) * 1024;
    options.password_cost.passes = static_cast<std::uint64_t>(settings.integer("accounts.password_passes"));
    options.password_threads = static_cast<unsigned>(settings.integer("accounts.password_threads"));
    options.sessions.idle = std::chrono::days{settings.integer("accounts.session_idle_days")};
    options.sessions.absolute = std::chrono::days{settings.integer("accounts.session_days")};
    options.observer = [&log](std::string_view event, std::string_view user, std::string_view address) {
        log.info("accounts", event, {{"user", user}, {"address", address}});
    };
    return options;
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// A certificate on a loopback address is a trial, and browsers would remember "https only" for everything
// else that runs on this machine. A proxy in front speaks for a host of its own.
std::chrono::days https_only(const place::Settings& settings) {
    const auto at = fiber::Address::from(settings.text("listen"));
    const bool is_trial = has_tls(settings) && at && is_loopback(at->host);
    const bool is_told = settings.flag("web.secure") || (has_tls(settings) && !is_trial);
    return std::chrono::days{is_told ? settings.integer("web.hsts_days") : 0};
}

timelines::Options timelines_options(const place::Settings& settings) {
    return {.merge_above_followers =
                static_cast<std::uint32_t>(settings.integer("timelines.merge_above_followers"))};
}

web::SiteOptions site_options(const place::Settings& settings) {
    return {.secure = settings.flag("web.secure") || has_tls(settings),
            .https_only = https_only(settings),
            .behind_proxy = settings.flag("web.behind_proxy"),
            .api_rates = {.requests_max = settings.integer("web.api_requests_max")},
            .version = program_version,
            .password_grant = settings.flag("web.password_grant"),
            .dev = settings.flag("dev")};
}

// Nothing when no log service is wanted.
Result<std::optional<web::LogServiceOptions>> log_service_options(const place::Settings& settings) {
    const std::string& url = settings.text("log_analytics.url");
    if (url.empty()) return std::nullopt;
    TRY(auto options, web::log_service_from(url, settings.text("log_analytics.token")));
    return options;
}

web::github::Configured github_options(const place::Settings& settings) {
    return {.client_id = settings.text("github.client_id"),
            .client_secret = settings.text("github.client_secret"),
            .authorize_url = settings.text("github.authorize_url"),
            .token_url = settings.text("github.token_url"),
            .user_url = settings.text("github.user_url"),
            .roots_file = settings.text("github.roots")};
}

// The services of others that the settings name.
struct Outside {
    std::optional<web::LogServiceOptions> log_service;
    std::optional<web::github::Provider> github;

    static Result<Outside> from(const place::Settings& settings) {
        Outside all;
        TRY(all.log_service, log_service_options(settings));
        TRY(all.github, web::github::Provider::from(github_options(settings)));
        return all;
    }
};

web::DeliveryOptions delivery_options(const web::LogServiceOptions& service,
                                      const place::Settings& settings) {
    return {.service = service,
            .spool_folder = settings.text("data") + spool_folder,
            .spool_bytes_max =
                static_cast<std::uint64_t>(settings.integer("log_analytics.spool_mib_max")) * 1024 * 1024};
}

std::string dev_folder(const place::Settings& settings, const char* below = "") {
    return settings.flag("dev") ? std::string(web::source_folder) + below : "";
}

// Where making ids goes on after a start.
struct HighestIds {
    std::uint64_t user = 0;
    std::uint64_t follow = 0;
    std::uint64_t tweet = 0;
    std::uint64_t message = 0;
    std::uint64_t notification = 0;
};

Result<void> migrate(sql::Database& database) {
    TRY_VOID(database.room("accounts").migrate(accounts::schema_files()));
    TRY_VOID(database.room("follows").migrate(follows::schema_files()));
    TRY_VOID(database.room("tweets").migrate(tweets::schema_files()));
    TRY_VOID(database.room("timelines").migrate(timelines::schema_files()));
    TRY_VOID(database.room("search").migrate(search::schema_files()));
    TRY_VOID(database.room("notifications").migrate(notifications::schema_files()));
    return database.room("messages").migrate(messages::schema_files());
}

Result<HighestIds> highest_ids(sql::Database& database) {
    const Call call{.until = in(start_max)};
    HighestIds highest;
    TRY(highest.user, accounts::Store{database.room("accounts")}.highest_id(call));
    TRY(highest.follow, follows::Store{database.room("follows")}.highest_id(call));
    TRY(highest.tweet, tweets::Store{database.room("tweets")}.highest_id(call));
    TRY(highest.message, messages::Store{database.room("messages")}.highest_id(call));
    TRY(highest.notification, notifications::Store{database.room("notifications")}.highest_id(call));
    return highest;
}

}  // namespace

// Members stand in the order in which they are built on each other.
struct Twitter::Modules {
    Modules(place::Process& on, const place::Settings& settings, const HighestIds& highest, Outside outside)
        : process(on),
          node(static_cast<std::uint16_t>(settings.integer("node"))),
          user_ids(on.clock(), node, highest.user),
          tweet_ids(on.clock(), node, highest.tweet),
          accounts_options(app::accounts_options(settings, on.log())),
          accounts_service(accounts_room, user_ids, on.clock(), accounts_options),
          follow_ids(on.clock(), node, highest.follow),
          follows_service(follows_store, follow_ids, on.clock()),
          tweets_service(tweets_store, follows, tweet_ids, on.clock()),
          timelines_builder(accounts, follows, tweets, timelines_store, on.clock(),
                            timelines_options(settings)),
          notification_ids(on.clock(), node, highest.notification),
          notifications_service(notifications_store, notifications_told, on.clock()),
          message_ids(on.clock(), node, highest.message),
          messages_service(messages_store, accounts, follows, message_ids, on.clock()),
          assets(web::asset_files(), dev_folder(settings, "/assets")),
          templates(web::page_files(), web::word_files(), dev_folder(settings)),
          events(outside.log_service ? std::optional(web::Events::Bounds{}) : std::nullopt),
          analytics(outside.log_service),
          github(std::move(outside.github)),
          site{accounts, follows, tweets,    timelines, notifications,
               messages, search,  templates, assets,    on.clock(),
               stats,    events,  analytics, hub,       site_options(settings)} {
        count_lag();
        site.options.github = github.has_value();
        if (!outside.log_service) return;
        delivery.emplace(events, disk::real_disk(), delivery_options(*outside.log_service, settings),
                         on.log());
        count_lines();
    }

    template <typename Read>
    void count(const char* name, const char* help, Read read) {
        process.metrics().gauge(name, help, [read] { return static_cast<double>(read()); });
    }

    void count_lag() {
        count("homes_lag_events", "Events of tweets that are not in homes yet.",
              [this] { return timelines_builder.lag().events; });
        count("homes_lag_seconds",
              "So long ago the last tweet happened that came into homes; 0: all are there.",
              [this] { return static_cast<double>(timelines_builder.lag().ms) / 1e3; });
        count("search_lag_events", "Events of tweets that search does not know yet.",
              [this] { return search_indexer.lag().events; });
        count("search_lag_seconds", "So long ago the last tweet happened that can be found; 0: all can.",
              [this] { return static_cast<double>(search_indexer.lag().ms) / 1e3; });
    }

    void count_lines() {
        count("log_lines_sent_total", "Lines that log-analytics has taken.",
              [this] { return delivery->counts().sent.load(); });
        count("log_lines_spooled_total", "Lines that had to wait on the disk.",
              [this] { return delivery->counts().spooled.load(); });
        count("log_lines_refused_total", "Lines that log-analytics refused for good.",
              [this] { return delivery->counts().refused.load(); });
        count("log_lines_dropped_total", "Lines lost as queue and spool were full.",
              [this] { return events.dropped(); });
        count("log_queue_lines", "Lines in memory on their way to log-analytics.",
              [this] { return events.count(); });
        count("log_spool_bytes", "Lines on disk on their way to log-analytics.",
              [this] { return delivery->spool_bytes(); });
    }

    place::Process& process;
    std::uint16_t node;
    rpc::Observer observer = process.requests().calls();
    sql::Room& accounts_room = process.database().room("accounts");
    IdGenerator user_ids;
    IdGenerator tweet_ids;

    accounts::ServiceOptions accounts_options;
    accounts::Service accounts_service;
    accounts::AccountsLocal accounts{accounts_service, observer};

    follows::Store follows_store{process.database().room("follows")};
    IdGenerator follow_ids;
    follows::Service follows_service;
    follows::FollowsLocal follows{follows_service, observer};
    follows::Departures follows_departures{accounts, follows_store, follows_service};

    tweets::Store tweets_store{process.database().room("tweets")};
    tweets::Service tweets_service;
    tweets::TweetsLocal tweets{tweets_service, observer};
    tweets::Departures departures{accounts, tweets_store, process.clock()};

    timelines::Store timelines_store{process.database().room("timelines")};
    timelines::Builder timelines_builder;
    timelines::Service timelines_service{tweets, follows, timelines_store, timelines_builder};
    timelines::TimelinesLocal timelines{timelines_service, observer};

    notifications::Store notifications_store{process.database().room("notifications")};
    IdGenerator notification_ids;
    rpc::EventSource notifications_told;
    notifications::Teller notifications_teller{
        {accounts, follows, tweets}, notifications_store, notification_ids, notifications_told};
    notifications::Service notifications_service;
    notifications::NotificationsLocal notifications{notifications_service, observer};

    messages::Store messages_store{process.database().room("messages")};
    IdGenerator message_ids;
    messages::Service messages_service;
    messages::MessagesLocal messages{messages_service, observer};
    messages::Departures messages_departures{accounts, messages_store};

    search::Store search_store{process.database().room("search")};
    search::Indexer search_indexer{accounts, tweets, search_store, process.clock()};
    search::Service search_service{search_store, search_indexer};
    search::SearchLocal search{search_service, observer};

    http::Assets assets;
    web::Templates templates;
    web::Stats stats;
    web::Events events;
    web::Analytics analytics;
    std::optional<web::github::Provider> github;
    web::Hub hub{tweets, follows, notifications, messages};
    std::optional<web::Delivery> delivery;
    web::Site site;
    http::Router router;
    std::unique_ptr<OperatorDoor> operator_door;
};

Result<std::unique_ptr<Twitter>> Twitter::open(place::Process& process, const place::Settings& settings) {
    TRY_VOID(migrate(process.database()));
    TRY(const HighestIds highest, highest_ids(process.database()));
    TRY(auto outside, Outside::from(settings));
    return std::unique_ptr<Twitter>(
        new Twitter(std::make_unique<Modules>(process, settings, highest, std::move(outside))));
}

Twitter::Twitter(std::unique_ptr<Modules> modules) : modules_(std::move(modules)) {}
Twitter::~Twitter() {
    end(in(Millis{0}));
}

Result<void> Twitter::serve(const place::Settings& settings) {
    Modules& all = *modules_;
    const auto failed = [&log = all.process.log()](const http::Request& request, const Error& error) {
        log.failure("web", request.route, error, request.trace);
    };
    web::bind(all.router, all.site, failed);
    if (all.github) web::github::bind(all.router, all.site, *all.github, failed);
    web::transfer::bind(all.router, all.site, failed);
    std::vector<web::api::Operation> operations = web::api::operations();
    std::ranges::move(web::mastodon::operations(), std::back_inserter(operations));
    web::api::bind(all.router, all.site, std::move(operations), failed);
    web::mastodon::bind(all.router, all.site, failed);
    http::ServerOptions options;
    options.limits.body_bytes_max = static_cast<std::size_t>(settings.integer("http.body_kib_max")) * 1024;
    options.limits.connections_max = static_cast<std::size_t>(settings.integer("http.connections_max"));
    options.always = web::security_fields(all.site.options);
    options.on_mistake = [&log = all.process.log()](const http::Request& request, std::string_view what) {
        log.error("http", what, {{"route", request.route}, {"trace", request.trace.id_hex()}});
    };
    TRY(options.tls, tls_from(settings));
    if (options.tls) {
        for (const auto& warning : options.tls->warnings())
            all.process.log().warning("tls", warning);
    }
    TRY(const auto at, fiber::Address::from(settings.text("listen")));
    TRY_VOID(all.process.serve(at, all.router, std::move(options)));
    forget_who_left();
    sweep();
    derive();
    follow_events();
    open_operator_door(settings);
    if (all.delivery) {
        all.process.repeat("lines for log-analytics", web::Delivery::round_pause,
                           [&all](const Call& call) { return all.delivery->run(call); });
    }
    return {};
}

void Twitter::forget_who_left() {
    Modules& all = *modules_;
    const auto forget = [&all](const char* what, auto& departures) {
        all.process.repeat(what, departures_pause, [&departures](const Call& call) -> Result<void> {
            TRY_VOID(departures.follow(call, departures_wait));
            return {};
        });
    };
    forget("tweets of deleted accounts", all.departures);
    forget("follows of deleted accounts", all.follows_departures);
    forget("messages of deleted accounts", all.messages_departures);
}

void Twitter::sweep() {
    Modules& all = *modules_;
    const auto sweep = [&all](const char* what, auto& service) {
        all.process.repeat(what, sweep_every, [&service](const Call& call) { return service.sweep(call); });
    };
    sweep("sweep tweets", all.tweets_service);
    sweep("sweep follows", all.follows_service);
    sweep("sweep notifications", all.notifications_service);
    sweep("sweep messages", all.messages_service);
}

void Twitter::derive() {
    Modules& all = *modules_;
    all.process.repeat("homes", homes_pause, [&all](const Call& call) -> Result<void> {
        TRY_VOID(all.timelines_builder.run(call));
        return {};
    });
    all.process.repeat("search", search_pause, [&all](const Call& call) -> Result<void> {
        TRY_VOID(all.search_indexer.run(call));
        return {};
    });
    all.process.repeat("notifications", notifications_pause, [&all](const Call& call) -> Result<void> {
        TRY_VOID(all.notifications_teller.run(call));
        return {};
    });
}

timelines::Timelines& Twitter::timelines() {
    return modules_->timelines;
}

search::Search& Twitter::search() {
    return modules_->search;
}

void Twitter::follow_events() {
    Modules& all = *modules_;
    all.process.repeat("events of tweets", events_pause,
                       [&all](const Call& call) { return all.hub.follow_tweets(call); });
    all.process.repeat("events of notifications", events_pause,
                       [&all](const Call& call) { return all.hub.follow_notifications(call); });
    all.process.repeat("events of messages", events_pause,
                       [&all](const Call& call) { return all.hub.follow_messages(call); });
}

void Twitter::open_operator_door(const place::Settings& settings) {
    Modules& all = *modules_;
    auto door = OperatorDoor::open(all.process, settings, all.timelines, all.search);
    if (!door) return all.process.log().failure("operator", "no door for verbs", door.error(), {});
    all.operator_door = std::move(*door);
}

bool Twitter::end(Deadline until) {
    modules_->hub.end();  // streams wait for what happens, and would keep the process waiting too
    modules_->accounts_service.end_waits();  // or jobs that wait for events would keep the process waiting
    modules_->follows_service.end_waits();
    const auto door = std::exchange(modules_->operator_door, nullptr);
    const bool door_drained = door == nullptr || door->end(until);
    const bool drained = modules_->process.end(until) && door_drained;
    if (modules_->delivery) modules_->delivery->finish(in(last_lines_max));
    return drained;
}

Result<std::string> Twitter::fill_with_demo() {
    Modules& all = *modules_;
    accounts::UsersRequest anybody;
    anybody.set_page(1);
    anybody.set_size(1);
    TRY(const auto users, all.accounts.users(Call{.until = in(start_max)}, anybody));
    if (users.total() > 0) return "There are people already, so no demo people were added.";
    ManualClock clock{all.process.clock().wall_ms()};
    IdGenerator ids{clock, demo_node};
    accounts::ServiceOptions options = all.accounts_options;
    options.observer = nullptr;  // the demo's sign-ups are no news for the operator
    accounts::Service accounts{all.accounts_room, ids, clock, options};
    follows::Service follows{all.follows_store, ids, clock};
    tweets::Service tweets{all.tweets_store, follows, ids, clock};
    messages::Service messages{all.messages_store, accounts, follows, ids, clock};
    const std::string password = "swallow-" + hex(random_bytes(4));
    TRY_VOID(app::fill_with_demo({accounts, follows, tweets, messages}, clock, all.process.clock().wall_ms(),
                                 password));
    return "The demo is in: " + std::to_string(demo_people().size()) + " people, " +
           std::to_string(demo_tweets().size()) + " tweets. Sign in as \"" + demo_people().front().username +
           "\" (or any of them) with the password " + password;
}

}  // namespace jebi::app
