#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "modules/search/contract_test.h"

using namespace jebi;
using namespace jebi::search;

TEST_CASE("a client over a socket keeps the contract of Search") {
    run_contract([](const std::function<void(Search&, World&)>& with) {
        World world;
        fiber::Loops loops{2};
        http::Router router;
        const rpc::Observer nobody = [](const rpc::Observed&) {};
        rpc::serve(router, methods(world.service), nobody);
        const auto at = fiber::Address::from("unix:" + world.folder + "/search.sock").value();
        auto server = http::Server::start(loops, at, {}, [&](http::Request& request) {
                          return router.answer(request);
                      }).value();
        rpc::Channel channel{{.address = at}, nobody};
        SearchClient client{channel};
        with(client, world);
        server->stop(in(Millis{1'000}));
    });
}
