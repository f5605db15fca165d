// Making all homes again: the part of the builder that is needed when what is kept cannot be trusted.
//
// First everything is thrown away, completeness before the rest, so that homes are read from the authors'
// lists. Then the positions move to the events that were the last ones when it began, and people are filled
// page by page, while events are followed again.
#include "modules/timelines/builder.h"

namespace jebi::timelines {

namespace {

constexpr std::uint32_t people_a_page = 100;

}  // namespace

Result<void> Builder::begin_rebuild(const Call& call) {
    using enum Rebuild::Phase;
    TRY(const Rebuild before, store_.rebuild(call));
    if (before.phase == clearing || before.phase == filling) return {};
    TRY(const auto of_accounts, accounts_.last_event(call, {}));
    TRY(const auto of_follows, follows_.last_event(call, {}));
    TRY(const auto of_tweets, tweets_.last_event(call, {}));
    sql::Batch batch;
    store_.put(batch, {.phase = clearing,
                       .accounts_sequence = of_accounts.sequence(),
                       .follows_sequence = of_follows.sequence(),
                       .tweets_sequence = of_tweets.sequence()});
    return store_.commit(call, std::move(batch));
}

Result<std::size_t> Builder::rebuild_step(const Call& call, Rebuild rebuild) {
    if (rebuild.phase == Rebuild::Phase::clearing) return clear(call, rebuild);
    if (rebuild.phase == Rebuild::Phase::filling) return fill_page(call, rebuild);
    return 0;
}

Result<std::size_t> Builder::clear(const Call& call, Rebuild rebuild) {
    TRY(const std::size_t cleared, store_.clear_some(call));
    if (cleared > 0) return cleared;
    sql::Batch batch;
    store_.move(batch, "accounts", rebuild.accounts_sequence);
    store_.move(batch, "follows", rebuild.follows_sequence);
    store_.move(batch, "tweets", rebuild.tweets_sequence);
    rebuild.phase = Rebuild::Phase::filling;
    store_.put(batch, rebuild);
    TRY_VOID(store_.commit(call, std::move(batch)));
    return 1;
}

Result<std::size_t> Builder::fill_page(const Call& call, Rebuild rebuild) {
    accounts::UsersRequest request;
    request.set_page(rebuild.page);
    request.set_size(people_a_page);
    TRY(const auto people, accounts_.users(call, request));
    for (const accounts::User& user : people.users()) {
        TRY(const Owner owner, store_.owner(call, UserId{user.id()}));
        if (owner.complete) continue;
        sql::Batch batch;
        TRY(const std::size_t entries, filler_.fill(call, UserId{user.id()}, batch));
        rebuild.people += 1;
        rebuild.entries += entries;
        store_.put(batch, rebuild);
        TRY_VOID(store_.commit(call, std::move(batch)));
    }
    rebuild.page += 1;
    if (people.users().empty()) rebuild.phase = Rebuild::Phase::done;
    sql::Batch batch;
    store_.put(batch, rebuild);
    TRY_VOID(store_.commit(call, std::move(batch)));
    return 1;
}

}  // namespace jebi::timelines
