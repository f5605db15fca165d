#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "modules/follows/contract_test.h"
#include "modules/follows/test_service.h"

using namespace jebi;
using namespace jebi::follows;

TEST_CASE("a client over a socket keeps the contract of Follows") {
    run_contract([](const std::function<void(Follows&)>& with) {
        TestService test;
        fiber::Loops loops{2};
        http::Router router;
        const rpc::Observer nobody = [](const rpc::Observed&) {};
        rpc::serve(router, methods(test.service), nobody);
        const auto at = fiber::Address::from("unix:" + test.folder + "/follows.sock").value();
        auto server = http::Server::start(loops, at, {}, [&](http::Request& request) {
                          return router.answer(request);
                      }).value();
        rpc::Channel channel{{.address = at}, nobody};
        FollowsClient client{channel};
        with(client);
        server->stop(in(Millis{1'000}));
    });
}
