// What is to go wrong on purpose, how often, and until when. Every fault has an end.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kit/base/clock.h"
#include "kit/base/result.h"

namespace jebi::chaos {

enum class Kind : std::uint8_t {
    kill,       // the process ends at once, as by kill -9
    pause,      // it stands still for a time (SIGSTOP), and goes on
    slow,       // calls wait before they are begun
    error,      // calls are answered with an error
    cut,        // connections are closed instead of an answer
    garbage,    // what is answered is no answer
    disk_full,  // nothing can be written
};
std::span<const Kind> all_kinds();
std::string_view name(Kind kind);  // "kill", "disk-full"
// `invalid`, with the nearest name, when there is none of that name.
Result<Kind> kind_from(std::string_view name);

// Where the calls are that are meant.
enum class Side : std::uint8_t {
    serving,  // those that a process answers
    calling,  // those that its modules make
};

struct Fault {
    Kind kind = Kind::slow;
    Side side = Side::serving;
    std::string service{};          // "jebi.tweets.v1.Tweets"; empty: every one
    double share = 1;               // of these calls: above 0, at most 1
    Millis delay{0};                // for slow
    Code code = Code::unavailable;  // for error
    Millis lasts{0};
    std::uint64_t seed = 1;  // decides which calls are hit
};

inline constexpr Millis delay_max{60'000};   // at least 1
inline constexpr Millis lasts_max{600'000};  // at least 1
inline constexpr std::size_t service_bytes_max = 200;

// `invalid`: what is out of bounds.
Result<void> check(const Fault& fault);

// {"fault": "slow", "ms": 2000, "for_ms": 10000, "share": 0.5, "seed": 7, "side": "calling",
//  "service": "jebi.tweets.v1.Tweets"}, and "code": "internal" for an error. What has a standard above may be
// left out. `invalid` for what is misspelt or out of bounds.
Result<Fault> fault_from(std::string_view json);
std::string json_of(const Fault& fault);

}  // namespace jebi::chaos
