// What every Echo does: the service, a wrapper of it, and a client that reaches it over a socket, in
// whatever language it is served.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "kit/rpc/testing/echo.jebi.h"

namespace jebi::rpc::testing {

// A call with all the time that there is, for machines that have much else to do.
inline Call a_call() {
    return Call{.until = in(served_max)};
}

inline SayRequest something_of_everything() {
    SayRequest request;
    request.set_text("안녕, \"jebi\" \\ \n \U0001F426 </script>");
    request.set_signed_number(INT64_MIN);
    request.set_unsigned_number(UINT64_MAX);
    request.set_real_number(-0.1);
    request.set_yes(true);
    request.set_raw(std::string("\0\xff\x80\r\n", 5));
    request.set_mood(MOOD_LOUD);
    request.add_lines()->set_text("first");
    auto& second = *request.add_lines();
    second.add_marks(0);
    second.add_marks(UINT32_MAX);
    (*request.mutable_counts())["한"] = -1;
    (*request.mutable_counts())[""] = INT64_MAX;
    request.set_maybe(0);
    request.mutable_line()->set_text("the second of the either");
    return request;
}

inline FailRequest a_failure(std::string_view code) {
    FailRequest request;
    request.set_code(std::string(code));
    request.set_message("그런 것은 없습니다: \"7\"");
    request.set_reason("no_such_thing");
    request.set_field("thing_id");
    request.set_retry_after_s(17);
    request.set_detail("the table of things is empty");
    return request;
}

inline void echo_says_what_it_was_told(Echo& echo) {
    for (const auto& request : {something_of_everything(), SayRequest{}}) {
        const auto reply = echo.say(a_call(), request);
        REQUIRE(reply.has_value());
        CHECK(reply->said().ShortDebugString() == request.ShortDebugString());
        CHECK(reply->said().has_maybe() == request.has_maybe());
    }
}

inline void echo_knows_who_asks(Echo& echo) {
    Call call{.user = UserId{INT64_MAX}, .until = in(Millis{5'000}), .trace = Trace::start(true)};
    call.idempotency_key = std::string(Call::idempotency_key_bytes_max, '~');
    const auto reply = echo.say(call, {});
    REQUIRE(reply.has_value());
    CHECK(reply->user_id() == INT64_MAX);
    CHECK(reply->idempotency_key() == call.idempotency_key);
    const auto trace = trace_from(reply->traceparent());
    REQUIRE(trace.has_value());
    CHECK(trace->id == call.trace.id);
    CHECK(reply->time_left_ms() > 0);
    CHECK(reply->time_left_ms() <= 5'000);

    const auto nobody = echo.say(a_call(), {});
    REQUIRE(nobody.has_value());
    CHECK(nobody->user_id() == 0);
    CHECK(nobody->idempotency_key().empty());
}

inline void echo_fails_with_all_but_the_detail(Echo& echo) {
    for (const auto code :
         {Code::invalid, Code::unauthenticated, Code::forbidden, Code::not_found, Code::conflict,
          Code::exhausted, Code::deadline, Code::unavailable, Code::internal}) {
        CAPTURE(name(code));
        const auto request = a_failure(name(code));
        const auto reply = echo.fail(a_call(), request);
        REQUIRE(!reply.has_value());
        CHECK(reply.error().code == code);
        CHECK(reply.error().message == request.message());
        CHECK(reply.error().reason == request.reason());
        CHECK(reply.error().field == request.field());
        CHECK(reply.error().retry_after_s == request.retry_after_s());
    }
}

inline void echo_fails_with_nothing_but_a_code(Echo& echo) {
    FailRequest request;
    request.set_code("not_found");
    const auto reply = echo.fail(a_call(), request);
    REQUIRE(!reply.has_value());
    CHECK(reply.error().code == Code::not_found);
    CHECK(reply.error().message.empty());
    CHECK(reply.error().reason.empty());
    CHECK(reply.error().field.empty());
    CHECK(reply.error().retry_after_s == 0);
}

inline void echo_waits_until_the_time_is_up(Echo& echo) {
    const Call call{.until = in(Millis{50})};
    const auto reply = echo.wait(call, {});
    REQUIRE(!reply.has_value());
    CHECK(reply.error().code == Code::deadline);
    CHECK(std::chrono::steady_clock::now() >= call.until - Millis{2});  // a duration crosses, rounded
}

inline void echo_answers_at_length(Echo& echo) {
    LargeRequest request;
    request.set_bytes(3'000'000);
    const auto reply = echo.large(Call{.until = in(Millis{10'000})}, request);
    REQUIRE(reply.has_value());
    CHECK(reply->text() == std::string(3'000'000, 'a'));
}

inline void echo_keeps_its_contract(Echo& echo) {
    echo_says_what_it_was_told(echo);
    echo_knows_who_asks(echo);
    echo_fails_with_all_but_the_detail(echo);
    echo_fails_with_nothing_but_a_code(echo);
    echo_waits_until_the_time_is_up(echo);
    echo_answers_at_length(echo);
}

// What holds for every Echo that callers are given: a local wrapper or a client, never the bare service.
inline void echo_is_guarded(Echo& echo) {
    const auto late = echo.say(Call{.until = in(Millis{0})}, {});
    REQUIRE(!late.has_value());
    CHECK(late.error().code == Code::deadline);

    const auto thrown = echo.throw_(a_call(), {});
    REQUIRE(!thrown.has_value());
    CHECK(thrown.error().code == Code::internal);
    CHECK(thrown.error().message.find("secret") == std::string::npos);

    for (const auto& key : {std::string(Call::idempotency_key_bytes_max + 1, 'k'), std::string("a b"),
                            std::string("a\r\nJebi-User: 1"), std::string("\xc3\xa9"), std::string("\x7f")}) {
        const auto refused = echo.say(Call{.until = in(served_max), .idempotency_key = key}, {});
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == Code::invalid);
    }
}

}  // namespace jebi::rpc::testing
