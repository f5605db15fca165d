#include <google/protobuf/message.h>

#include <algorithm>

#include "kit/http/client.h"
#include "kit/rpc/call_fields.h"
#include "kit/rpc/codec.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/rpc.h"

namespace jebi::rpc {

namespace {

http::ClientOptions bounded(http::ClientOptions options) {
    options.answer_bytes_max = std::min(options.answer_bytes_max, message_bytes_max);
    return options;
}

http::ClientRequest request_of(const Call& call, std::string_view service, std::string_view method,
                               std::string body) {
    http::ClientRequest request;
    request.method = http::Method::post;
    request.target.reserve(service.size() + method.size() + 2);
    request.target.append("/").append(service).append("/").append(method);
    request.fields.list.reserve(6);  // all that follow
    request.fields.add("Content-Type", std::string(content_type(Codec::proto)));
    request.fields.add("Connect-Protocol-Version", "1");
    add_fields_of(call, request.fields);
    request.body = std::move(body);
    request.repeatable = !call.idempotency_key.empty();
    return request;
}

Error no_connect(std::string why) {
    return error(Code::internal, "Something went wrong on our side.").detailed(std::move(why));
}

Result<void> read_answer(const http::ClientResponse& response, Message& reply) {
    const auto type = response.fields.get("Content-Type").value_or("");
    if (response.status != 200) return fail(error_of(response.status, type, response.body));
    if (codec_of(type) != Codec::proto) return fail(no_connect("answered 200 with another content type"));
    if (!decode(Codec::proto, response.body, reply))
        return fail(no_connect("answered 200 with no " + reply.GetTypeName()));
    return {};
}

}  // namespace

Channel::Channel(http::ClientOptions options, Observer observer)
    : client_(std::make_unique<http::Client>(bounded(std::move(options)))), observer_(std::move(observer)) {}

Channel::~Channel() = default;

Result<void> Channel::call(const Call& call, std::string_view service, std::string_view method,
                           const Message& request, Message& reply) {
    const Scope scope(observer_, Side::client, service, method, call);
    return scope.run([&]() -> Result<void> {
        TRY(auto body, encode(Codec::proto, request));
        const auto sent = request_of(scope.call(), service, method, std::move(body));
        TRY(const auto response, client_->send(sent, scope.call().until));
        return read_answer(response, reply);
    });
}

}  // namespace jebi::rpc
