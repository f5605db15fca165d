#include <algorithm>
#include <cassert>

#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;
using sql::Expect;
using sql::value;
using sql::Value;

constexpr std::size_t tries_at_once_max = 2;

// $2 now, $3 when failures from now on are forgotten, $4 free, $5 first delay, $6 longest delay, $7 now and
// the longest delay: one that ends later was made while the clock was wrong, and does not count. Without a
// delay the first failure decides when all are forgotten, so that a trickle of them never adds up.
#define NEXT_DELAY                                                                            \
    "CASE WHEN accounts_tries.forgotten_ms <= $2 OR accounts_tries.failures + 1 < $4 THEN 0 " \
    "WHEN accounts_tries.delay_ms = 0 THEN $5 WHEN accounts_tries.delay_ms * 2 > $6 THEN $6 " \
    "ELSE accounts_tries.delay_ms * 2 END"
constexpr std::string_view count_one_more =
    "INSERT INTO accounts_tries (try_key, failures, delay_ms, refused_until_ms, forgotten_ms) "
    "VALUES ($1, 1, 0, 0, $3) ON CONFLICT (try_key) DO UPDATE SET "
    "failures = CASE WHEN accounts_tries.forgotten_ms <= $2 THEN 1 ELSE accounts_tries.failures + 1 END, "
    "delay_ms = " NEXT_DELAY ", refused_until_ms = $2 + " NEXT_DELAY
    ", forgotten_ms = CASE WHEN accounts_tries.forgotten_ms > $2 AND accounts_tries.failures + 1 < $4 "
    "THEN accounts_tries.forgotten_ms ELSE $3 + " NEXT_DELAY
    " END WHERE accounts_tries.refused_until_ms <= $2 OR accounts_tries.refused_until_ms > $7 RETURNING "
    "failures";
#undef NEXT_DELAY

Error delayed() {
    return error(Code::exhausted, "Please wait a little before the next try.")
        .because(std::string(try_delayed));
}

// A few that are over; more than one batch adds.
void add_sweep_of_tries(Batch& batch, WallMs now_ms) {
    batch.add(
        {"DELETE FROM accounts_tries WHERE try_key IN (SELECT try_key FROM accounts_tries "
         "WHERE forgotten_ms <= $1 ORDER BY forgotten_ms LIMIT 8)",
         {now_ms}});
}

void add_sweep_of_keys(Batch& batch, const Key& key, WallMs made_before_ms) {
    batch.add({"DELETE FROM accounts_keys WHERE user_id = $1 AND idempotency_key = $2 AND made_ms <= $3",
               {value(key.user), key.key, made_before_ms}});
    batch.add(
        {"DELETE FROM accounts_keys WHERE (user_id, idempotency_key) IN (SELECT user_id, idempotency_key "
         "FROM accounts_keys WHERE made_ms <= $1 ORDER BY made_ms LIMIT 8)",
         {made_before_ms}});
}

}  // namespace

void add_key(Batch& batch, const Key& key, UserId subject, WallMs now_ms) {
    if (key.key.empty()) return;
    add_sweep_of_keys(batch, key, now_ms - keys_kept.count());
    batch.add(
        {"INSERT INTO accounts_keys (user_id, idempotency_key, digest, subject_id, made_ms) "
         "VALUES ($1, $2, $3, $4, $5)",
         {value(key.user), key.key, key.digest, value(subject), now_ms},
         Expect::a_row,
         error(Code::conflict, "This was sent before.").because(std::string(key_seen))});
}

// An address's delay shrinks as it grew; whoever guesses beside signing in to an account of their own still
// waits before each guess.
void add_taken_back(Batch& batch, const std::vector<Try>& tries) {
    for (const Try& one : tries) {
        if (one.clears) {
            batch.add({"DELETE FROM accounts_tries WHERE try_key = $1", {one.key}});
        } else {
            batch.add(
                {"UPDATE accounts_tries SET failures = failures - 1, delay_ms = delay_ms / 2, "
                 "refused_until_ms = 0 "
                 "WHERE try_key = $1 AND failures > 0",
                 {one.key}});
        }
    }
}

Result<std::optional<KeptKey>> Store::key(const Call& call, UserId user, const std::string& key,
                                          WallMs now_ms) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT digest, subject_id FROM accounts_keys "
                                    "WHERE user_id = $1 AND idempotency_key = $2 AND made_ms > $3",
                                    {value(user), key, now_ms - keys_kept.count()}));
    if (rows.empty()) return std::optional<KeptKey>{};
    return KeptKey{.digest = rows[0].text(0), .subject = UserId{rows[0].id(1)}};
}

Result<Millis> Store::delay(const Call& call, const std::vector<Try>& tries, WallMs now_ms) {
    assert(tries.size() <= tries_at_once_max);
    if (tries.empty()) return Millis{0};
    Millis longest{0};
    for (const Try& one : tries)
        longest = std::max(longest, one.limit.delay_max);
    TRY(const auto rows, room_.read(call,
                                    "SELECT COALESCE(MAX(refused_until_ms), 0) FROM accounts_tries "
                                    "WHERE try_key IN ($1, $2) AND refused_until_ms <= $3",
                                    {tries.front().key, tries.back().key, now_ms + longest.count()}));
    return std::max(Millis{0}, Millis{rows[0].integer(0) - now_ms});
}

Result<void> Store::count_tries(const Call& call, const std::vector<Try>& tries, WallMs now_ms) {
    if (tries.empty()) return {};
    Batch batch;
    add_sweep_of_tries(batch, now_ms);
    for (const Try& one : tries) {
        const TryLimit& limit = one.limit;
        batch.add({count_one_more,
                   {one.key, now_ms, now_ms + limit.memory.count(), limit.free, limit.delay_first.count(),
                    limit.delay_max.count(), now_ms + limit.delay_max.count()},
                   Expect::a_row,
                   delayed()});
    }
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::take_back_tries(const Call& call, const std::vector<Try>& tries) {
    if (tries.empty()) return {};
    Batch batch;
    add_taken_back(batch, tries);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

}  // namespace jebi::accounts
