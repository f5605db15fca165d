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

http::ClientRequest request_of(const Call& call, const Method& method, std::string body) {
    http::ClientRequest request;
    request.method = http::Method::post;
    request.target.reserve(method.service.size() + method.name.size() + 2);
    request.target.append("/").append(method.service).append("/").append(method.name);
    request.fields.list.reserve(7);  // all that follow
    request.fields.add("Content-Type", std::string(content_type(Codec::proto)));
    request.fields.add("Connect-Protocol-Version", "1");
    add_fields_of(call, request.fields);
    request.body = std::move(body);
    request.repeatable = may_be_repeated(method, call);
    return request;
}

Error no_connect(std::string why) {
    return error(Code::internal, "Something went wrong on our side.")
        .because(std::string(bad_answer))
        .detailed(std::move(why));
}

// What is wrong between two machines is nothing that the user could mend: "please sign in" would mislead.
Error between_machines(std::string_view reason, std::string what) {
    return error(Code::unavailable, "This cannot be reached now. Please try again in a moment.")
        .because(std::string(reason))
        .detailed(std::move(what));
}

// Only the other side's own refusal may come from there; the other reasons of one hop are ours to find.
Error answered(Error error) {
    if (error.reason == not_let_in)
        return between_machines(not_let_in, "refused by the other machine: " + error.message +
                                                " See that [secret] names the same on both.");
    return error.reason == overloaded ? std::move(error) : beyond_this_hop(std::move(error));
}

Result<void> read_answer(const http::ClientResponse& response, Message& reply) {
    const auto type = response.fields.get("Content-Type").value_or("");
    if (response.status != 200) return fail(answered(error_of(response.status, type, response.body)));
    if (codec_of(type) != Codec::proto) return fail(no_connect("answered 200 with another content type"));
    if (!decode(Codec::proto, response.body, reply))
        return fail(no_connect("answered 200 with no " + reply.GetTypeName()));
    return {};
}

}  // namespace

HttpChannel::HttpChannel(http::ClientOptions options, Observer observer)
    : client_(std::make_unique<http::Client>(bounded(std::move(options)))),
      scoped_(true),
      observer_(std::move(observer)) {}

HttpChannel::HttpChannel(http::ClientOptions options)
    : client_(std::make_unique<http::Client>(bounded(std::move(options)))), scoped_(false) {}

HttpChannel::~HttpChannel() = default;

Result<void> HttpChannel::call(const Call& call, const Method& method, const Message& request,
                               Message& reply) {
    if (!scoped_) return exchange(call, method, request, reply);
    const Scope scope(observer_, Side::client, method, call);
    return scope.run([&] { return exchange(scope.call(), method, request, reply); });
}

Result<void> HttpChannel::exchange(const Call& call, const Method& method, const Message& request,
                                   Message& reply) {
    TRY(auto body, encode(Codec::proto, request));
    const auto asked = request_of(call, method, std::move(body));
    const auto response =
        method.waits ? client_->send(asked, call.until, waits_ended_) : client_->send(asked, call.until);
    if (response) return read_answer(*response, reply);
    if (response.error().reason != not_trusted) return fail(response.error());
    return fail(between_machines(not_trusted, response.error().message));
}

}  // namespace jebi::rpc
