// The pages with all that stands behind them, in one test: a database of its own, real services, no sockets.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "kit/base/crypto.h"
#include "kit/sql/sqlite.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/messages/messages_schema.h"
#include "modules/messages/service.h"
#include "modules/notifications/notifications_schema.h"
#include "modules/notifications/service.h"
#include "modules/notifications/teller.h"
#include "modules/search/search_schema.h"
#include "modules/search/service.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"
#include "modules/web/api/api.h"
#include "modules/web/hub.h"
#include "modules/web/mastodon/mastodon.h"
#include "modules/web/stats.h"
#include "modules/web/transfer/transfer.h"
#include "modules/web/visits/analytics.h"
#include "modules/web/web.h"
#include "modules/web/web_assets.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace jebi::test {

using Answer = http::Response;

// A module's events for the hub's jobs, which end when there is nothing new, instead of waiting.
template <typename Module, typename Absent, typename Empty, typename Last, typename Request, typename Reply>
class Impatient final : public Absent {
public:
    explicit Impatient(Module& real) : real_(real) {}
    Result<Last> last_event(const Call& call, const Empty& request) override {
        return real_.last_event(call, request);
    }
    Result<Reply> events(const Call& call, const Request& request) override {
        Request now = request;
        now.set_wait_ms(0);
        auto reply = real_.events(call, now);
        if (reply && reply->events_size() == 0) return fail(Code::unavailable, "Nothing is new.");
        return reply;
    }

private:
    Module& real_;
};
using ImpatientTweets = Impatient<tweets::Tweets, tweets::TweetsAbsent, tweets::Empty, tweets::LastEventReply,
                                  tweets::EventsRequest, tweets::EventsReply>;
using ImpatientMessages = Impatient<messages::Messages, messages::MessagesAbsent, messages::Empty,
                                    messages::LastEventReply, messages::EventsRequest, messages::EventsReply>;

using ImpatientNotifications =
    Impatient<notifications::Notifications, notifications::NotificationsAbsent, notifications::Empty,
              notifications::LastEventReply, notifications::EventsRequest, notifications::EventsReply>;

struct Twitter {
    explicit Twitter(web::SiteOptions options = {}, tweets::Tweets* other_tweets = nullptr,
                     const std::optional<web::LogServiceOptions>& log_service = std::nullopt)
        : analytics(log_service),
          site{accounts,  follows,       other_tweets != nullptr ? *other_tweets : tweets,
               timelines, notifications, messages,
               search,    templates,     assets,
               clock,     stats,         events,
               analytics, hub,           std::move(options)} {
        REQUIRE(start_crypto());
        REQUIRE(database->room("accounts").migrate(accounts::schema_files()));
        REQUIRE(database->room("tweets").migrate(tweets::schema_files()));
        REQUIRE(database->room("follows").migrate(follows::schema_files()));
        REQUIRE(database->room("timelines").migrate(timelines::schema_files()));
        REQUIRE(database->room("search").migrate(search::schema_files()));
        REQUIRE(database->room("notifications").migrate(notifications::schema_files()));
        REQUIRE(database->room("messages").migrate(messages::schema_files()));
        const auto failed = [this](const http::Request&, const Error& error) { failures.push_back(error); };
        web::bind(router, site, failed);
        web::transfer::bind(router, site, failed);
        std::vector<web::api::Operation> operations = web::api::operations();
        std::ranges::move(web::mastodon::operations(), std::back_inserter(operations));
        web::api::bind(router, site, std::move(operations), failed);
        web::mastodon::bind(router, site, failed);
    }
    ~Twitter() {
        database.reset();
        std::filesystem::remove_all(folder);
    }
    Twitter(const Twitter&) = delete;

