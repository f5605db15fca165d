#include <google/protobuf/message.h>

#include <algorithm>

#include "kit/base/compress.h"
#include "kit/http/router.h"
#include "kit/rpc/call_fields.h"
#include "kit/rpc/codec.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/rpc.h"

namespace jebi::rpc {

namespace {

enum class Encoding : std::uint8_t { identity, gzip };

std::optional<Encoding> encoding_of(const http::Request& request) {
    const auto field = request.fields.get("Content-Encoding").value_or("identity");
    if (http::equal_without_case(field, "identity")) return Encoding::identity;
    if (http::equal_without_case(field, "gzip")) return Encoding::gzip;
    return std::nullopt;
}

http::Response foreign_content_type() {
    auto response = answer_of(
        error(Code::invalid, "The content type is application/proto or application/json."), "unknown", 415);
    response.fields.add("Accept-Post", "application/proto, application/json");
    return response;
}

http::Response foreign_encoding() {
    const auto& code = *wire_code("unimplemented");
    auto response = answer_of(error(Code::invalid, "The content encodings known here are gzip and identity."),
                              code.name, code.status);
    response.fields.add("Accept-Encoding", "gzip, identity");
    return response;
}

Result<std::unique_ptr<Message>> message_of(const MethodEntry& entry, Codec codec, Encoding encoding,
                                            std::string_view body) {
    auto message = entry.make_request();
    std::string plain;
    if (encoding == Encoding::gzip && !body.empty()) {
        TRY(plain, gunzipped(body, message_bytes_max));
        body = plain;
    }
    TRY_VOID(decode(codec, body, *message));
    return message;
}

// kit/http compresses it for those who ask.
http::Response success(Codec codec, std::string body) {
    http::Response response;
    response.fields.add("Content-Type", std::string(content_type(codec)));
    response.body = std::move(body);
    return response;
}

// The reply's bytes in the codec of the request.
Result<std::string> reply_of(const MethodEntry& entry, const Observer& observer, Codec codec,
                             Encoding encoding, const http::Request& request) {
    TRY(const Call call, call_of(request));
    const Scope scope(observer, Side::server, entry.method, call);
    return scope.run([&]() -> Result<std::string> {
        TRY(const auto message, message_of(entry, codec, encoding, request.body));
        TRY(const auto reply, entry.invoke(scope.call(), *message));
        return encode(codec, *reply);
    });
}

http::Response answer(const MethodEntry& entry, const Observer& observer, const http::Request& request) {
    const auto codec = codec_of(request.fields.get("Content-Type").value_or(""));
    if (!codec) return foreign_content_type();
    const auto encoding = encoding_of(request);
    if (!encoding) return foreign_encoding();
    auto reply = reply_of(entry, observer, *codec, *encoding, request);
    auto response = reply ? success(*codec, std::move(*reply)) : answer_of(reply.error());
    response.waited = entry.method.waits;
    return response;
}

}  // namespace

Methods behind(const Door& door, Methods methods) {
    for (auto& entry : methods) {
        entry.invoke = [door, method = entry.method, invoke = std::move(entry.invoke)](
                           const Call& call, const Message& request) -> Result<std::unique_ptr<Message>> {
            TRY(const auto held, door(method, call));
            return invoke(call, request);
        };
    }
    return methods;
}

void serve(http::Router& router, Methods methods, const Observer& observer) {
    for (auto& entry : methods) {
        auto path = "/" + std::string(entry.method.service) + "/" + std::string(entry.method.name);
        router.on(http::Method::post, std::move(path),
                  [entry = std::move(entry), observer](const http::Request& request) {
                      return answer(entry, observer, request);
                  });
    }
}

}  // namespace jebi::rpc
