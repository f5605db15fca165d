// Follows the events of tweets, follows and accounts, and makes notifications of them.
//
// Events are taken in small rounds. For each round the mentioned names are asked of the accounts, and whom
// the people who are to be told do not want to see, of the follows; then all of the round happens in one
// transaction with the position behind it, so each event has its effect once. When somebody does not answer,
// the position stays, and the next run tries again.
//
// What a block or a mute said at the moment of telling is not the last word: when it comes later, it comes as
// an event, and takes back what was told.
//
// All three sources are followed by one fiber: ids rise in the order in which notifications appear, so that
// what is newer than the last one read is what has not been seen.
#pragma once

#include <map>
#include <set>
#include <span>

#include "kit/base/ids.h"
#include "kit/rpc/event_source.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/notifications/meaning.h"

namespace jebi::notifications {

// Those that are asked, and outlive the teller.
struct Sources {
    accounts::Accounts& accounts;
    follows::Follows& follows;
    tweets::Tweets& tweets;
};

class Teller {
public:
    // `told` says when there is something new.
    Teller(const Sources& sources, Store& store, IdGenerator& ids, rpc::EventSource& told)
        : sources_(sources), store_(store), ids_(ids), told_(told) {}

    // Handles what has happened, until nothing is left or half of the call's time has passed; how many
    // events. One fiber at a time.
    Result<std::size_t> run(const Call& call);

    static constexpr std::uint32_t events_at_once = 100;
    static constexpr std::size_t names_at_once_max = 100;   // in a round, and of one tweet
    static constexpr std::uint32_t rows_at_once_max = 500;  // removed of a person who left

private:
    // Whom each of those who are to be told does not see.
    using Hidden = std::map<UserId, std::set<std::uint64_t>>;

    Result<std::size_t> follow_accounts(const Call& call);
    Result<std::size_t> follow_follows(const Call& call);
    Result<std::size_t> follow_tweets(const Call& call);
    Result<void> forget(const Call& call, UserId person);
    Result<Named> people_named(const Call& call, const std::vector<std::string>& names);
    Result<Hidden> hidden_from(const Call& call, std::span<const StoredNotification> told);
    template <typename Event>
    Result<void> handle(const Call& call, std::string_view source, std::span<const Event* const> round,
                        const Named& named);

    Sources sources_;
    Store& store_;
    IdGenerator& ids_;
    rpc::EventSource& told_;
};

}  // namespace jebi::notifications
