// What a process takes in: at most as much at once as it can answer in about its usual time (gradient.h).
// What is beyond is refused at once, which costs little, so that under overload the rest is still answered in
// time.
//
// Two classes share the limit: people's calls nine tenths, jobs' calls (Call::background) one. A class may
// use what the other does not, and always gets its own share, if need be beyond the limit: jobs that fill a
// quiet server do not keep people out.
//
//     ServerLimit limit({}, time);
//     rpc::serve(router, limit.around(methods(service)), observer);
//
// A refused call answers `unavailable` (overloaded), 503 with Retry-After on the wire: proof that it was not
// begun, so that it may go to another replica. Methods that wait on purpose pass without being counted.
#pragma once

#include <mutex>
#include <utility>

#include "kit/guard/gradient.h"
#include "kit/guard/time.h"
#include "kit/rpc/rpc.h"

namespace jebi::guard {

struct ServerLimitSettings {
    GradientSettings gradient{};
    int background_percent = 10;  // 1 to 99
};

// For people and metrics.
struct ServerLimitView {
    int limit = 0;
    int users = 0;       // in flight
    int background = 0;  // in flight
    std::uint64_t shed_users = 0;
    std::uint64_t shed_background = 0;
    std::chrono::nanoseconds usual{};  // what an answer takes in the long run
};

// Thread-safe. Passes, and what is served around it, must not outlive it.
class ServerLimit {
public:
    ServerLimit(const ServerLimitSettings& settings, const Time& time)
        : settings_(settings), time_(time), gradient_(settings.gradient) {}
    ServerLimit(const ServerLimit&) = delete;

    // A place while it lives; its time counts as what the answer took.
    class Pass {
    public:
        Pass(Pass&& other) noexcept
            : limit_(std::exchange(other.limit_, nullptr)),
              background_(other.background_),
              since_(other.since_) {}
        Pass(const Pass&) = delete;
        ~Pass() {
            if (limit_ != nullptr) limit_->leave(background_, since_);
        }

    private:
        friend class ServerLimit;
        Pass(ServerLimit& limit, bool background, Deadline since)
            : limit_(&limit), background_(background), since_(since) {}
        ServerLimit* limit_;
        bool background_;
        Deadline since_;
    };

    // `unavailable` (overloaded).
    Result<Pass> enter(bool background);

    // The same methods behind this limit.
    rpc::Methods around(rpc::Methods methods) { return rpc::behind(door(), std::move(methods)); }
    rpc::Door door();

    ServerLimitView view() const;

private:
    void leave(bool background, Deadline since);
    int share_of(bool background) const;
    int in_flight() const { return users_ + background_; }

    const ServerLimitSettings settings_;
    const Time& time_;
    mutable std::mutex mutex_;  // of all below
    Gradient gradient_;
    int users_ = 0;
    int background_ = 0;
    std::uint64_t shed_users_ = 0;
    std::uint64_t shed_background_ = 0;
};

}  // namespace jebi::guard
