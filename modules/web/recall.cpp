#include "modules/web/recall.h"

#include <algorithm>
#include <array>
#include <functional>

namespace jebi::web {

namespace {

constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // spreads ids evenly (Knuth, TAOCP 6.4)

std::uint64_t hash_of(std::string_view name) {
    return std::hash<std::string_view>{}(name);
}

bool is_younger(Deadline at, Millis age, Deadline now) {
    return at != Deadline{} && now - at < age;
}

}  // namespace

Recall::Recall() : people_(people_max), names_(people_max), pairs_(pairs_max) {}

void Recall::keep(std::span<const accounts::User> users, Deadline asked) {
    const std::lock_guard lock{people_mutex_};
    for (const accounts::User& user : users) {
        const Known* const known = people_.find(user.id());
        if (known != nullptr && known->at > asked) continue;
        people_.put(user.id(), {.at = asked, .user = user});
        names_.put(hash_of(user.username()), user.id());
    }
}

void Recall::forget(std::uint64_t user) {
    const std::lock_guard lock{people_mutex_};
    if (Known* const known = people_.find(user)) *known = {};
}

const accounts::User* Recall::known(std::uint64_t id, Millis age_max, Deadline now) const {
    const Known* const known = people_.find(id);
    return known != nullptr && is_younger(known->at, age_max, now) ? &known->user : nullptr;
}

const accounts::User* Recall::known(std::string_view username, Millis age_max, Deadline now) const {
    const std::uint64_t* const id = names_.find(hash_of(username));
    const accounts::User* const user = id == nullptr ? nullptr : known(*id, age_max, now);
    return user != nullptr && user->username() == username ? user : nullptr;
}

std::optional<accounts::User> Recall::user(std::uint64_t id, Deadline now) const {
    const std::lock_guard lock{people_mutex_};
    const accounts::User* user = known(id, kept, now);
    return user == nullptr ? std::nullopt : std::optional(*user);
}

std::optional<accounts::User> Recall::user_named(std::string_view username, Deadline now) const {
    const std::lock_guard lock{people_mutex_};
    const accounts::User* user = known(username, kept, now);
    return user == nullptr ? std::nullopt : std::optional(*user);
}

template <typename Key>
std::vector<Key> Recall::not_fresh_of(std::span<const Key> keys, Deadline now,
                                      std::vector<accounts::User>& users) const {
    std::vector<Key> others;
    const std::lock_guard lock{people_mutex_};
    for (const Key& key : keys) {
        if (const accounts::User* user = known(key, fresh, now)) {
            users.push_back(*user);
        } else {
            others.push_back(key);
        }
    }
    return others;
}

std::vector<std::uint64_t> Recall::not_fresh(std::span<const std::uint64_t> ids, Deadline now,
                                             std::vector<accounts::User>& known) const {
    return not_fresh_of(ids, now, known);
}

std::vector<std::string> Recall::not_fresh(std::span<const std::string> usernames, Deadline now,
                                           std::vector<accounts::User>& known) const {
    return not_fresh_of(usernames, now, known);
}

void Recall::keep_hidden(UserId reader, std::span<const std::uint64_t> ids,
                         std::span<const std::uint64_t> hidden, Hiding hiding, Deadline now) {
    const std::lock_guard lock{pairs_mutex_};
    for (const std::uint64_t id : ids) {
        Pair& pair = pairs_[place_of_pair(reader.value, id)];
        const bool is_same =
            pair.reader == reader.value && pair.other == id && is_younger(pair.at, kept, now);
        if (!is_same) pair = {.reader = reader.value, .other = id};
        tell(pair, hiding, std::ranges::binary_search(hidden, id));
        pair.at = now;
    }
}

std::optional<bool> Recall::was_hidden(UserId reader, std::uint64_t id, Hiding hiding, Deadline now) const {
    const std::lock_guard lock{pairs_mutex_};
    const Pair& pair = pairs_[place_of_pair(reader.value, id)];
    if (pair.reader != reader.value || pair.other != id || !is_younger(pair.at, kept, now))
        return std::nullopt;
    const Told told = hiding == Hiding::blocks ? pair.by_blocks : pair.by_both;
    if (told == Told::nothing) return std::nullopt;
    return told == Told::hidden;
}

// Lists first: who is muted there may be seen elsewhere.
void Recall::keep_relationship(UserId reader, const follows::Relationship& now_is, Deadline now) {
    const std::array ids{now_is.user_id()};
    const std::span<const std::uint64_t> other{ids};
    const std::span<const std::uint64_t> nobody;
    const bool is_blocked = now_is.blocking() || now_is.blocked_by();
    keep_hidden(reader, ids, is_blocked || now_is.muting() ? other : nobody, Hiding::blocks_and_mutes, now);
    keep_hidden(reader, ids, is_blocked ? other : nobody, Hiding::blocks, now);
    const std::lock_guard lock{pairs_mutex_};
    pairs_[place_of_pair(now_is.user_id(), reader.value)] = {};
}

// Who is not even muted is not blocked, and who is blocked is hidden everywhere. Whether somebody who is
// hidden from lists is muted or blocked is not known.
void Recall::tell(Pair& pair, Hiding hiding, bool hidden) {
    if (hiding == Hiding::blocks) {
        pair.by_blocks = hidden ? Told::hidden : Told::seen;
        if (hidden) pair.by_both = Told::hidden;
    } else {
        pair.by_both = hidden ? Told::hidden : Told::seen;
        if (!hidden) pair.by_blocks = Told::seen;
        if (hidden && pair.by_blocks == Told::seen) pair.by_blocks = Told::nothing;
    }
}

std::size_t Recall::place_of_pair(std::uint64_t reader, std::uint64_t other) {
    return (((reader * golden_ratio) ^ other) * golden_ratio >> 32) % pairs_max;
}

}  // namespace jebi::web
