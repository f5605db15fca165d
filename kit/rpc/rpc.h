// Contracts across processes: what the generated code (protoc-gen-jebi) stands on.
//
// From each service in a .proto of a package like jebi.follows.v1 the plugin makes, in <name>.jebi.h:
//
//     class Follows            the contract: one virtual method per call
//     class FollowsLocal       wraps a Follows of this process
//     class FollowsClient      speaks to a Follows in another process through a Channel
//     class FollowsAbsent      answers `unavailable` to every call; for stand-ins that do a part
//     rpc::Methods methods(Follows&)   what a server binds
//
// Callers hold a Follows& and cannot tell which of them it is: on both sides of the switch a call gets
// a span of its own, is refused when its time is up, and is told to the observer.
//
// The wire is the Connect protocol, unary, over HTTP/1.1 (https://connectrpc.com/docs/protocol):
// POST /jebi.follows.v1.Follows/Follow with the bare message as body, protobuf or JSON by content
// type; errors as JSON with the status by Connect's table (kit/rpc/errors.h). So curl can call everything:
//
//     curl --unix-socket run/follows.sock -H 'Content-Type: application/json' -H 'Jebi-User: 7'
//          -d '{"targetId": "8"}' http://jebi/jebi.follows.v1.Follows/Follow
//
// The contract class knows its family: Follows::Here, ::Elsewhere and ::Nowhere, and Follows::service_name
// ("jebi.follows.v1.Follows").
//
// What a Call carries crosses as: Connect-Timeout-Ms (what is left), traceparent, Idempotency-Key,
// Jebi-User (believed: who gets here is one of ours, or has the secret of secret.h), Jebi-Class.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kit/base/call.h"
#include "kit/base/result.h"
#include "kit/fiber/fiber.h"

namespace google::protobuf {
class Message;
}
namespace jebi::http {
class Client;
class Router;
struct ClientOptions;
}  // namespace jebi::http

