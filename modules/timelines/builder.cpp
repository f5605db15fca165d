#include "modules/timelines/builder.h"

#include <algorithm>
#include <unordered_map>

#include "kit/rpc/follow_events.h"
#include "modules/timelines/changes.h"

namespace jebi::timelines {

namespace {

constexpr std::string_view accounts_source = "accounts";
constexpr std::string_view follows_source = "follows";
constexpr std::string_view tweets_source = "tweets";
constexpr std::uint32_t events_at_once = 500;
constexpr std::size_t owners_a_slice = 4'096;          // between looks whether the batch is full
constexpr std::size_t audiences_owners_max = 200'000;  // remembered in one round

// Each entry decides by itself whether its owner is trimmed, so about every 64th does.
bool is_trimmed_with(std::uint64_t owner, std::uint64_t tweet) {
    const std::uint64_t mixed = (owner ^ (tweet * 0x9E3779B97F4A7C15U)) * 0xD6E8FEB86659FD93U;
    return mixed >> 58 == 0;
}

}  // namespace

// Who has an author's tweets in their home, asked once a round.
class Builder::Audiences {
public:
    Audiences(Store& store, Filler& filler) : store_(store), filler_(filler) {}

    Result<const Owners*> of(const Call& call, UserId author, Changes& changes) {
        if (const auto found = owners_.find(author.value); found != owners_.end()) return &found->second;
        TRY(Owners owners, ask(call, author, changes));
        owners.push_back(author.value);
        std::ranges::sort(owners);
        if (count_ > audiences_owners_max) owners_.clear();
        count_ = owners_.empty() ? owners.size() : count_ + owners.size();
        return &owners_.emplace(author.value, std::move(owners)).first->second;
    }

private:
    Result<Owners> ask(const Call& call, UserId author, Changes& changes) {
        TRY(const Owners merged, store_.merged_authors(call, std::span{&author.value, 1}));
        if (!merged.empty()) return Owners{};
        TRY(auto followers, filler_.followers(call, author));
        if (followers) return std::move(*followers);
        TRY_VOID(filler_.merge_from_now(call, author, changes.batch()));
        return Owners{};
    }

    Store& store_;
    Filler& filler_;
    std::unordered_map<std::uint64_t, Owners> owners_;
    std::size_t count_ = 0;
};

Result<std::size_t> Builder::run(const Call& call) {
    const Deadline until = std::chrono::steady_clock::now() + left_until(call.until) / 2;
    std::size_t all = 0;
    while (true) {
        TRY(const std::size_t some, round(call));
        all += some;
        if (some == 0 || std::chrono::steady_clock::now() >= until) break;
    }
    TRY_VOID(look_at_lag(call));
    return all;
}

Result<std::size_t> Builder::round(const Call& call) {
    TRY(const Rebuild rebuild, store_.rebuild(call));
    TRY(const std::size_t steps, rebuild_step(call, rebuild));
    if (rebuild.phase == Rebuild::Phase::clearing) return steps;
    TRY(const std::size_t of_accounts, follow_accounts(call));
    TRY(const std::size_t of_follows, follow_follows(call));
    TRY(const std::size_t of_tweets, follow_tweets(call));
    return steps + of_accounts + of_follows + of_tweets;
}

Result<std::size_t> Builder::follow_accounts(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, accounts_source));
    Changes changes{store_, accounts_source};
    TRY(const std::size_t count,
        rpc::follow_events(call, accounts_, &accounts::Accounts::events,
                           {.after = position, .limit = events_at_once},
                           [&](const accounts::Event& event) -> Result<void> {
                               std::size_t gone = event.has_deleted() ? 1 : 0;
                               while (gone > 0) {
                                   TRY(gone, store_.forget_some(call, UserId{event.deleted().user_id()}));
                               }
                               changes.handled(event.sequence());
                               return {};
                           }));
    TRY_VOID(changes.commit(call));
    return count;
}

Result<std::size_t> Builder::follow_follows(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, follows_source));
    Changes changes{store_, follows_source};
    TRY(const std::size_t count, rpc::follow_events(call, follows_, &follows::Follows::events,
                                                    {.after = position, .limit = events_at_once},
                                                    [&](const follows::Event& event) -> Result<void> {
                                                        TRY_VOID(handle(call, event, changes));
                                                        changes.handled(event.sequence());
                                                        return changes.commit_when_full(call);
                                                    }));
    TRY_VOID(changes.commit(call));
    return count;
}

