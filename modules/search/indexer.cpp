#include "modules/search/indexer.h"

#include <algorithm>

#include "kit/base/unicode.h"
#include "kit/rpc/follow_events.h"
#include "modules/search/sealing.h"

namespace jebi::search {

namespace {

constexpr std::string_view accounts_source = "accounts";
constexpr std::string_view tweets_source = "tweets";
constexpr std::uint32_t events_at_once = 500;
constexpr std::uint32_t tweets_a_page = 100;        // of a rebuild
constexpr std::size_t batch_statements_full = 600;  // a tweet with 100 hashtags more still fits in a batch

std::vector<Hashtag> hashtags_of(const tweets::Tweet& tweet) {
    std::vector<Hashtag> hashtags;
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.kind() != tweets::Entity::KIND_HASHTAG) continue;
        const std::string key = folded(entity.value());
        if (key.empty() || std::ranges::find(hashtags, key, &Hashtag::key) != hashtags.end()) continue;
        hashtags.push_back({.key = key, .shown = entity.value(), .tweets = 0});
    }
    return hashtags;
}

void put(const Store& store, sql::Batch& batch, const tweets::Tweet& tweet) {
    if (tweet.repost_of_id() != 0 || tweet.deleted()) return;
    const StoredTweet stored{.id = tweet.id(), .author = tweet.author_id(), .text = normal(tweet.text())};
    store.put(batch, stored, hashtags_of(tweet));
}

void put(const Store& store, sql::Batch& batch, const accounts::User& user) {
    store.put(batch, Person{.id = user.id(),
                            .username = normal(user.username()),
                            .display_name = normal(user.display_name())});
}

}  // namespace

// Changes that wait to be committed together, with the position of the last event among them.
class Indexer::Changes {
public:
    Changes(Store& store, std::string_view source) : store_(store), source_(source) {}

    sql::Batch& batch() { return batch_; }
    Result<void> handled(const Call& call, std::uint64_t sequence) {
        sequence_ = sequence;
        if (batch_.statements.size() < batch_statements_full) return {};
        return commit(call);
    }
    Result<void> commit(const Call& call) {
        if (sequence_ != 0) store_.positions().move(batch_, source_, sequence_);
        sequence_ = 0;
        return store_.commit(call, std::exchange(batch_, {}));
    }

private:
    Store& store_;
    std::string_view source_;
    sql::Batch batch_;
    std::uint64_t sequence_ = 0;
};

Result<std::size_t> Indexer::run(const Call& call) {
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

Result<std::size_t> Indexer::round(const Call& call) {
    TRY(const Rebuild rebuild, store_.rebuild(call));
    if (rebuild.phase == Rebuild::Phase::none) TRY_VOID(begin_rebuild(call));
    TRY(const std::size_t steps, rebuild_step(call, rebuild));
    if (rebuild.phase == Rebuild::Phase::none || rebuild.phase == Rebuild::Phase::clearing) return steps;
    TRY(const std::size_t of_accounts, follow_accounts(call));
    TRY(const std::size_t of_tweets, follow_tweets(call));
    TRY(const std::size_t sealed, seal(call));
    return steps + of_accounts + of_tweets + sealed;
}

Result<std::size_t> Indexer::follow_accounts(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, accounts_source));
    Changes changes{store_, accounts_source};
    TRY(const std::size_t count, rpc::follow_events(call, accounts_, &accounts::Accounts::events,
                                                    {.after = position, .limit = events_at_once},
                                                    [&](const accounts::Event& event) -> Result<void> {
                                                        if (event.has_created())
                                                            put(store_, changes.batch(), event.created());
                                                        if (event.has_changed())
                                                            put(store_, changes.batch(), event.changed());
                                                        if (event.has_deleted())
                                                            store_.remove_person(changes.batch(),
                                                                                 event.deleted().user_id());
                                                        return changes.handled(call, event.sequence());
                                                    }));
    TRY_VOID(changes.commit(call));
    return count;
}

Result<std::size_t> Indexer::follow_tweets(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, tweets_source));
    Changes changes{store_, tweets_source};
    WallMs last_ms = 0;
    TRY(const std::size_t count, rpc::follow_events(call, tweets_, &tweets::Tweets::events,
                                                    {.after = position, .limit = events_at_once},
                                                    [&](const tweets::Event& event) -> Result<void> {
                                                        handle(event, changes.batch());
                                                        last_ms = event.at_ms();
                                                        return changes.handled(call, event.sequence());
                                                    }));
    TRY_VOID(changes.commit(call));
    if (count > 0) lag_ms_ = static_cast<std::uint64_t>(std::max<WallMs>(clock_.wall_ms() - last_ms, 0));
    return count;
}

