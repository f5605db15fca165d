#include "kit/rpc/over_socket_testing.h"
#include "modules/search/contract_test.h"

using namespace jebi;
using namespace jebi::search;

TEST_CASE("a client over a socket keeps the contract of Search") {
    run_contract([](const std::function<void(Search&, World&)>& with) {
        World world;
        rpc::OverSocket wire{world.folder + "/search.sock", methods(world.service)};
        SearchClient client{wire.channel()};
        with(client, world);
    });
}
