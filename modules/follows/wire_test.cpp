#include "kit/rpc/over_socket_testing.h"
#include "modules/follows/contract_test.h"
#include "modules/follows/test_service.h"

using namespace jebi;
using namespace jebi::follows;

TEST_CASE("a client over a socket keeps the contract of Follows") {
    run_contract([](const std::function<void(Follows&)>& with) {
        TestService test;
        rpc::OverSocket wire{test.folder + "/follows.sock", methods(test.service)};
        FollowsClient client{wire.channel()};
        with(client);
    });
}
