// The faults of one process that act at the moment: set and cleared while it runs, over at their end by
// themselves, and told about.
//
//     chaos::Faults faults(time, [&](Deadline until) { process.database().pretend_full(until); });
//     options.before = chaos::in_front(faults);             // of a server of contracts, or of pages
//     way.make = chaos::faulty(way.make, faults);           // around the channels of kit/guard
//     chaos::bind(process.control(), faults);               // for `jebi chaos`
//
// Which calls a fault hits follows from its seed and the order in which they come.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "kit/chaos/fault.h"
#include "kit/guard/dice.h"
#include "kit/guard/guarded_channel.h"
#include "kit/guard/time.h"
#include "kit/http/message.h"
#include "kit/http/router.h"

namespace jebi::chaos {

inline constexpr std::size_t faults_max = 16;  // at once

struct ActiveFault {
    Fault fault;
    Millis left{};
    std::uint64_t calls = 0;  // that were meant
    std::uint64_t hits = 0;
};

// What happens to one call: it waits, and then nothing or this.
struct Hit {
    Millis delay{0};
    std::optional<Kind> kind;  // error, cut or garbage
    Code code = Code::unavailable;
    std::uint64_t chance = 0;  // for what else is to be decided
    std::uint64_t clears = 0;  // of all faults, before this
};

// Thread-safe. `time` outlives it.
class Faults {
public:
    // `fill_disk` makes the disk of this process full until then, or well again; without one there is none.
    using FillDisk = std::function<void(Deadline until)>;
    explicit Faults(const guard::Time& time, FillDisk fill_disk = {})
        : time_(time), fill_disk_(std::move(fill_disk)) {}
    Faults(const Faults&) = delete;

    // `invalid` for one that check() refuses or that cannot act inside a process (kill, pause); `exhausted`
    // beyond faults_max.
    Result<void> set(const Fault& fault);
    void clear();
    std::vector<ActiveFault> active() const;

    // A call comes, or is to be made. Costs nothing to speak of where no fault acts.
    Hit meet(Side side, std::string_view service);
    // Waits as the hit says, no longer than `until` and than to the next clear(), give or take look_every.
    // False: until `until`.
    bool wait(const Hit& hit, Deadline until) const;
    static constexpr Millis look_every{50};

private:
    struct Acting {
        Fault fault;
        Deadline until;
        guard::Dice dice;
        std::uint64_t calls = 0;
        std::uint64_t hits = 0;

        Acting(const Fault& which, Deadline end) : fault(which), until(end), dice(which.seed) {}
        bool is_meant(Side side, std::string_view service) const;
    };
    void forget_ended() const;

    const guard::Time& time_;
    const FillDisk fill_disk_;
    std::atomic<bool> any_ = false;
    std::atomic<std::uint64_t> clears_ = 0;
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<Acting>> acting_;
};

// What a server answers in place of its handler (http::ServerOptions::before). The health and metrics of a
// process are left alone. A fault of one contract does not hit what is no call of it.
std::function<std::optional<http::Response>(const http::Request&)> in_front(Faults& faults);

// The same channels behind the faults of the calling side: `unavailable` as when the connection was cut,
// `internal` (bad_answer) for garbage. Of the calls that are cut, half have been made.
guard::ChannelMaker faulty(guard::ChannelMaker make, Faults& faults);

// GET /chaos       {"faults": [{..., "left_ms", "calls", "hits"}]}
// POST /chaos      a fault (fault.h); answers the same, or {"message", "reason", "field"}
// DELETE /chaos    none from here on
void bind(http::Router& router, Faults& faults);

}  // namespace jebi::chaos
