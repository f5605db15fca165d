// The Echo of this process, and a server of it.
#pragma once

#include <atomic>
#include <memory>

#include "kit/fiber/fiber.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/rpc/testing/echo.jebi.h"

namespace jebi::rpc::testing {

class EchoService final : public Echo {
public:
    Result<SayReply> say(const Call& call, const SayRequest& request) override;
    Result<Empty> fail(const Call& call, const FailRequest& request) override;
    Result<Empty> wait(const Call& call, const Empty& request) override;
    Result<LargeReply> large(const Call& call, const LargeRequest& request) override;
    Result<Empty> throw_(const Call& call, const Empty& request) override;

    // How many calls have begun.
    int begun() const { return begun_; }

private:
    std::atomic<int> begun_ = 0;
};

// Serves an EchoService while it lives.
class EchoServer {
public:
    // Ends the program when the address cannot be bound: there is no test then.
    EchoServer(std::string_view address, const Observer& observer, const Door& door = {});
    const fiber::Address& address() const { return server_->address(); }
    const EchoService& service() const { return service_; }

private:
    fiber::Loops loops_{1};
    EchoService service_;
    http::Router router_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace jebi::rpc::testing
