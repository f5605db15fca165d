#include "kit/rpc/over_socket_testing.h"
#include "modules/messages/contract_test.h"

using namespace jebi;
using namespace jebi::messages;

TEST_CASE("a client over a socket keeps the contract of Messages") {
    run_contract([](const std::function<void(const Around&)>& with) {
        TestService test;
        rpc::OverSocket wire{test.folder + "/messages.sock", methods(test.service)};
        MessagesClient client{wire.channel()};
        with({client, test});
    });
}
