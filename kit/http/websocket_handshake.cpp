// How a request becomes a WebSocket (RFC 6455, 4.2).
#include <algorithm>

#include "kit/base/crypto.h"
#include "kit/base/sha1.h"
#include "kit/http/websocket.h"

namespace jebi::http {

namespace {

constexpr std::string_view version = "13";
constexpr std::string_view accept_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t key_bytes = 16;

bool lists(const Request& request, std::string_view field, std::string_view word) {
    const auto list = request.fields.get(field);
    return list && std::ranges::any_of(weighted(*list), [&](const Weighted& one) {
               return equal_without_case(one.choice, word);
           });
}

// The field's value when it stands there once.
std::optional<std::string_view> only(const Request& request, std::string_view field) {
    const auto count = std::ranges::count_if(
        request.fields.list, [&](const auto& one) { return equal_without_case(one.first, field); });
    return count == 1 ? request.fields.get(field) : std::nullopt;
}

bool offers(const Request& request, std::string_view protocol) {
    const auto offered = offered_protocols(request);
    return std::ranges::find(offered, protocol) != offered.end();
}

Response upgrade_required(std::string_view why) {
    Response response = Response::text(426, std::string(why) + "\n");
    response.fields.add("Upgrade", "websocket");
    response.fields.add("Sec-WebSocket-Version", std::string(version));
    return response;
}

std::string accepted(std::string_view key) {
    const auto hash = sha1(std::string(key).append(accept_suffix));
    return base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

// 200 when nothing is wrong.
Response checked(const Request& request, const WebSocketOptions& options) {
    if (request.method != Method::get || !lists(request, "Upgrade", "websocket") ||
        !lists(request, "Connection", "Upgrade"))
        return upgrade_required("This address speaks WebSocket only.");
    if (only(request, "Sec-WebSocket-Version") != version)
        return upgrade_required("Only version 13 of WebSocket is spoken here.");
    const auto key = only(request, "Sec-WebSocket-Key");
    const auto bytes = key ? from_base64(*key) : std::nullopt;
    if (!bytes || bytes->size() != key_bytes) return Response::text(400, "Sec-WebSocket-Key is malformed.\n");
    if (!options.protocol.empty() && !offers(request, options.protocol))
        return Response::text(400, "Sec-WebSocket-Protocol does not offer what is spoken here.\n");
    return {};
}

// What `serve` throws is told to the client here, and to the log by the connection.
void serve_one(Upgraded& connection, const WebSocketOptions& options,
               const std::function<void(WebSocket&)>& serve) {
    WebSocket socket{connection, options};
    try {
        serve(socket);
    } catch (...) {
        socket.close(CloseCode::mistake);
        socket.finish();
        throw;
    }
    socket.finish();
}

}  // namespace

std::vector<std::string_view> offered_protocols(const Request& request) {
    std::vector<std::string_view> offered;
    for (const auto& [name, list] : request.fields.list) {
        if (!equal_without_case(name, "Sec-WebSocket-Protocol")) continue;
        for (const Weighted& one : weighted(list))
            offered.push_back(one.choice);
    }
    if (offered.size() > choices_max) offered.resize(choices_max);
    return offered;
}

Response websocket(const Request& request, WebSocketOptions options, std::function<void(WebSocket&)> serve) {
    Response response = checked(request, options);
    if (response.status != 200) return response;
    response.status = 101;
    response.fields.add("Upgrade", "websocket");
    response.fields.add("Sec-WebSocket-Accept", accepted(*request.fields.get("Sec-WebSocket-Key")));
    if (!options.protocol.empty()) response.fields.add("Sec-WebSocket-Protocol", options.protocol);
    response.upgrade = [options = std::move(options), serve = std::move(serve)](Upgraded& connection) {
        serve_one(connection, options, serve);
    };
    return response;
}

}  // namespace jebi::http
