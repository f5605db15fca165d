// A module that others reach over a socket, and that fails on demand: it is down, slow, answers errors, or
// does what it is asked and loses the answer.
#pragma once

#include <algorithm>
#include <atomic>

#include "kit/fiber/fiber.h"
#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/rpc.h"

namespace jebi::test {

// Slow is told at once, as nobody is to wait for it in a test: what a caller sees of it is `deadline`.
enum class Fault : std::uint8_t { none, down, slow, errors, lost };

inline Code code_of(Fault fault) {
    if (fault == Fault::slow) return Code::deadline;
    return fault == Fault::errors ? Code::internal : Code::unavailable;
}

class Neighbour {
public:
    // The service outlives it.
    Neighbour(fiber::Loops& loops, const std::string& socket, rpc::Methods methods)
        : at_(fiber::Address::from("unix:" + socket).value()), channel_({.address = at_}, nobody_) {
        rpc::serve(router_, std::move(methods), nobody_);
        http::ServerOptions options;
        options.limits.goodbye_ms = Millis{1};  // who asks it is in this process, and has its answer
        server_ = http::Server::start(loops, at_, options, [this](http::Request& request) {
                      return answer(request);
                  }).value();
    }
    ~Neighbour() { server_->stop(in(Millis{1'000})); }
    Neighbour(const Neighbour&) = delete;

    rpc::Channel& channel() { return channel_; }

    // After it has answered so many questions more.
    void fail_with(Fault fault, int answered_before = 0) {
        fault_ = fault;
        answered_before_ = answered_before;
        asked_ = 0;
        longest_ms_ = 0;
    }
    // While it failed: how often it was asked, and how long the most patient caller would have waited.
    int asked() const { return asked_; }
    int longest_ms() const { return longest_ms_; }

private:
    http::Response answer(http::Request& request) {
        const Fault fault = fault_;
        if (fault == Fault::none || answered_before_-- > 0) return router_.answer(request);
        ++asked_;
        const std::string given{request.fields.get("Connect-Timeout-Ms").value_or("0")};
        longest_ms_ = std::max(longest_ms_.load(), std::stoi(given));
        if (fault == Fault::lost) router_.answer(request);
        return rpc::answer_of(error(code_of(fault), "This module fails in a test."));
    }

    const rpc::Observer nobody_ = [](const rpc::Observed&) {};
    const fiber::Address at_;
    http::Router router_;
    std::unique_ptr<http::Server> server_;
    rpc::HttpChannel channel_;
    std::atomic<Fault> fault_ = Fault::none;
    std::atomic<int> answered_before_ = 0, asked_ = 0, longest_ms_ = 0;
};

}  // namespace jebi::test
