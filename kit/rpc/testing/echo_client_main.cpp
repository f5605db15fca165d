// echo-client ADDRESS: holds an Echo that is served there, in whatever language, to its contract.
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdio>
#include <string>

#include "kit/http/client.h"
#include "kit/rpc/testing/echo_contract.h"

namespace jebi::rpc::testing {

namespace {

fiber::Address address;  // from the command line

}  // namespace

TEST_CASE("a client of a foreign server keeps the contract") {
    HttpChannel channel({.address = address}, {});
    EchoClient echo(channel);
    echo_keeps_its_contract(echo);
    echo_is_guarded(echo);
}

}  // namespace jebi::rpc::testing

int main(int argc, char** argv) {
    const auto address = jebi::fiber::Address::from(argc == 2 ? argv[1] : "");
    if (!address) {
        std::fprintf(stderr, "usage: echo-client HOST:PORT | unix:PATH\n");
        return 2;
    }
    jebi::rpc::testing::address = *address;
    doctest::Context context;
    context.setOption("no-intro", true);
    return context.run();
}