Result<void> Builder::handle(const Call& call, const follows::Event& event, Changes& changes) {
    const UserId user{event.user_id()};
    const UserId target{event.target_id()};
    switch (event.kind()) {
        case follows::Event::KIND_FOLLOWED:
            TRY_VOID(changes.commit(call));  // what is there is read next
            changes.count(Changes::rows_max);
            return filler_.follow(call, user, target, changes.batch());
        case follows::Event::KIND_UNFOLLOWED:
            store_.remove_author(changes.batch(), user, target);
            break;
        case follows::Event::KIND_BLOCKED:
            store_.hide(changes.batch(), user, target, Why::blocks);
            store_.hide(changes.batch(), target, user, Why::blocked_by);
            break;
        case follows::Event::KIND_UNBLOCKED:
            store_.show(changes.batch(), user, target, Why::blocks);
            store_.show(changes.batch(), target, user, Why::blocked_by);
            break;
        case follows::Event::KIND_MUTED:
            store_.hide(changes.batch(), user, target, Why::muted);
            break;
        case follows::Event::KIND_UNMUTED:
            store_.show(changes.batch(), user, target, Why::muted);
            break;
        default:
            break;  // of a newer version, and no concern of homes
    }
    return {};
}

Result<std::size_t> Builder::follow_tweets(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, tweets_source));
    Changes changes{store_, tweets_source};
    Audiences audiences{store_, filler_};
    WallMs last_ms = 0;
    TRY(const std::size_t count, rpc::follow_events(call, tweets_, &tweets::Tweets::events,
                                                    {.after = position, .limit = events_at_once},
                                                    [&](const tweets::Event& event) -> Result<void> {
                                                        TRY_VOID(handle(call, event, changes, audiences));
                                                        last_ms = event.at_ms();
                                                        changes.handled(event.sequence(), event.at_ms());
                                                        return changes.commit_when_full(call);
                                                    }));
    TRY_VOID(changes.commit(call));
    if (count > 0) lag_ms_ = static_cast<std::uint64_t>(std::max<WallMs>(clock_.wall_ms() - last_ms, 0));
    return count;
}

Result<void> Builder::handle(const Call& call, const tweets::Event& event, Changes& changes,
                             Audiences& audiences) {
    if (event.has_written()) {
        const Entry entry = entry_of(event.written());
        TRY(const Owners* const owners, audiences.of(call, UserId{entry.author}, changes));
        return fan_out(call, entry, *owners, changes);
    }
    if (event.has_deleted()) {
        TRY(const Owners* const owners, audiences.of(call, UserId{event.deleted().author_id()}, changes));
        return take_out(call, event.deleted(), *owners, changes);
    }
    return {};
}

Result<void> Builder::fan_out(const Call& call, const Entry& entry, const Owners& owners, Changes& changes) {
    for (std::span<const std::uint64_t> rest{owners}; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), owners_a_slice));
        store_.add(changes.batch(), entry, some);
        for (const std::uint64_t owner : some) {
            if (is_trimmed_with(owner, entry.tweet))
                store_.trim(changes.batch(), UserId{owner}, options_.kept_max);
        }
        changes.count(some.size());
        TRY_VOID(changes.commit_when_full(call));
        rest = rest.subspan(some.size());
    }
    return {};
}

Result<void> Builder::take_out(const Call& call, const tweets::TweetDeleted& deleted, const Owners& owners,
                               Changes& changes) {
    for (std::span<const std::uint64_t> rest{owners}; !rest.empty();) {
        const auto some = rest.first(std::min(rest.size(), owners_a_slice));
        store_.remove(changes.batch(), deleted.id(), some);
        changes.count(some.size());
        TRY_VOID(changes.commit_when_full(call));
        rest = rest.subspan(some.size());
    }
    return {};
}

Result<void> Builder::look_at_lag(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, tweets_source));
    TRY(const auto last, tweets_.last_event(call, {}));
    lag_events_ = last.sequence() - std::min(position, last.sequence());
    if (lag_events_ == 0) lag_ms_ = 0;
    return {};
}

}  // namespace jebi::timelines
