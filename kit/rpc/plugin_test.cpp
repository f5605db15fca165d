// Names that the plugin has to take care of; that this compiles is most of the test.
#include <doctest/doctest.h>

#include <string>

#include "kit/rpc/testing/odd_names.jebi.h"

namespace jebi::rpc::testing::odd {

namespace {

class FirstService final : public First {
public:
    Result<Outer> delete_(const Call& /*call*/, const Outer& request) override { return request; }
    Result<rpc::v1::ErrorInfo> http_port(const Call& /*call*/, const Outer::Inner& request) override {
        rpc::v1::ErrorInfo info;
        info.set_field(std::to_string(request.port()));
        return info;
    }
};

class SecondService final : public SecondOne {
public:
    Result<Outer> get_v2(const Call& /*call*/, const Outer& request) override { return request; }
};

}  // namespace

TEST_CASE("methods are named as C++ wants it, and as the wire does") {
    FirstService first;
    SecondService second;
    const auto table = methods(first);
    REQUIRE(table.size() == 2);
    CHECK(table[0].method.service == "jebi.rpc.testing.odd.v2.First");
    CHECK(table[0].method.name == "Delete");
    CHECK(table[1].method.name == "HTTPPort");
    REQUIRE(methods(second).size() == 1);
    CHECK(methods(second)[0].method.service == "jebi.rpc.testing.odd.v2.SecondOne");
    CHECK(methods(second)[0].method.name == "GetV2");
}

TEST_CASE("types from inside another and from another file are found") {
    FirstService service;
    FirstLocal first(service, {});
    Outer::Inner request;
    request.set_port(80);
    const auto reply = first.http_port(Call{}, request);
    REQUIRE(reply.has_value());
    CHECK(reply->field() == "80");
}

TEST_CASE("where nobody keeps a contract, every call says so") {
    FirstAbsent nobody;
    const auto reply = nobody.delete_(Call{}, Outer{});
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().code == Code::unavailable);
    CHECK(reply.error().reason == "absent");
    CHECK(reply.error().detail.find("First") != std::string::npos);
}

}  // namespace jebi::rpc::testing::odd