    // What the background jobs do, until nothing is left to do.
    void settle() {
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

    // Tells those who listen what has happened since the last time.
    void tell() {
        const Call call{.until = in(Millis{10'000})};
        static_cast<void>(hub.follow_tweets(call));
        static_cast<void>(hub.follow_notifications(call));
        static_cast<void>(hub.follow_messages(call));
    }

    static accounts::ServiceOptions quick_passwords() {
        accounts::ServiceOptions options;
        options.password_cost = {.memory_bytes = 8 * 1024, .passes = 1};
        return options;
    }

    std::string folder = [] {
        std::string name = "/tmp/jebi-pages-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::unique_ptr<sql::Database> database = sql::open_sqlite({.file = folder + "/jebi.db"}).value();
    SystemClock clock;
    IdGenerator ids{clock, 1};
    accounts::Service accounts{database->room("accounts"), ids, clock, quick_passwords()};
    tweets::Store tweets_store{database->room("tweets")};
    follows::Store follows_store{database->room("follows")};
    follows::Service follows{follows_store, ids, clock};
    tweets::Service tweets{tweets_store, follows, ids, clock};
    timelines::Store timelines_store{database->room("timelines")};
    timelines::Builder builder{accounts, follows, tweets, timelines_store, clock};
    timelines::Service timelines{tweets, follows, timelines_store, builder};
    notifications::Store notifications_store{database->room("notifications")};
    rpc::EventSource notifications_told;
    notifications::Teller teller{{accounts, follows, tweets}, notifications_store, ids, notifications_told};
    notifications::Service notifications{notifications_store, notifications_told, clock};
    messages::Store messages_store{database->room("messages")};
    messages::Service messages{messages_store, accounts, follows, ids, clock};
    search::Store search_store{database->room("search")};
    search::Indexer indexer{accounts, tweets, search_store, clock};
    search::Service search{search_store, indexer};
    web::Templates templates{web::page_files(), web::word_files(), ""};
    http::Assets assets{web::asset_files(), ""};
    web::Stats stats;
    web::Events events{web::Events::Bounds{}};
    web::Analytics analytics;
    ImpatientTweets news_of_tweets{tweets};
    ImpatientNotifications news_of_notifications{notifications};
    ImpatientMessages news_of_messages{messages};
    web::Hub hub{news_of_tweets, follows, news_of_notifications, news_of_messages};
    web::Site site;
    http::Router router;
    std::vector<Error> failures;
};

// A browser: keeps cookies, finds the token of a page's form.
class Browser {
public:
    explicit Browser(Twitter& twitter) : Browser(twitter.router) {}
    explicit Browser(http::Router& router) : router_(router) {}

    Answer get(const std::string& path) { return send(http::Method::get, path, ""); }
    Answer post(const std::string& path, const std::vector<std::pair<std::string, std::string>>& form) {
        std::string body;
        for (const auto& [name, value] : form)
            body += (body.empty() ? "" : "&") + name + "=" + http::percent_encoded(value);
        return send(http::Method::post, path, body);
    }
    // With the token of that page, and followed to where it leads.
    Answer submit(const std::string& page, const std::string& path,
                  std::vector<std::pair<std::string, std::string>> form) {
        form.emplace_back("csrf", token(get(page)));
        return post(path, form);
    }
    Answer sign_up(const std::string& username) {
        return submit("/signup", "/users",
                      {{"username", username},
                       {"email", username + "@example.org"},
                       {"password", "a long enough one"},
                       {"display_name", username}});
    }
    // The id of the newest tweet on home.
    std::string newest() {
        std::smatch found;
        const std::string body = get("/").body;
        REQUIRE(std::regex_search(body, found, std::regex{"id=\"t([0-9]+)\""}));
        return found[1];
    }
    static std::string token(const Answer& page) {
        std::smatch found;
        REQUIRE(std::regex_search(page.body, found, std::regex{"name=\"csrf\" value=\"([^\"]+)\""}));
        return found[1];
    }

    Answer send(http::Method method, const std::string& target, const std::string& body) {
        const auto question = target.find('?');
        http::Request request;
        request.method = method;
        request.path = std::string_view(target).substr(0, question);
        request.query = question == std::string::npos ? "" : std::string_view(target).substr(question + 1);
        request.body = body;
        request.peer = "127.0.0.1";
        request.trace = Trace::start();
        request.until = in(Millis{10'000});
        std::string all;
        for (const auto& [name, value] : cookies)
            all.append(all.empty() ? "" : "; ").append(name).append("=").append(value);
        request.fields.add("Host", host);
        if (!all.empty()) request.fields.add("Cookie", all);
        for (const auto& [name, value] : fields)
            request.fields.add(name, value);
        Answer answer = router_.answer(request);
        last_trace = request.trace.id_hex();
        keep_cookies(answer);
        return answer;
    }

    std::map<std::string, std::string> cookies;
    std::vector<std::pair<std::string, std::string>> fields;  // sent with each request
    std::string host = "jebi.example";
    std::string last_trace;

private:
    void keep_cookies(const Answer& answer) {
        for (const auto& [name, value] : answer.fields.list) {
            if (name != "Set-Cookie") continue;
            const auto equals = value.find('=');
            const std::string kept = value.substr(equals + 1, value.find(';') - equals - 1);
            if (value.find("Max-Age=0") != std::string::npos) {
                cookies.erase(value.substr(0, equals));
            } else {
                cookies[value.substr(0, equals)] = kept;
            }
        }
    }
    http::Router& router_;
};

// A member's browser, and what they do in it.
class Member : public Browser {
public:
    Member(Twitter& twitter, const std::string& name) : Member(twitter.router, name) {}
    Member(http::Router& router, const std::string& name) : Browser(router) {
        REQUIRE(sign_up(name).status == 303);
    }

    // The new tweet's id.
    std::string write(const std::string& text) {
        REQUIRE(submit("/", "/tweets", {{"text", text}}).status == 303);
        return newest();
    }
    std::string reply(const std::string& to, const std::string& text) {
        const Answer answer = submit("/tweets/" + to, "/tweets/" + to + "/comments", {{"text", text}});
        REQUIRE(answer.status == 303);
        const std::string leads_to{answer.fields.get("Location").value_or("")};
        return leads_to.substr(leads_to.find("#t") + 2);
    }
    // A button that sets, or unsets.
    Answer press(const std::string& path, bool set = true) {
        return submit("/", path, {{"_method", set ? "POST" : "DELETE"}});
    }
};

inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
inline std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}
inline std::string location(const Answer& answer) {
    return std::string(answer.fields.get("Location").value_or(""));
}

}  // namespace jebi::test
