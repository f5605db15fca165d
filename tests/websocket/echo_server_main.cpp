// websocket-echo [CERTIFICATE KEY]: says back on /ws whatever it is told, to programs in other languages,
// until its standard input ends. Prints "listening ADDRESS" with the port that was picked. With a
// certificate: over TLS.
//
// "close CODE" closes with that code, "send COUNT" sends so many messages, and the first subprotocol that is
// offered is spoken.
#include <charconv>
#include <cstdio>

#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/http/websocket.h"

namespace {

using namespace jebi;
using namespace jebi::http;

int number_after(std::string_view text, std::string_view word) {
    int number = 0;
    if (!text.starts_with(word)) return -1;
    std::from_chars(text.data() + word.size(), text.data() + text.size(), number);
    return number;
}

void say_back(WebSocket& socket, const WebSocketMessage& message) {
    if (!message.is_text) return (void)socket.send_binary(message.bytes);
    if (const int code = number_after(message.bytes, "close "); code > 0)
        return socket.close(static_cast<CloseCode>(code), "as you wish");
    const int count = number_after(message.bytes, "send ");
    for (int i = 0; i < count; ++i)
        (void)socket.send("message " + std::to_string(i));
    if (count < 0) (void)socket.send(message.bytes);
}

void serve(WebSocket& socket) {
    while (const auto message = socket.receive(in(Millis{60'000})))
        say_back(socket, *message);
}

Response answer(const Request& request) {
    const auto offered = offered_protocols(request);
    return websocket(request, {.protocol = std::string(offered.empty() ? "" : offered.front())}, serve);
}

Result<ServerOptions> options_from(int count, char** arguments) {
    ServerOptions options;
    if (count == 3) {
        TRY(options.tls, fiber::TlsServer::load(arguments[1], arguments[2]));
    }
    return options;
}

Result<std::unique_ptr<Server>> started(fiber::Loops& loops, const Router& router, int count,
                                        char** arguments) {
    TRY(auto options, options_from(count, arguments));
    return Server::start(loops, {.host = "127.0.0.1"}, std::move(options),
                         [&](Request& request) { return router.answer(request); });
}

}  // namespace

int main(int count, char** arguments) {
    fiber::Loops loops{2};
    Router router;
    router.on(Method::get, "/ws", answer);
    const auto server = started(loops, router, count, arguments);
    if (!server) {
        std::fprintf(stderr, "error: %s\n", server.error().message.c_str());
        return 1;
    }
    std::printf("listening %s\n", (*server)->address().text().c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    (*server)->stop(in(Millis{5'000}));
    return 0;
}
