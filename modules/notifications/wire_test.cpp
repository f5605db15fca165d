#include "kit/rpc/over_socket_testing.h"
#include "modules/notifications/contract_test.h"

using namespace jebi;
using namespace jebi::notifications;

TEST_CASE("a client over a socket keeps the contract of Notifications") {
    run_contract([](const std::function<void(const Around&)>& with) {
        TestService test;
        rpc::OverSocket wire{test.folder + "/notifications.sock", methods(test.service)};
        NotificationsClient client{wire.channel()};
        with({client, test});
    });
}
