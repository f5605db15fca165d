// Answering those who follow a module's events: the half that follow_events.h asks. Waits for the next event
// when there is none yet.
//
//     return happened_.answer<EventsReply>(call, request, [&](EventsReply& reply) -> Result<void> {
//         TRY(const auto events, store_.events(call, request.after(), request.limit()));
//         ...
//     });
#pragma once

#include <algorithm>
#include <atomic>

#include "kit/base/call.h"
#include "kit/base/result.h"
#include "kit/fiber/signal.h"

namespace jebi::rpc {

// What every contract says of its Events.
inline constexpr std::uint32_t events_max = 1'000;
inline constexpr std::uint32_t events_wait_ms_max = 5'000;
inline constexpr Millis events_answer_margin{100};  // of the call's time, for the answer after a wait

// Thread-safe.
class EventSource {
public:
    // There is something new. Called after its commit.
    void tell() { happened_.tell(); }

    // Those who wait are answered at once, now and from now on: for the end of the process.
    void end_waits() {
        ended_ = true;
        happened_.tell();
    }

    // `read` fills the reply with what has happened after `request.after()`. `invalid` (out_of_range) for a
    // limit or a wait beyond the bounds above.
    template <typename Reply, typename Request, typename Read>
    Result<Reply> answer(const Call& call, const Request& request, Read read) const {
        TRY_VOID(check(request.limit(), request.wait_ms()));
        const Deadline until = std::min(call.until - events_answer_margin, in(Millis{request.wait_ms()}));
        while (true) {
            const fiber::Event next = happened_.next();
            Reply reply;
            TRY_VOID(read(reply));
            if (reply.events_size() > 0 || ended_ || !next.wait_until(until)) return reply;
        }
    }

private:
    static Result<void> check(std::uint32_t limit, std::uint32_t wait_ms) {
        const auto refuse = [](const char* what, const char* field) {
            return fail(error(Code::invalid, what).because("out_of_range").at(field));
        };
        if (limit == 0 || limit > events_max) return refuse("The limit is from 1 to 1000.", "limit");
        if (wait_ms > events_wait_ms_max) return refuse("The longest wait is 5000 ms.", "wait_ms");
        return {};
    }

    fiber::Signal happened_;
    std::atomic<bool> ended_ = false;
};

}  // namespace jebi::rpc
