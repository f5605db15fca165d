// The contract over a Unix socket, through the generated client.
#include <doctest/doctest.h>

#include <mutex>

#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "modules/accounts/contract_test.h"

namespace jebi::accounts {

namespace {

class OverTheWire {
public:
    OverTheWire() {
        rpc::serve(router_, methods(service_), {});
        server_ = testing::required(
            http::Server::start(loops_, at_, {.limits = {.body_bytes_max = rpc::message_bytes_max}},
                                [this](http::Request& request) { return router_.answer(request); }));
    }
    Accounts& accounts() { return client_; }
    testing::TestClock& clock() { return base_.clock; }

private:
    testing::Base base_;
    Service service_{base_.room(), base_.ids, base_.clock, testing::quick_options()};
    http::Router router_;
    fiber::Loops loops_{2};
    fiber::Address at_ = testing::required(fiber::Address::from("unix:" + (base_.folder / "accounts.sock")));
    std::unique_ptr<http::Server> server_;
    rpc::Channel channel_{{.address = at_}, {}};
    AccountsClient client_{channel_};
};

}  // namespace

ACCOUNTS_CONTRACT(OverTheWire)

}  // namespace jebi::accounts
