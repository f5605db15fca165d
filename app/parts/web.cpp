#include <optional>

#include "app/command_line.h"
#include "app/parts/part.h"
#include "app/settings.h"
#include "kit/disk/disk.h"
#include "kit/http/assets.h"
#include "kit/place/data_folder.h"
#include "modules/web/api/api.h"
#include "modules/web/github/github.h"
#include "modules/web/hub.h"
#include "modules/web/live_reload.h"
#include "modules/web/mastodon/mastodon.h"
#include "modules/web/stats.h"
#include "modules/web/transfer/transfer.h"
#include "modules/web/trends.h"
#include "modules/web/visits/analytics.h"
#include "modules/web/visits/delivery.h"
#include "modules/web/web.h"
#include "modules/web/web_assets.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace jebi::app {

namespace {

constexpr Millis events_pause{200};
constexpr Millis last_lines_max{3'000};
constexpr const char* spool_name = "/log-spool";  // in the data folder
constexpr int spools_max = 64;
// Of pages and operations at once. More than a neighbour's bulkhead lets through, so that those who wait for
// a slow neighbour leave room for all others; and so few that the last of them is answered within half a
// second.
constexpr guard::GradientSettings pages_at_once{.min = 256, .max = 1'000, .initial = 256};

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// A certificate on a loopback address is a trial, and browsers would remember "https only" for everything
// else that runs on this machine. A proxy in front speaks for a host of its own.
std::chrono::days https_only(const place::Settings& settings, const fiber::Address& at) {
    const bool is_trial = has_tls(settings) && is_loopback(at.host);
    const bool is_told = settings.flag("web.secure") || (has_tls(settings) && !is_trial);
    return std::chrono::days{is_told ? settings.integer("web.hsts_days") : 0};
}

web::SiteOptions site_options(const place::Settings& settings, const fiber::Address& at) {
    return {.secure = settings.flag("web.secure") || has_tls(settings),
            .https_only = https_only(settings, at),
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

// Lines that wait are in a folder of one process: several webs, and the old and the new one while one is
// replaced, have one each. What a process has left behind goes out with whoever takes its folder next.
struct SpoolFolder {
    std::string path;
    disk::FolderLock lock;

    static Result<SpoolFolder> take(const std::string& data) {
        for (int number = 1;; ++number) {
            const std::string path = data + spool_name + (number == 1 ? "" : "." + std::to_string(number));
            TRY_VOID(place::open_data_folder(path));
            auto lock = disk::FolderLock::take(path);
            if (lock) return SpoolFolder{path, std::move(*lock)};
            if (lock.error().reason != "folder_in_use" || number == spools_max) return fail(lock.error());
        }
    }
};

web::DeliveryOptions delivery_options(const web::LogServiceOptions& service, const std::string& spool_folder,
                                      const place::Settings& settings) {
    return {.service = service,
            .spool_folder = spool_folder,
            .spool_bytes_max =
                static_cast<std::uint64_t>(settings.integer("log_analytics.spool_mib_max")) * 1024 * 1024};
}

std::string dev_folder(const place::Settings& settings, const char* below = "") {
    return settings.flag("dev") ? std::string(web::source_folder) + below : "";
}

class WebPart final : public Part {
public:
    WebPart(const Ground& ground, const fiber::Address& at, Outside outside, std::optional<SpoolFolder> spool)
        : process_(ground.process),
          settings_(ground.settings),
          pages_(ground.pages),
          at_(at),
          assets_(web::asset_files(), dev_folder(settings_, "/assets")),
          templates_(web::page_files(), web::word_files(), dev_folder(settings_)),
          events_(outside.log_service ? std::optional(web::Events::Bounds{}) : std::nullopt),
          analytics_(outside.log_service),
          github_(std::move(outside.github)),
          spool_(std::move(spool)),
          trends_(ground.contract<trending::Trending>()),
          hub_(ground.contract<tweets::Tweets>(), ground.contract<follows::Follows>(),
               ground.contract<notifications::Notifications>(), ground.contract<messages::Messages>()),
          site_{ground.contract<accounts::Accounts>(),
                ground.contract<follows::Follows>(),
                ground.contract<tweets::Tweets>(),
                ground.contract<timelines::Timelines>(),
                ground.contract<notifications::Notifications>(),
                ground.contract<messages::Messages>(),
                ground.contract<search::Search>(),
                templates_,
                assets_,
                process_.clock(),
                stats_,
                events_,
                analytics_,
                hub_,
                site_options(settings_, at)} {
        site_.options.github = github_.has_value();
        site_.trends = &trends_;
        site_.limit = &limit_;
        count_pages();
        if (!spool_) return;
        delivery_.emplace(events_, disk::real_disk(),
                          delivery_options(*outside.log_service, spool_->path, settings_), process_.log());
        count_lines();
    }

    Result<void> start() override {
        bind();
        TRY(auto options, server_options());
        if (pages_ != nullptr) {
            TRY_VOID(process_.serve(std::move(*pages_), router_, std::move(options)));
        } else {
            TRY_VOID(process_.serve(at_, router_, std::move(options)));
        }
        follow_events();
        if (delivery_) {
            process_.repeat("lines for log-analytics", web::Delivery::round_pause,
                            [this](const Call& call) { return delivery_->run(call); });
        }
        return {};
    }

    // Streams wait for what happens, and would keep the process waiting too.
    void end_waits() override { hub_.end(); }

    void finish() override {
        if (delivery_) delivery_->finish(in(last_lines_max));
    }

private:
    void bind() {
        const auto failed = [&log = process_.log()](const http::Request& request, const Error& error) {
            log.failure("web", request.route, error, request.trace);
        };
        web::bind(router_, site_, failed);
        if (github_) web::github::bind(router_, site_, *github_, failed);
        web::transfer::bind(router_, site_, failed);
        std::vector<web::api::Operation> operations = web::api::operations();
        std::ranges::move(web::mastodon::operations(), std::back_inserter(operations));
        web::api::bind(router_, site_, std::move(operations), failed);
        web::mastodon::bind(router_, site_, failed);
    }

    Result<http::ServerOptions> server_options() {
        http::ServerOptions options;
        options.limits.body_bytes_max =
            static_cast<std::size_t>(settings_.integer("http.body_kib_max")) * 1024;
        options.limits.connections_max = static_cast<std::size_t>(settings_.integer("http.connections_max"));
        options.always = web::security_fields(site_.options);
        options.on_mistake = [&log = process_.log()](const http::Request& request, std::string_view what) {
            log.error("http", what, {{"route", request.route}, {"trace", request.trace.id_hex()}});
        };
        TRY(options.tls, tls_from(settings_));
        if (options.tls) {
            for (const auto& warning : options.tls->warnings())
                process_.log().warning("tls", warning);
        }
        return options;
    }

    void follow_events() {
        process_.repeat("events of tweets", events_pause,
                        [this](const Call& call) { return hub_.follow_tweets(call); });
        process_.repeat("events of notifications", events_pause,
                        [this](const Call& call) { return hub_.follow_notifications(call); });
        process_.repeat("events of messages", events_pause,
                        [this](const Call& call) { return hub_.follow_messages(call); });
    }

    void count_pages() {
        gauge(process_, "pages_limit", "Pages and operations that may be under way at once.",
              [this] { return limit_.view().limit; });
        gauge(process_, "pages_in_flight", "Pages and operations under way.",
              [this] { return limit_.view().users; });
        gauge(process_, "pages_shed_total",
              "Pages and operations that were refused, as too many were under way.",
              [this] { return limit_.view().shed_users; });
    }

    void count_lines() {
        gauge(process_, "log_lines_sent_total", "Lines that log-analytics has taken.",
              [this] { return delivery_->counts().sent.load(); });
        gauge(process_, "log_lines_spooled_total", "Lines that had to wait on the disk.",
              [this] { return delivery_->counts().spooled.load(); });
        gauge(process_, "log_lines_refused_total", "Lines that log-analytics refused for good.",
              [this] { return delivery_->counts().refused.load(); });
        gauge(process_, "log_lines_dropped_total", "Lines lost as queue and spool were full.",
              [this] { return events_.dropped(); });
        gauge(process_, "log_queue_lines", "Lines in memory on their way to log-analytics.",
              [this] { return events_.count(); });
        gauge(process_, "log_spool_bytes", "Lines on disk on their way to log-analytics.",
              [this] { return delivery_->spool_bytes(); });
    }

    place::Process& process_;
    const place::Settings& settings_;
    fiber::ListeningSocket* pages_;
    fiber::Address at_;
    http::Assets assets_;
    web::Templates templates_;
    web::Stats stats_;
    web::Events events_;
    web::Analytics analytics_;
    std::optional<web::github::Provider> github_;
    std::optional<SpoolFolder> spool_;  // when there is a log service
    web::Trends trends_;
    guard::SteadyTime time_;
    guard::ServerLimit limit_{{.gradient = pages_at_once}, time_};
    web::Hub hub_;
    std::optional<web::Delivery> delivery_;
    web::Site site_;
    http::Router router_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY(auto outside, Outside::from(ground.settings));
    std::optional<SpoolFolder> spool;
    if (outside.log_service) {
        TRY(spool, SpoolFolder::take(ground.settings.text("data")));
    }
    TRY(auto at, fiber::Address::from(ground.settings.text("listen")));
    if (ground.pages != nullptr) at = ground.pages->address();
    return std::make_unique<WebPart>(ground, at, std::move(outside), std::move(spool));
}

}  // namespace

const Module& web_module() {
    static const Module module{.name = "web", .service = "", .make = make};
    return module;
}

}  // namespace jebi::app
