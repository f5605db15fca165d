// A service behind a Unix socket, and the way to it: for the tests that hold a module's client to the
// contract that its service keeps in process.
//
//     rpc::OverSocket wire{folder + "/tweets.sock", methods(service)};
//     TweetsClient client{wire.channel()};
#pragma once

#include "kit/fiber/fiber.h"
#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/rpc/rpc.h"

namespace jebi::rpc {

// The service outlives it; its clients do not. A socket that cannot be had ends the test.
class OverSocket {
public:
    OverSocket(const std::string& path, Methods methods) : at_(fiber::Address::from("unix:" + path).value()) {
        serve(router_, std::move(methods), nobody_);
        server_ = http::Server::start(loops_, at_, {.limits = {.body_bytes_max = message_bytes_max}},
                                      [this](http::Request& request) { return router_.answer(request); })
                      .value();
    }
    ~OverSocket() { server_->stop(in(Millis{1'000})); }
    OverSocket(const OverSocket&) = delete;

    Channel& channel() { return channel_; }

private:
    const Observer nobody_ = [](const Observed&) {};
    const fiber::Address at_;
    http::Router router_;
    fiber::Loops loops_{2};
    std::unique_ptr<http::Server> server_;
    HttpChannel channel_{{.address = at_}, nobody_};
};

}  // namespace jebi::rpc
