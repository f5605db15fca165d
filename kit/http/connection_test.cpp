#include "kit/http/connection.h"

#include <doctest/doctest.h>

#include "kit/http/http_testing.h"

using namespace jebi;
using namespace jebi::http;

// The loop is busy while the request arrives and the connection is ended, so that it sees both at once.
TEST_CASE("a request that comes together with the end is answered") {
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    std::atomic<int> begun = 0;
    Service service{.options = {}, .handler = [&](Request&) {
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
        service.stopping = true;
        for (Connection* connection : share.connections)
            CHECK_FALSE(connection->end_if_unused_since(in(Millis{0})));
    });
    const std::string last = client.read_to_end();
    CHECK(has_line(last, "Connection: close"));
    CHECK(body_of_answer(last) == "served");
    CHECK(ended.wait_until(soon()));
    CHECK(begun == 2);
    CHECK(share.connections.empty());
}
