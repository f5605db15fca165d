// A server for tests, on whatever kind of socket.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "kit/http/http_testing.h"
#include "kit/http/router.h"
#include "kit/http/server.h"

namespace jebi::http {

struct TestServer {
    explicit TestServer(ServerOptions options = {}, bool on_unix = false) {
        router.on(Method::get, "/hello", [](const Request&) { return Response::text(200, "hello"); });
        router.on(Method::post, "/echo", [](const Request& request) {
            Response response;
            response.body = request.body;
            return response;
        });
        const auto at =
            fiber::Address::from(on_unix ? "unix:" + folder.path() + "/s" : "127.0.0.1:0").value();
        server = Server::start(loops, at, std::move(options), [this](Request& request) {
                     return router.answer(request);
                 }).value();
    }

    RawClient connect() const { return RawClient{server->address()}; }
    // Sends the bytes and reads all that comes until the server closes.
    std::string answers_to(std::string_view bytes) const {
        RawClient client = connect();
        client.send(bytes);
        return client.read_to_end();
    }

    Folder folder;
    fiber::Loops loops{2};
    Router router;
    std::unique_ptr<Server> server;
};

inline const std::string get_hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
inline const std::string get_hello_and_close = "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

}  // namespace jebi::http
