#include "kit/rpc/over_socket_testing.h"
#include "modules/timelines/contract_test.h"

using namespace jebi;
using namespace jebi::timelines;

TEST_CASE("a client over a socket keeps the contract of Timelines") {
    run_contract([](const std::function<void(Timelines&, World&)>& with) {
        World world;
        rpc::OverSocket wire{world.folder + "/timelines.sock", methods(world.service)};
        TimelinesClient client{wire.channel()};
        with(client, world);
    });
}
