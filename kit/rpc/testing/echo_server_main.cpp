// echo-server ADDRESS: serves Echo to programs in other languages, until its standard input ends.
// Prints "listening ADDRESS" with the port that was picked.
#include <cstdio>

#include "kit/rpc/testing/echo_service.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: echo-server 127.0.0.1:0 | unix:PATH\n");
        return 2;
    }
    const jebi::rpc::testing::EchoServer server(argv[1], {});
    std::printf("listening %s\n", server.address().text().c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}
