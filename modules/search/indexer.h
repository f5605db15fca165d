// Follows the events of accounts and tweets, and makes them findable.
//
// A new tweet is kept as it is first, and looked through by every search. When there are `seal_at` of these,
// their grams are added to the last segment; a segment takes `segment_max` tweets, then the next one begins.
// So a gram's postings are a row for each segment, written some tens of times and then never again, and the
// newest tweets can be searched alone. A tweet that is edited is a recent one again; what is kept of the text
// before, and of deleted tweets, is not found since every text is looked at before it is shown, and goes with
// the next rebuild.
//
// Every change may be repeated, and a position moves with the last of its event's changes. So an event that
// was handled in part is handled again, and its effect is there once. The first run makes everything of what
// is there.
#pragma once

#include <atomic>

#include "modules/accounts/accounts.jebi.h"
#include "modules/search/store.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::search {

struct Options {
    std::size_t seal_at = 1'024;       // tweets
    std::size_t segment_max = 16'384;  // tweets
};

class Indexer {
public:
    Indexer(accounts::Accounts& accounts, tweets::Tweets& tweets, Store& store, const Clock& clock,
            const Options& options = {})
        : accounts_(accounts), tweets_(tweets), store_(store), clock_(clock), options_(options) {}

    // Handles what has happened, and goes on with a rebuild that was begun, until nothing is left or half of
    // the call's time has passed; how many events and steps. One fiber at a time.
    Result<std::size_t> run(const Call& call);

    // Begins to make everything again, or leaves alone the rebuild that goes on: run() does it step by step,
    // over restarts too.
    Result<void> begin_rebuild(const Call& call);

    // For /metrics. How far behind the tweets' events this is; thread-safe.
    struct Lag {
        std::uint64_t events = 0;
        std::uint64_t ms = 0;
    };
    Lag lag() const { return {lag_events_, lag_ms_}; }

private:
    class Changes;
    Result<std::size_t> round(const Call& call);
    Result<std::size_t> follow_accounts(const Call& call);
    Result<std::size_t> follow_tweets(const Call& call);
    void handle(const tweets::Event& event, sql::Batch& batch);
    Result<std::size_t> seal(const Call& call);
    Result<void> look_at_lag(const Call& call);

    Result<std::size_t> rebuild_step(const Call& call, Rebuild rebuild);
    Result<std::size_t> clear(const Call& call, Rebuild rebuild);
    Result<std::size_t> fill_page(const Call& call, Rebuild rebuild);

    accounts::Accounts& accounts_;
    tweets::Tweets& tweets_;
    Store& store_;
    const Clock& clock_;
    Options options_;
    std::atomic<std::uint64_t> lag_events_{0};
    std::atomic<std::uint64_t> lag_ms_{0};
};

}  // namespace jebi::search
