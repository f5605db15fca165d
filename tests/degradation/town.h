// The whole Twitter clone with a socket between all modules, as where each is a process of its own, and with
// somebody to read: minji, who follows jun, has tweets, answers, likes, notifications and messages.
#pragma once

#include <mutex>

#include "tests/degradation/neighbour.h"
#include "tests/pages/twitter_under_test.h"

namespace jebi::test {

// log-analytics: answers questions about visits, or fails.
class VisitLog {
public:
    explicit VisitLog(fiber::Loops& loops);
    ~VisitLog() { server_->stop(in(Millis{1'000})); }
    VisitLog(const VisitLog&) = delete;

    web::LogServiceOptions options() const { return {.address = server_->address()}; }
    void fail_with(Fault fault);

private:
    http::Response answer(const http::Request& request);

    fiber::Event over();

    std::atomic<Fault> fault_ = Fault::none;
    std::mutex mutex_;
    fiber::Event over_;  // what a slow one waits for
    std::unique_ptr<http::Server> server_;
};

inline constexpr std::array<std::string_view, 8> module_names{
    "accounts", "tweets", "follows", "timelines", "notifications", "messages", "search", "log-analytics"};

class Town {
public:
    Town();
    ~Town();
    Town(const Town&) = delete;

    void fail(std::string_view module, Fault fault);
    Neighbour& neighbour(std::string_view module);
    bool is_failing(std::string_view module) const { return module == failing_; }
    // As if web had just been started: it has heard of nobody yet.
    void forget() { site.recall = std::make_unique<web::Recall>(); }
    // What the background jobs do, until nothing is left to do.
    void settle();

    std::string folder;
    std::unique_ptr<sql::Database> database;
    SystemClock clock;
    IdGenerator ids{clock, 1};
    fiber::Loops loops{2};
    accounts::Service accounts_service;
    Neighbour at_accounts;
    accounts::AccountsClient accounts;
    follows::Store follows_store;
    follows::Service follows_service;
    Neighbour at_follows;
    follows::FollowsClient follows;
    tweets::Store tweets_store;
    tweets::Service tweets_service;
    Neighbour at_tweets;
    tweets::TweetsClient tweets;
    timelines::Store timelines_store;
    timelines::Builder builder;
    timelines::Service timelines_service;
    Neighbour at_timelines;
    timelines::TimelinesClient timelines;
    notifications::Store notifications_store;
    rpc::EventSource notifications_told;
    notifications::Teller teller;
    notifications::Service notifications_service;
    Neighbour at_notifications;
    notifications::NotificationsClient notifications;
    messages::Store messages_store;
    messages::Service messages_service;
    Neighbour at_messages;
    messages::MessagesClient messages;
    search::Store search_store;
    search::Indexer indexer;
    search::Service search_service;
    Neighbour at_search;
    search::SearchClient search;
    VisitLog visit_log;
    web::Templates templates{web::page_files(), web::word_files(), ""};
    http::Assets assets{web::asset_files(), ""};
    web::Stats stats;
    web::Events events{web::Events::Bounds{}};
    web::Analytics analytics;
    web::Hub hub;
    web::Site site;
    http::Router router;

    // Who lives here, and what they have written.
    Member minji, jun;
    Browser visitor;
    std::string juns_tweet, juns_id, minjis_tweet;

private:
    http::Router& bind();
    void live();

    std::string_view failing_;
};

}  // namespace jebi::test
