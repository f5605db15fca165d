#include "kit/chaos/fault.h"

#include <doctest/doctest.h>

namespace jebi::chaos {

TEST_CASE("a fault is what it was written as") {
    const auto fault = fault_from(
        R"({"fault": "slow", "ms": 2000, "for_ms": 10000, "share": 0.5, "seed": 7, "side": "calling",
            "service": "jebi.tweets.v1.Tweets"})");
    REQUIRE(fault.has_value());
    CHECK(fault->kind == Kind::slow);
    CHECK(fault->delay == Millis{2'000});
    CHECK(fault->lasts == Millis{10'000});
    CHECK(fault->share == 0.5);
    CHECK(fault->seed == 7);
    CHECK(fault->side == Side::calling);
    CHECK(fault->service == "jebi.tweets.v1.Tweets");
    CHECK(json_of(*fault_from(json_of(*fault))) == json_of(*fault));
    const auto failing = fault_from(R"({"fault": "error", "for_ms": 1, "code": "internal"})");
    REQUIRE(failing.has_value());
    CHECK(failing->code == Code::internal);
    CHECK(json_of(*fault_from(json_of(*failing))) == json_of(*failing));
}

TEST_CASE("a fault without an end, out of bounds or misspelt is refused with what is wrong") {
    const auto field_of = [](std::string_view json) {
        const auto fault = fault_from(json);
        return fault ? "taken" : fault.error().field;
    };
    CHECK(field_of(R"({"fault": "cut"})") == "for_ms");
    CHECK(field_of(R"({"fault": "cut", "for_ms": 0})") == "for_ms");
    CHECK(field_of(R"({"fault": "cut", "for_ms": -1})") == "for_ms");
    CHECK(field_of(R"({"fault": "cut", "for_ms": 600001})") == "for_ms");
    CHECK(field_of(R"({"fault": "cut", "for_ms": 600000})") == "taken");
    CHECK(field_of(R"({"fault": "slow", "for_ms": 1})") == "ms");
    CHECK(field_of(R"({"fault": "slow", "for_ms": 1, "ms": 60001})") == "ms");
    CHECK(field_of(R"({"fault": "slow", "for_ms": 1, "ms": "9"})") == "ms");
    CHECK(field_of(R"({"fault": "error", "for_ms": 1, "share": 0})") == "share");
    CHECK(field_of(R"({"fault": "error", "for_ms": 1, "share": 1.1})") == "share");
    CHECK(field_of(R"({"fault": "error", "for_ms": 1, "share": 1})") == "taken");
    CHECK(field_of(R"({"fault": "error", "for_ms": 1, "code": "not_found"})") == "code");
    CHECK(field_of(R"({"fault": "error", "for_ms": 1, "side": "both"})") == "side");
    CHECK(field_of(R"({"fault": "cut", "for_ms": 1, "percent": 5})") == "percent");
    CHECK(field_of(R"({"fault": "cut", "for_ms": 1, "service": ")" + std::string(201, 'x') + "\"}") ==
          "service");
    CHECK_FALSE(fault_from("[]").has_value());
    CHECK_FALSE(fault_from("{").has_value());
    CHECK(kind_from("disc-full").error().message.contains("Did you mean \"disk-full\"?"));
}

}  // namespace jebi::chaos
