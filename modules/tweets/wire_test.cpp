#include "kit/rpc/over_socket_testing.h"
#include "modules/tweets/contract_test.h"
#include "modules/tweets/test_service.h"

using namespace jebi;
using namespace jebi::tweets;

TEST_CASE("a client over a socket keeps the contract of Tweets") {
    run_contract([](const std::function<void(Tweets&)>& with) {
        TestService test;
        rpc::OverSocket wire{test.folder + "/tweets.sock", methods(test.service)};
        TweetsClient client{wire.channel()};
        with(client);
    });
}
