#include <doctest/doctest.h>

#include <stdexcept>

#include "kit/rpc/rpc.h"
#include "kit/rpc/testing/seen_calls.h"

namespace jebi::rpc::testing {

TEST_CASE("a scope opens a span in the caller's trace") {
    SeenCalls seen;
    const auto observer = seen.observer();
    const Call call{.trace = Trace::start(true)};
    const Scope scope(observer, Side::local, {"a.B", "C"}, call);
    CHECK(scope.call().trace.id == call.trace.id);
    CHECK(scope.call().trace.span != call.trace.span);
    CHECK(scope.call().trace.sampled);
    CHECK(scope.run([]() -> Result<int> { return 7; }).value_or(0) == 7);
    const auto calls = seen.take();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].parent_span == call.trace.span);
    CHECK(calls[0].trace.span == scope.call().trace.span);
    CHECK(!calls[0].error);
}

TEST_CASE("a call without a trace begins one") {
    const Observer nobody;
    const Scope scope(nobody, Side::local, {"a.B", "C"}, Call{});
    CHECK(trace_from(scope.call().trace.traceparent()).has_value());
}

TEST_CASE("no call gets longer than served_max, and none is made longer") {
    const Observer nobody;
    const auto before = std::chrono::steady_clock::now();
    const Scope endless(nobody, Side::local, {"a.B", "C"}, Call{.until = Deadline::max()});
    CHECK(endless.call().until >= before + served_max);
    CHECK(endless.call().until <= std::chrono::steady_clock::now() + served_max);
    const Call brief{.until = in(Millis{100})};
    CHECK(Scope(nobody, Side::local, {"a.B", "C"}, brief).call().until == brief.until);
}

TEST_CASE("a refused call is told to the observer, and its work is not done") {
    SeenCalls seen;
    const auto observer = seen.observer();
    bool done = false;
    const auto work = [&]() -> Result<int> {
        done = true;
        return 7;
    };
    CHECK(Scope(observer, Side::client, {"a.B", "C"}, Call{.until = in(Millis{0})}).run(work).error().code ==
          Code::deadline);
    CHECK(Scope(observer, Side::server, {"a.B", "C"}, Call{.idempotency_key = "\n"}).run(work).error().code ==
          Code::invalid);
    CHECK(!done);
    const auto calls = seen.take();
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].error->code == Code::deadline);
    CHECK(calls[1].error->code == Code::invalid);
}

TEST_CASE("an exception becomes an internal error that says nothing of the inside") {
    const Observer nobody;
    const Scope scope(nobody, Side::local, {"a.B", "C"}, Call{});
    const auto answer = scope.run([]() -> Result<int> { throw std::out_of_range("row 17"); });
    REQUIRE(!answer.has_value());
    CHECK(answer.error().code == Code::internal);
    CHECK(answer.error().message.find("row 17") == std::string::npos);
    CHECK(answer.error().detail == "row 17");
    const auto odd = scope.run([]() -> Result<int> { throw 17; });
    REQUIRE(!odd.has_value());
    CHECK(odd.error().code == Code::internal);
}

TEST_CASE("whether a call may be repeated is said by its contract, and for a keyed one by its key") {
    const Call plain;
    const Call keyed{.idempotency_key = "k"};
    for (const auto effect : {Effect::none, Effect::idempotent})
        CHECK(may_be_repeated({"a.B", "C", effect}, plain));
    CHECK(!may_be_repeated({"a.B", "C", Effect::keyed}, plain));
    CHECK(may_be_repeated({"a.B", "C", Effect::keyed}, keyed));
    CHECK(!may_be_repeated({"a.B", "C", Effect::once}, keyed));
    CHECK(!may_be_repeated({"a.B", "C"}, keyed));
}

}  // namespace jebi::rpc::testing
