#include "modules/notifications/teller.h"

#include <algorithm>

#include "kit/rpc/follow_events.h"

namespace jebi::notifications {

namespace {

constexpr std::string_view accounts_source = "accounts";
constexpr std::string_view follows_source = "follows";
constexpr std::string_view tweets_source = "tweets";

template <typename Event, typename Reply>
std::vector<const Event*> pointers(const Reply& reply) {
    std::vector<const Event*> events;
    for (const Event& event : reply.events())
        events.push_back(&event);
    return events;
}

template <typename Request>
Request events_after(std::uint64_t position) {
    Request request;
    request.set_after(position);
    request.set_limit(Teller::events_at_once);
    return request;
}

// As many of the first events as mention no more names than are asked at once, one at least.
std::size_t round_length(std::span<const tweets::Event* const> events, std::vector<std::string>& names) {
    std::size_t count = 0;
    for (const tweets::Event* const event : events) {
        const auto more = names_in(*event);
        if (count > 0 && names.size() + more.size() > Teller::names_at_once_max) break;
        names.insert(names.end(), more.begin(), more.end());
        ++count;
    }
    names.resize(std::min(names.size(), Teller::names_at_once_max));
    return count;
}

}  // namespace

Result<std::size_t> Teller::run(const Call& call) {
    const Deadline until = std::chrono::steady_clock::now() + left_until(call.until) / 2;
    std::size_t all = 0;
    for (std::size_t some = 1; some > 0 && std::chrono::steady_clock::now() < until; all += some) {
        TRY(const std::size_t of_accounts, follow_accounts(call));
        TRY(const std::size_t of_follows, follow_follows(call));
        TRY(const std::size_t of_tweets, follow_tweets(call));
        some = of_accounts + of_follows + of_tweets;
    }
    return all;
}

Result<std::size_t> Teller::follow_accounts(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, accounts_source));
    return rpc::follow_events(call, sources_.accounts, &accounts::Accounts::events,
                              {.after = position, .limit = events_at_once},
                              [&](const accounts::Event& event) -> Result<void> {
                                  if (event.has_deleted()) {
                                      TRY_VOID(forget(call, UserId{event.deleted().user_id()}));
                                  }
                                  return store_.positions().move(call, accounts_source, event.sequence());
                              });
}

Result<void> Teller::forget(const Call& call, UserId person) {
    TRY_VOID(store_.refuse_person(call, person));
    // Ends: each round removes something, and nothing new comes. The call's time bounds it as well.
    bool more = true;
    while (more) {
        TRY(more, store_.forget_some(call, person, rows_at_once_max));
    }
    return {};
}

Result<std::size_t> Teller::follow_follows(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, follows_source));
    TRY(const auto reply, sources_.follows.events(call, events_after<follows::EventsRequest>(position)));
    const auto events = pointers<follows::Event>(reply);
    if (!events.empty()) {
        TRY_VOID(handle<follows::Event>(call, follows_source, events, {}));
    }
    return events.size();
}

Result<std::size_t> Teller::follow_tweets(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, tweets_source));
    TRY(const auto reply, sources_.tweets.events(call, events_after<tweets::EventsRequest>(position)));
    const auto events = pointers<tweets::Event>(reply);
    for (std::span<const tweets::Event* const> rest{events}; !rest.empty();) {
        std::vector<std::string> names;
        const auto round = rest.first(round_length(rest, names));
        TRY(const Named named, people_named(call, names));
        TRY_VOID(handle<tweets::Event>(call, tweets_source, round, named));
        rest = rest.subspan(round.size());
    }
    return events.size();
}

template <typename Event>
Result<void> Teller::handle(const Call& call, std::string_view source, std::span<const Event* const> round,
                            const Named& named) {
    std::vector<StoredNotification> all;
    for (const Event* const event : round)
        std::ranges::move(told_by(*event, named), std::back_inserter(all));
    TRY(const Hidden hidden, hidden_from(call, all));
    Changes changes;
    for (const Event* const event : round) {
        take_back(*event, named, changes);
        for (StoredNotification& one : told_by(*event, named)) {
            if (hidden.at(one.user).contains(one.actor.value)) continue;
            one.id = NotificationId{ids_.next()};
            changes.tell(one);
        }
    }
    TRY(const std::size_t count, store_.apply(call, std::move(changes), source, round.back()->sequence()));
    if (count > 0) told_.tell();
    return {};
}

Result<Named> Teller::people_named(const Call& call, const std::vector<std::string>& names) {
    Named named;
    if (names.empty()) return named;
    accounts::UsersByNamesRequest request;
    for (const std::string& name : names)
        request.add_usernames(name);
    TRY(const auto people, sources_.accounts.users_by_names(call, request));
    for (const accounts::User& person : people.users())
        named.emplace(person.username(), UserId{person.id()});
    return named;
}

Result<Teller::Hidden> Teller::hidden_from(const Call& call, std::span<const StoredNotification> told) {
    std::map<UserId, follows::HiddenRequest> asked;
    for (const StoredNotification& one : told)
        asked[one.user].add_user_ids(one.actor.value);
    Hidden hidden;
    for (auto& [user, request] : asked) {
        request.set_with_mutes(true);
        Call as_user = call;
        as_user.user = user;
        TRY(const auto reply, sources_.follows.hidden(as_user, request));
        hidden[user] = {reply.user_ids().begin(), reply.user_ids().end()};
    }
    return hidden;
}

}  // namespace jebi::notifications
