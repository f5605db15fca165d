// Ids: 64 bits, time-ordered, unique across nodes without asking anybody.
//
// 41 bits milliseconds since 2024-01-01 (until 2093), 10 bits node, 12 bits sequence; the top bit is
// 0, so every id fits a signed 64-bit column. In JSON an id is a decimal string, since JavaScript
// loses integers above 2^53. Sorting by id is sorting by time. (The layout is that of Twitter's
// "Snowflake", 2010.)
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kit/base/clock.h"

namespace jebi {

// An id of one kind of thing: a UserId is no TweetId, and a swapped argument does not compile.
// 0 stands for "none".
template <typename Kind>
struct Id {
    std::uint64_t value = 0;
    explicit operator bool() const { return value != 0; }
    auto operator<=>(const Id&) const = default;
};

using UserId = Id<struct UserKind>;
using SessionId = Id<struct SessionKind>;
using TweetId = Id<struct TweetKind>;

// Decimal digits only, no sign, no leading zero, at most 2^63 - 1; otherwise nothing.
std::optional<std::uint64_t> id_from(std::string_view decimal);

// When the id was made, to the millisecond.
WallMs made_at(std::uint64_t id);

// Lower than any id that was made then or later (by a clock that did not step back), 0 for times before 2024.
std::uint64_t id_before(WallMs time_ms);

// An id as if made then (not before 2024), for what is brought from elsewhere. `chance` picks one of the 2^22
// of that millisecond: another may be there already.
std::uint64_t id_within(WallMs time_ms, std::uint64_t chance);

// Thread-safe, never blocks, never repeats, never goes back: when the clock steps back, or more than
// 4096 ids are asked for in one millisecond, it borrows from the future. `after` is the highest id
// that is already in use (from the database), so a restart with a wrong clock repeats nothing either.
class IdGenerator {
public:
    IdGenerator(const Clock& clock, std::uint16_t node, std::uint64_t after = 0);
    std::uint64_t next();

    static constexpr std::uint16_t node_max = 1023;

private:
    const Clock& clock_;
    std::uint64_t node_;
    // Milliseconds and sequence of the last id, without the node: (ms << 12) | sequence.
    std::atomic<std::uint64_t> last_;
};

}  // namespace jebi
