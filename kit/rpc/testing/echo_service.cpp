#include "kit/rpc/testing/echo_service.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace jebi::rpc::testing {

namespace {

constexpr Code last_code = Code::internal;
constexpr std::size_t large_bytes_max = 2 * message_bytes_max;

Result<Code> code_named(std::string_view wanted) {
    for (int i = 0; i <= static_cast<int>(last_code); ++i) {
        const auto code = static_cast<Code>(i);
        if (name(code) == wanted) return code;
    }
    return jebi::fail(Code::invalid, "There is no such code.");
}

std::unique_ptr<http::Server> started(fiber::Loops& loops, std::string_view at, http::Router& router) {
    http::ServerOptions options;
    options.limits.body_bytes_max = message_bytes_max + 1024;  // so that it is ours to refuse
    auto address = fiber::Address::from(at);
    if (address) {
        auto server = http::Server::start(
            loops, *address, options, [&router](http::Request& request) { return router.answer(request); });
        if (server) return std::move(*server);
        address = std::unexpected(server.error());
    }
    std::fprintf(stderr, "cannot serve: %s\n", address.error().message.c_str());
    std::_Exit(1);
}

}  // namespace

Result<SayReply> EchoService::say(const Call& call, const SayRequest& request) {
    ++begun_;
    SayReply reply;
    *reply.mutable_said() = request;
    reply.set_user_id(call.user.value);
    reply.set_idempotency_key(call.idempotency_key);
    reply.set_traceparent(call.trace.traceparent());
    reply.set_time_left_ms(left_until(call.until).count());
    return reply;
}

Result<Empty> EchoService::fail(const Call& /*call*/, const FailRequest& request) {
    ++begun_;
    TRY(const Code code, code_named(request.code()));
    return jebi::fail(error(code, request.message())
                          .because(request.reason())
                          .at(request.field())
                          .after_s(request.retry_after_s())
                          .detailed(request.detail()));
}

Result<Empty> EchoService::wait(const Call& call, const Empty& /*request*/) {
    ++begun_;
    fiber::sleep_until(call.until);
    return jebi::fail(Code::deadline, "The time was up.");
}

Result<LargeReply> EchoService::large(const Call& /*call*/, const LargeRequest& request) {
    ++begun_;
    LargeReply reply;
    reply.mutable_text()->assign(std::min(std::size_t{request.bytes()}, large_bytes_max), 'a');
    return reply;
}

Result<Empty> EchoService::throw_(const Call& /*call*/, const Empty& /*request*/) {
    ++begun_;
    throw std::runtime_error("a secret of the inside");
}

EchoServer::EchoServer(std::string_view address, const Observer& observer, const Door& door) {
    serve(router_, door ? behind(door, methods(service_)) : methods(service_), observer);
    server_ = started(loops_, address, router_);
}

}  // namespace jebi::rpc::testing
