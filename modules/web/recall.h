// What other modules said lately: who people are, and who may see whom.
//
// It is for the time when they cannot be asked, and not read while they can, but for one thing: who people
// are is not asked for again within `fresh`. So the new name of somebody is seen by others up to that much
// later; by themselves at once, since every request of theirs tells it.
//
// Nothing here opens a door: a session is not among it, so who has signed out is out at once, and who was
// never read about stays hidden. What was said is forgotten after `kept`, and
// what was known of two people gives way at once to a change between them that this web passes on.
//
// Fixed room: people in an id_table.h; two pairs that meet in one place share it, and the later one stays.
// Thread-safe; locked for microseconds, never across a wait. Times come from the caller.
#pragma once

#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/clock.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/follows/follows.jebi.h"
#include "modules/web/id_table.h"

namespace jebi::web {

class Recall {
public:
    static constexpr Millis kept{600'000};
    static constexpr Millis fresh{1'000};
    static constexpr std::size_t people_max = 8'192;   // some 300 bytes each
    static constexpr std::size_t pairs_max = 131'072;  // 32 bytes each

    // With mutes: is it somebody whom the reader sees in lists for browsing?
    enum class Hiding : std::uint8_t { blocks, blocks_and_mutes };

    Recall();

    // `asked`: when accounts was asked. What was asked for later is not replaced.
    void keep(std::span<const accounts::User> users, Deadline asked);
    void keep(const accounts::User& user, Deadline asked) { keep(std::span{&user, 1}, asked); }
    // Their account is gone.
    void forget(std::uint64_t user);
    std::optional<accounts::User> user(std::uint64_t id, Deadline now) const;
    std::optional<accounts::User> user_named(std::string_view username, Deadline now) const;
    // The ids and names of whom nothing fresh is known; the others are added to `known`.
    std::vector<std::uint64_t> not_fresh(std::span<const std::uint64_t> ids, Deadline now,
                                         std::vector<accounts::User>& known) const;
    std::vector<std::string> not_fresh(std::span<const std::string> usernames, Deadline now,
                                       std::vector<accounts::User>& known) const;

    // The reader was told which of these are hidden (sorted).
    void keep_hidden(UserId reader, std::span<const std::uint64_t> ids, std::span<const std::uint64_t> hidden,
                     Hiding hiding, Deadline now);
    // Was this person hidden from the reader? Nothing: not known.
    std::optional<bool> was_hidden(UserId reader, std::uint64_t id, Hiding hiding, Deadline now) const;
    // What the reader has just changed between the two, as follows has answered; what the other one may see
    // is forgotten.
    void keep_relationship(UserId reader, const follows::Relationship& now_is, Deadline now);

private:
    struct Known {
        Deadline at{};
        accounts::User user{};
    };
    enum class Told : std::uint8_t { nothing, seen, hidden };
    struct Pair {
        std::uint64_t reader = 0;
        std::uint64_t other = 0;
        Deadline at{};
        Told by_blocks = Told::nothing;
        Told by_both = Told::nothing;
    };
    static void tell(Pair& pair, Hiding hiding, bool hidden);
    static std::size_t place_of_pair(std::uint64_t reader, std::uint64_t other);

    // These are called with the lock.
    const accounts::User* known(std::uint64_t id, Millis age_max, Deadline now) const;
    const accounts::User* known(std::string_view username, Millis age_max, Deadline now) const;
    template <typename Key>
    std::vector<Key> not_fresh_of(std::span<const Key> keys, Deadline now,
                                  std::vector<accounts::User>& users) const;

    mutable std::mutex people_mutex_;  // of the next two
    IdTable<Known> people_;
    IdTable<std::uint64_t> names_;  // ids, by the hash of the name
    mutable std::mutex pairs_mutex_;
    std::vector<Pair> pairs_;
};

}  // namespace jebi::web
