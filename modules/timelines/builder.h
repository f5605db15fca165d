// Follows the events of tweets, follows and accounts, and makes homes of them.
//
// One builder does one thing after the other, each from what the other modules say at that moment. So it does
// not matter how the three sequences of events interleave: what a list did not show yet comes as an event
// later, and what it showed too early is undone by one. In short: an author's tweets are in the homes of
// those who follow them, unless an event that says otherwise has not been handled yet.
//
// Every change may be repeated, and a position moves with the last of its event's changes. So an event that
// was handled in part is handled again, and its effect is there once.
#pragma once

#include <atomic>

#include "modules/accounts/accounts.jebi.h"
#include "modules/timelines/filler.h"

namespace jebi::timelines {

class Changes;

class Builder {
public:
    Builder(accounts::Accounts& accounts, follows::Follows& follows, tweets::Tweets& tweets, Store& store,
            const Clock& clock, const Options& options = {})
        : accounts_(accounts),
          follows_(follows),
          tweets_(tweets),
          store_(store),
          clock_(clock),
          options_(options),
          filler_(tweets, follows, store, options) {}

    // Handles what has happened, and goes on with a rebuild that was begun, until nothing is left or half of
    // the call's time has passed; how many events and steps. One fiber at a time.
    Result<std::size_t> run(const Call& call);

    // Begins to make everything again, or leaves alone the rebuild that goes on: run() does it step by step,
    // over restarts too. Whoever is not reached, as others leave while the people are counted, is read from
    // the authors' lists until they follow somebody.
    Result<void> begin_rebuild(const Call& call);

    // For /metrics. How far behind the tweets' events this is; thread-safe.
    struct Lag {
        std::uint64_t events = 0;
        std::uint64_t ms = 0;
    };
    Lag lag() const { return {lag_events_, lag_ms_}; }

private:
    using Owners = std::vector<std::uint64_t>;
    class Audiences;
    Result<std::size_t> round(const Call& call);
    Result<std::size_t> follow_accounts(const Call& call);
    Result<std::size_t> follow_follows(const Call& call);
    Result<std::size_t> follow_tweets(const Call& call);
    Result<void> handle(const Call& call, const follows::Event& event, Changes& changes);
    Result<void> handle(const Call& call, const tweets::Event& event, Changes& changes, Audiences& audiences);
    Result<void> fan_out(const Call& call, const Entry& entry, const Owners& owners, Changes& changes);
    Result<void> take_out(const Call& call, const tweets::TweetDeleted& deleted, const Owners& owners,
                          Changes& changes);
    Result<void> look_at_lag(const Call& call);

    Result<std::size_t> rebuild_step(const Call& call, Rebuild rebuild);
    Result<std::size_t> clear(const Call& call, Rebuild rebuild);
    Result<std::size_t> fill_page(const Call& call, Rebuild rebuild);

    accounts::Accounts& accounts_;
    follows::Follows& follows_;
    tweets::Tweets& tweets_;
    Store& store_;
    const Clock& clock_;
    Options options_;
    Filler filler_;
    std::atomic<std::uint64_t> lag_events_{0};
    std::atomic<std::uint64_t> lag_ms_{0};
};

}  // namespace jebi::timelines
