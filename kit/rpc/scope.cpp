#include <algorithm>

#include "kit/rpc/rpc.h"

namespace jebi::rpc {

namespace {

// Else a key could not cross as a header field, and a module that moves would behave differently.
bool may_be_a_field(std::string_view key) {
    return key.size() <= Call::idempotency_key_bytes_max &&
           std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

Trace span_of(const Trace& trace) {
    constexpr decltype(trace.id) none{};
    return trace.id == none ? Trace::start() : trace.child();
}

}  // namespace

bool may_be_repeated(const Method& method, const Call& call) {
    switch (method.effect) {
        case Effect::none:
        case Effect::idempotent:
            return true;
        case Effect::keyed:
            return !call.idempotency_key.empty();
        case Effect::once:
            return false;
    }
    return false;
}

Scope::Scope(const Observer& observer, Side side, const Method& method, const Call& call)
    : observer_(observer),
      side_(side),
      method_(method),
      call_(call),
      parent_span_(call.trace.span),
      started_(std::chrono::steady_clock::now()) {
    call_.trace = span_of(call.trace);
    call_.until = std::min(call.until, started_ + served_max);
}

Result<void> Scope::may_begin() const {
    if (started_ >= call_.until) return fail(Code::deadline, "The time was up before this began.");
    if (!may_be_a_field(call_.idempotency_key)) {
        return fail(Code::invalid, "An idempotency key has at most 128 visible ASCII characters.");
    }
    return {};
}

void Scope::end(const Error* error) const {
    if (!observer_) return;
    const auto took = std::chrono::steady_clock::now() - started_;
    observer_({method_.service, method_.name, side_, call_, parent_span_, error, took});
}

Error Scope::thrown(std::string_view what) {
    return error(Code::internal, "Something went wrong on our side.").detailed(std::string(what));
}

std::unexpected<Error> absent(std::string_view service) {
    return fail(error(Code::unavailable, "This part is not there at the moment.")
                    .because("absent")
                    .detailed("nobody keeps " + std::string(service) + " here"));
}

}  // namespace jebi::rpc