void Indexer::handle(const tweets::Event& event, sql::Batch& batch) {
    if (event.has_written()) put(store_, batch, event.written());
    if (event.has_edited()) put(store_, batch, event.edited());
    if (event.has_deleted() && event.deleted().repost_of_id() == 0)
        store_.remove_tweet(batch, event.deleted().id());
}

Result<std::size_t> Indexer::seal(const Call& call) {
    TRY(const std::size_t count, store_.recent_count(call));
    if (count < options_.seal_at) return 0;
    TRY(const auto recent, store_.oldest_recent(call, options_.seal_at));
    return search::seal(call, store_, recent, options_.segment_max);
}

Result<void> Indexer::look_at_lag(const Call& call) {
    TRY(const std::uint64_t position, store_.positions().of(call, tweets_source));
    TRY(const auto last, tweets_.last_event(call, {}));
    lag_events_ = last.sequence() - std::min(position, last.sequence());
    if (lag_events_ == 0) lag_ms_ = 0;
    return {};
}

// ---- Making all of it again ----
//
// First everything is thrown away. Then the position in the tweets' events moves to the one that was the last
// when it began, that in the accounts' events to the beginning, since they tell of everybody; and the tweets
// that were there before are filled in from the oldest on, while events are followed again.

Result<void> Indexer::begin_rebuild(const Call& call) {
    using enum Rebuild::Phase;
    TRY(const Rebuild before, store_.rebuild(call));
    if (before.phase == clearing || before.phase == filling) return {};
    TRY(const auto of_accounts, accounts_.last_event(call, {}));
    TRY(const auto of_tweets, tweets_.last_event(call, {}));
    sql::Batch batch;
    store_.put(batch, Rebuild{.phase = clearing,
                              .accounts_sequence = of_accounts.sequence(),
                              .tweets_sequence = of_tweets.sequence()});
    return store_.commit(call, std::move(batch));
}

Result<std::size_t> Indexer::rebuild_step(const Call& call, Rebuild rebuild) {
    if (rebuild.phase == Rebuild::Phase::none) return 1;
    if (rebuild.phase == Rebuild::Phase::clearing) return clear(call, rebuild);
    if (rebuild.phase == Rebuild::Phase::filling) return fill_page(call, rebuild);
    return 0;
}

Result<std::size_t> Indexer::clear(const Call& call, Rebuild rebuild) {
    TRY(const std::size_t cleared, store_.clear_some(call));
    if (cleared > 0) return cleared;
    sql::Batch batch;
    store_.positions().move(batch, accounts_source, 0);
    store_.positions().move(batch, tweets_source, rebuild.tweets_sequence);
    rebuild.phase = Rebuild::Phase::filling;
    store_.put(batch, rebuild);
    TRY_VOID(store_.commit(call, std::move(batch)));
    return 1;
}

Result<std::size_t> Indexer::fill_page(const Call& call, Rebuild rebuild) {
    tweets::AllRequest request;
    request.set_with_replies(true);
    request.mutable_position()->set_newer_than(rebuild.newest_id);
    request.mutable_position()->set_from_oldest(true);
    request.mutable_position()->set_limit(tweets_a_page);
    TRY(const auto page, tweets_.all(call, request));
    sql::Batch batch;
    for (int i = page.tweets_size() - 1; i >= 0; --i) {
        put(store_, batch, page.tweets(i));
        rebuild.newest_id = page.tweets(i).id();
        if (batch.statements.size() < batch_statements_full) continue;
        store_.put(batch, rebuild);
        TRY_VOID(store_.commit(call, std::exchange(batch, {})));
    }
    TRY(const std::uint64_t people_until, store_.positions().of(call, accounts_source));
    if (page.next_cursor() == 0 && people_until >= rebuild.accounts_sequence)
        rebuild.phase = Rebuild::Phase::done;
    store_.put(batch, rebuild);
    TRY_VOID(store_.commit(call, std::move(batch)));
    return 1;
}

}  // namespace jebi::search
