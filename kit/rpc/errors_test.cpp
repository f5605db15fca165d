#include "kit/rpc/errors.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

namespace jebi::rpc {

namespace {

constexpr auto our_codes = {Code::invalid,   Code::unauthenticated, Code::forbidden,
                            Code::not_found, Code::conflict,        Code::exhausted,
                            Code::deadline,  Code::unavailable,     Code::internal};

}  // namespace

// From https://connectrpc.com/docs/protocol#error-codes.
TEST_CASE("the table is Connect's") {
    const std::map<std::string_view, int> connect = {{"canceled", 499},
                                                     {"unknown", 500},
                                                     {"invalid_argument", 400},
                                                     {"deadline_exceeded", 504},
                                                     {"not_found", 404},
                                                     {"already_exists", 409},
                                                     {"permission_denied", 403},
                                                     {"resource_exhausted", 429},
                                                     {"failed_precondition", 400},
                                                     {"aborted", 409},
                                                     {"out_of_range", 400},
                                                     {"unimplemented", 501},
                                                     {"internal", 500},
                                                     {"unavailable", 503},
                                                     {"data_loss", 500},
                                                     {"unauthenticated", 401}};
    CHECK(wire_codes().size() == connect.size());
    for (const auto& [name, status] : connect) {
        CAPTURE(name);
        REQUIRE(wire_code(name) != nullptr);
        CHECK(wire_code(name)->status == status);
    }
    CHECK(wire_code("") == nullptr);
    CHECK(wire_code("NOT_FOUND") == nullptr);
}

TEST_CASE("each of our codes is sent as one of Connect's and comes back as itself") {
    std::set<std::string_view> sent;
    for (const auto code : our_codes) {
        CHECK(wire_code(wire_code(code).name)->code == code);
        sent.insert(wire_code(code).name);
    }
    CHECK(sent == std::set<std::string_view>{"invalid_argument", "unauthenticated", "permission_denied",
                                             "not_found", "already_exists", "resource_exhausted",
                                             "deadline_exceeded", "unavailable", "internal"});
}

TEST_CASE("what only foreign programs send becomes the nearest of ours") {
    CHECK(wire_code("out_of_range")->code == Code::invalid);
    CHECK(wire_code("aborted")->code == Code::conflict);
    CHECK(wire_code("failed_precondition")->code == Code::conflict);
    CHECK(wire_code("canceled")->code == Code::deadline);
    for (const auto* name : {"unimplemented", "unknown", "data_loss"})
        CHECK(wire_code(name)->code == Code::internal);
}

TEST_CASE("an error is answered with all but its detail, and read again") {
    for (const auto code : our_codes) {
        const auto sent =
            error(code, "그런 것은 없습니다.").because("gone").at("id").after_s(3).detailed("secret");
        const auto answer = answer_of(sent);
        CHECK(answer.status == wire_code(code).status);
        CHECK(answer.fields.get("Content-Type") == "application/json");
        CHECK(answer.fields.get("Retry-After") == "3");
        CHECK(answer.body.find("secret") == std::string::npos);
        const auto read = error_of(answer.status, "application/json", answer.body);
        CHECK(read.code == code);
        CHECK(read.message == sent.message);
        CHECK(read.reason == "gone");
        CHECK(read.field == "id");
        CHECK(read.retry_after_s == 3);
        CHECK(read.detail.empty());
    }
}

TEST_CASE("an error that says little is written short") {
    CHECK(answer_of(error(Code::not_found, "")).body == R"({"code":"not_found"})");
    CHECK(answer_of(error(Code::conflict, "Taken.")).body ==
          R"({"code":"already_exists","message":"Taken."})");
    CHECK(!answer_of(error(Code::conflict, "Taken.")).fields.get("Retry-After"));
    const auto unnamed = answer_of(error(Code::invalid, "x"), "unknown", 415);
    CHECK(unnamed.status == 415);
    CHECK(unnamed.body == R"({"code":"unknown","message":"x"})");
}

// The bytes of {reason: "gone", field: "id", retry_after_s: 3} by hand: base64 without padding is what
// Connect asks for.
TEST_CASE("details are protobuf in base64 without padding") {
    const auto body = answer_of(error(Code::not_found, "").because("gone").at("id").after_s(3)).body;
    CHECK(body ==
          R"({"code":"not_found","details":[{"type":"jebi.rpc.v1.ErrorInfo","value":"CgRnb25lEgJpZBgD"}]})");
    const auto longer = answer_of(error(Code::not_found, "").because("gone!")).body;
    CHECK(longer ==
          R"({"code":"not_found","details":[{"type":"jebi.rpc.v1.ErrorInfo","value":"CgVnb25lIQ"}]})");
    const auto padded =
        R"({"code":"not_found","details":[{"type":"jebi.rpc.v1.ErrorInfo","value":"CgVnb25lIQ=="}]})";
    CHECK(error_of(404, "application/json", padded).reason == "gone!");
}

TEST_CASE("the status alone is read by Connect's table") {
    const std::map<int, Code> inferred = {
        {400, Code::internal},    {401, Code::unauthenticated}, {403, Code::forbidden},
        {404, Code::internal},    {429, Code::unavailable},     {502, Code::unavailable},
        {503, Code::unavailable}, {504, Code::unavailable},     {500, Code::internal},
        {409, Code::internal},    {415, Code::internal},        {201, Code::internal},
        {302, Code::internal},    {599, Code::internal}};
    for (const auto& [status, code] : inferred) {
        CAPTURE(status);
        CHECK(inferred_from(status) == code);
        const auto read = error_of(status, "text/html", R"({"code":"not_found"})");
        CHECK(read.code == code);
        CHECK(!read.message.empty());
        CHECK(read.detail.find(std::to_string(status)) != std::string::npos);
    }
}

TEST_CASE("a body that is no Connect error is passed over") {
    for (const auto* body :
         {"", "{", "[]", "null", "\"not_found\"", R"({"message":"x"})", R"({"code":7})",
          R"({"code":"NOT_FOUND"})", R"({"code":"no_such_code","message":"x"})", "{\"code\":\"\xff\"}"}) {
        CAPTURE(body);
        CHECK(error_of(503, "application/json", body).code == Code::unavailable);
        CHECK(error_of(418, "application/json", body).code == Code::internal);
    }
    const std::string endless =
        R"({"code":"not_found","message":")" + std::string(error_bytes_max, 'a') + R"("})";
    CHECK(error_of(503, "application/json", endless).code == Code::unavailable);
}

TEST_CASE("the code in the body wins over the status") {
    CHECK(error_of(500, "application/json; charset=utf-8", R"({"code":"not_found"})").code ==
          Code::not_found);
}

TEST_CASE("what is odd in an error does not spoil the rest of it") {
    const auto error =
        error_of(404, "application/json", R"({"code":"not_found","message":"Gone.","more":{},"details":[
        7, {}, {"type":7}, {"type":"jebi.rpc.v1.ErrorInfo"}, {"type":"jebi.rpc.v1.ErrorInfo","value":"*"},
        {"type":"jebi.rpc.v1.ErrorInfo","value":"/////w"}, {"type":"other.Detail","value":"CgRnb25l","debug":{"a":[1]}}]})");
    CHECK(error.code == Code::not_found);
    CHECK(error.message == "Gone.");
    CHECK(error.reason.empty());
    CHECK(error_of(404, "application/json", R"({"code":"not_found","message":7,"details":{}})").code ==
          Code::not_found);
    // retry_after_s: -1
    const auto negative =
        R"({"code":"not_found","details":[{"type":"jebi.rpc.v1.ErrorInfo","value":"GP///////////wE"}]})";
    CHECK(error_of(404, "application/json", negative).retry_after_s == 0);
}

TEST_CASE("what holds for one hop is known, and whether the call has not happened") {
    for (const auto reason : {not_connected, overloaded, left_alone, queue_full}) {
        CHECK(is_of_one_hop(reason));
        CHECK(has_not_happened(error(Code::unavailable, "").because(std::string(reason))));
    }
    CHECK(is_of_one_hop(bad_answer));
    CHECK(!has_not_happened(error(Code::unavailable, "").because(std::string(bad_answer))));
    CHECK(!has_not_happened(error(Code::unavailable, "")));
    CHECK(!is_of_one_hop("absent"));
}

}  // namespace jebi::rpc
