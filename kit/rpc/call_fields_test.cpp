#include "kit/rpc/call_fields.h"

#include <doctest/doctest.h>

#include <string>

namespace jebi::rpc {

namespace {

http::Request request_with(std::string_view name, std::string_view value) {
    http::Request request;
    request.until = in(Millis{60'000});
    request.fields.add(name, value);
    return request;
}

}  // namespace

TEST_CASE("what a call carries crosses as fields") {
    const Call call{.user = UserId{42},
                    .until = in(Millis{700}),
                    .trace = Trace::start(true),
                    .idempotency_key = "k1",
                    .background = true};
    http::Fields<std::string> fields;
    add_fields_of(call, fields);
    CHECK(fields.get("traceparent") == call.trace.traceparent());

    http::Request request;
    request.until = in(Millis{60'000});
    request.trace = *trace_from(*fields.get("traceparent"));  // as the server does
    for (const auto& [name, value] : fields.list)
        request.fields.add(name, value);
    const auto read = call_of(request);
    REQUIRE(read.has_value());
    CHECK(read->user == call.user);
    CHECK(read->idempotency_key == call.idempotency_key);
    CHECK(read->background);
    CHECK(read->trace.id == call.trace.id);
    CHECK(read->trace.span == call.trace.span);
    CHECK(read->until <= in(Millis{700}));
    CHECK(read->until > in(Millis{-60'000}));
}

TEST_CASE("nothing is said of nobody and of no key") {
    http::Fields<std::string> fields;
    add_fields_of(Call{}, fields);
    CHECK(!fields.get("Jebi-User"));
    CHECK(!fields.get("Idempotency-Key"));
    CHECK(!fields.get("Jebi-Class"));
}

TEST_CASE("a call is a user's unless it says otherwise, and a class that is none is invalid") {
    CHECK(!call_of(request_with("X-Other", "1"))->background);
    CHECK(!call_of(request_with("Jebi-Class", "user"))->background);
    for (const auto* value : {"", "Background", "batch", "background "}) {
        CAPTURE(value);
        const auto call = call_of(request_with("Jebi-Class", value));
        REQUIRE(!call.has_value());
        CHECK(call.error().code == Code::invalid);
    }
}

TEST_CASE("the time left is a positive whole number, also when next to none is") {
    http::Fields<std::string> fields;
    add_fields_of(Call{.until = in(Millis{-5})}, fields);
    CHECK(fields.get("Connect-Timeout-Ms") == "1");
}

TEST_CASE("the sooner end of the request and of its timeout counts") {
    const auto request = request_with("Connect-Timeout-Ms", "9999999999");
    CHECK(call_of(request)->until == request.until);
    CHECK(call_of(request_with("Connect-Timeout-Ms", "1"))->until < in(Millis{30'000}));
    const auto silent = request_with("X-Other", "1");
    CHECK(call_of(silent)->until == silent.until);
}

TEST_CASE("a timeout that is none is invalid") {
    for (const auto* value : {"", "0", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x1", "10000000000",
                              "00000000001", "99999999999999999999", "abc"}) {
        CAPTURE(value);
        const auto call = call_of(request_with("Connect-Timeout-Ms", value));
        REQUIRE(!call.has_value());
        CHECK(call.error().code == Code::invalid);
    }
}

TEST_CASE("a user that is none is invalid") {
    for (const auto* value : {"", "0", "-1", "07", "7 ", "seven", "18446744073709551616"}) {
        CAPTURE(value);
        const auto call = call_of(request_with("Jebi-User", value));
        REQUIRE(!call.has_value());
        CHECK(call.error().code == Code::invalid);
    }
}

TEST_CASE("the protocol's version is 1 or not said") {
    CHECK(call_of(request_with("Connect-Protocol-Version", "1")).has_value());
    for (const auto* value : {"", "0", "2", "1.0", "01"}) {
        CAPTURE(value);
        const auto call = call_of(request_with("Connect-Protocol-Version", value));
        REQUIRE(!call.has_value());
        CHECK(call.error().code == Code::invalid);
    }
}

}  // namespace jebi::rpc
