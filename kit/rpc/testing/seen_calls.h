// An observer that remembers, for tests.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kit/rpc/rpc.h"

namespace jebi::rpc::testing {

struct SeenCall {
    std::string service;
    std::string method;
    Side side;
    Trace trace;
    std::uint64_t parent_span;
    UserId user;
    std::optional<Error> error;
    std::chrono::nanoseconds took;
};

// Thread-safe.
class SeenCalls {
public:
    Observer observer() {
        return [this](const Observed& seen) {
            const std::scoped_lock lock(mutex_);
            const auto error = seen.error == nullptr ? std::nullopt : std::optional(*seen.error);
            calls_.push_back({std::string(seen.service), std::string(seen.method), seen.side, seen.call.trace,
                              seen.parent_span, seen.call.user, error, seen.took});
        };
    }
    std::vector<SeenCall> take() {
        const std::scoped_lock lock(mutex_);
        return std::exchange(calls_, {});
    }

private:
    std::mutex mutex_;
    std::vector<SeenCall> calls_;
};

}  // namespace jebi::rpc::testing