namespace jebi::rpc {

using google::protobuf::Message;

inline constexpr Millis served_max{10'000};  // no call gets longer than this, wherever it is served
inline constexpr std::size_t message_bytes_max = 4 * 1024 * 1024;  // of a request, of a reply, on the wire

// What repeating a call does, as its contract says: the standard `option idempotency_level`, and the options
// of kit/rpc/options.proto.
enum class Effect : std::uint8_t {
    none,        // NO_SIDE_EFFECTS: it only asks
    idempotent,  // IDEMPOTENT: twice is the same as once
    keyed,       // (jebi.rpc.v1.keyed): the same idempotency key means the same act
    once,        // none of these: it is repeated only when it is certain that it has not happened
};

// One method of a contract. Views of literals in generated code.
struct Method {
    std::string_view service;  // "jebi.follows.v1.Follows"
    std::string_view name;     // "Follow"
    Effect effect = Effect::once;
    Millis stale_max{0};  // an older answer must not stand in for one of now; 0: none may
    bool waits = false;   // its time says nothing of anybody's health
};

// May it be sent again when nobody knows whether it has happened?
bool may_be_repeated(const Method& method, const Call& call);

// Where a call was seen.
enum class Side : std::uint8_t {
    local,   // served in the caller's process
    client,  // sent to another process
    server,  // served for another process
};

// What is told about each call.
struct Observed {
    std::string_view service;  // "jebi.follows.v1.Follows"
    std::string_view method;   // "Follow"
    Side side;
    const Call& call;           // its trace.span is the call's own
    std::uint64_t parent_span;  // of the work that made the call
    const Error* error;         // null: it went well
    std::chrono::nanoseconds took;
    bool waits = false;  // as Method says
};
// Must be thread-safe and must not wait. May be empty.
using Observer = std::function<void(const Observed&)>;

// The way to a contract in another process, or to several who keep it. Thread-safe.
class Channel {
public:
    virtual ~Channel() = default;

    // Used by generated clients. Errors: what the other side answered; `unavailable` (could not ask, was cut
    // off, or the machines do not know each other), `deadline`, `exhausted` (too many wait, or the request is
    // too large), `internal` (an answer that is no Connect). An Error's `detail` stays; the rest crosses.
    virtual Result<void> call(const Call& call, const Method& method, const Message& request,
                              Message& reply) = 0;
    // Calls that wait on purpose (Method::waits) end at once with `deadline`, now and from now on: for the
    // end of the process.
    virtual void end_waits() {}
    template <typename Reply>
    Result<Reply> ask(const Call& call, const Method& method, const Message& request);
};

// The way to one other process, over one pool of connections. The loops whose fibers use it must outlive it.
class HttpChannel final : public Channel {
public:
    // The options are kit/http/client.h's; answers beyond message_bytes_max are refused. Each call passes a
    // Scope of the client's side.
    HttpChannel(http::ClientOptions options, Observer observer);
    // Without a Scope: for a channel that makes one around all its attempts (kit/guard).
    explicit HttpChannel(http::ClientOptions options);
    ~HttpChannel() override;

    // A call that may be repeated and meets a connection which the other side is closing is sent once more.
    Result<void> call(const Call& call, const Method& method, const Message& request,
                      Message& reply) override;
    void end_waits() override { waits_ended_.set(); }

private:
    Result<void> exchange(const Call& call, const Method& method, const Message& request, Message& reply);

    std::unique_ptr<http::Client> client_;
    fiber::Event waits_ended_;
    bool scoped_;
    Observer observer_;
};

// One callable method of a served contract.
struct MethodEntry {
    Method method;
    std::function<std::unique_ptr<Message>()> make_request;
    std::function<Result<std::unique_ptr<Message>>(const Call&, const Message&)> invoke;
};
using Methods = std::vector<MethodEntry>;

// Lets a call in, or refuses it; what it gives is held until the call is answered. Thread-safe.
using Door = std::function<Result<std::shared_ptr<const void>>(const Method&, const Call&)>;
// The same methods behind a door.
Methods behind(const Door& door, Methods methods);

// Binds POST /<service>/<method> for each. Answers 415 for foreign content types and Connect's errors for
// everything else; the router answers 405 with Allow. Understands gzip. As connect-node does, it
// ignores unknown fields in JSON. The server's body_bytes_max should be message_bytes_max or more.
void serve(http::Router& router, Methods methods, const Observer& observer);

// One call on one side. Used by generated code, and by the kit itself.
class Scope {
public:
    // All but `call` must outlive the scope.
    Scope(const Observer& observer, Side side, const Method& method, const Call& call);

    // The call as its server sees it: in a span of its own, and no longer than served_max.
    const Call& call() const { return call_; }

    // Does `work`, a function that answers a Result, and tells the observer. `deadline` when the time was
    // up before it began; `invalid` for an idempotency key that could not cross to another process;
    // `internal` when it throws: here, and nowhere else, the exceptions of a service are caught.
    template <typename Work>
    std::invoke_result_t<Work> run(Work work) const;

private:
    Result<void> may_begin() const;
    void end(const Error* error) const;
    static Error thrown(std::string_view what);

    const Observer& observer_;
    Side side_;
    Method method_;
    Call call_;
    std::uint64_t parent_span_;
    std::chrono::steady_clock::time_point started_;
};

template <typename Work>
std::invoke_result_t<Work> Scope::run(Work work) const {
    const auto guarded = [&]() -> std::invoke_result_t<Work> {
        TRY_VOID(may_begin());
        try {
            return work();
        } catch (const std::exception& exception) {
            return fail(thrown(exception.what()));
        } catch (...) {
            return fail(thrown("an exception of no known kind"));
        }
    };
    auto answer = guarded();
    end(answer ? nullptr : &answer.error());
    return answer;
}

template <typename Reply>
Result<Reply> Channel::ask(const Call& call, const Method& method, const Message& request) {
    Reply reply;
    TRY_VOID(this->call(call, method, request, reply));
    return reply;
}

// What a contract answers where nobody keeps it: `unavailable`, reason "absent".
std::unexpected<Error> absent(std::string_view service);

// The error as others see it who are one hop further away (is_of_one_hop in kit/rpc/errors.h).
Error beyond_this_hop(Error error);

// Used by generated code to make the table of a service.
template <typename Service, typename Request, typename Reply>
MethodEntry entry(const Method& method, Service& service,
                  Result<Reply> (Service::*serve)(const Call&, const Request&)) {
    const auto invoke = [&service, serve](const Call& call,
                                          const Message& request) -> Result<std::unique_ptr<Message>> {
        auto reply = (service.*serve)(call, static_cast<const Request&>(request));
        if (!reply) return fail(beyond_this_hop(std::move(reply.error())));
        return std::make_unique<Reply>(std::move(*reply));
    };
    return {method, [] { return std::make_unique<Request>(); }, invoke};
}

}  // namespace jebi::rpc
