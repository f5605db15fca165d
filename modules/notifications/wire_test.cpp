#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "modules/notifications/contract_test.h"

using namespace jebi;
using namespace jebi::notifications;

TEST_CASE("a client over a socket keeps the contract of Notifications") {
    run_contract([](const std::function<void(const Around&)>& with) {
        TestService test;
        fiber::Loops loops{2};
        http::Router router;
        const rpc::Observer nobody = [](const rpc::Observed&) {};
        rpc::serve(router, methods(test.service), nobody);
        const auto at = fiber::Address::from("unix:" + test.folder + "/notifications.sock").value();
        auto server = http::Server::start(loops, at, {}, [&](http::Request& request) {
                          return router.answer(request);
                      }).value();
        rpc::Channel channel{{.address = at}, nobody};
        NotificationsClient client{channel};
        with({client, test});
        server->stop(in(Millis{1'000}));
    });
}
