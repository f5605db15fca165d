#include "kit/http/connection.h"

#include <doctest/doctest.h>

#include "kit/http/http_testing.h"

using namespace jebi;
using namespace jebi::http;

// The loop is busy while the request arrives and the goodbye is said, so the connection sees both at once. It
// could not answer any more, so the handler must not run.
TEST_CASE("a request that comes together with the goodbye is not begun") {
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    std::atomic<int> begun = 0;
    const Service service{.options = {}, .handler = [&](Request&) {
                              ++begun;
                              return Response::text(200, "served");
                          }};
    LoopShare share;
    const fiber::Event ended;
    fiber::Loops loops{1};
    auto listener = fiber::Listener::open(loops, fiber::Address::from("127.0.0.1:0").value()).value();
    listener.start([&](fiber::Socket socket) {
        {
            Connection connection{service, share, std::move(socket)};
            connection.run();
        }
        ended.set();
    });
    RawClient client{listener.address()};
    client.send(request);
    CHECK(body_of_answer(client.read_answer()) == "served");
    fiber::spawn(loops.at(0), [&] {
        client.send(request);
        for (Connection* connection : share.connections)
            connection->say_goodbye();
    });
    CHECK(client.read_to_end().empty());
    CHECK(ended.wait_until(soon()));
    CHECK(begun == 1);
    CHECK(share.connections.empty());
}
