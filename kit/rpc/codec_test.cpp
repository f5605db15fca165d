#include "kit/rpc/codec.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "kit/rpc/rpc.h"
#include "kit/rpc/testing/echo_contract.h"

namespace jebi::rpc::testing {

namespace {

Result<SayRequest> read(Codec codec, std::string_view bytes) {
    SayRequest request;
    TRY_VOID(decode(codec, bytes, request));
    return request;
}

Code refusal(Codec codec, std::string_view bytes) {
    const auto request = read(codec, bytes);
    REQUIRE(!request.has_value());
    return request.error().code;
}

}  // namespace

TEST_CASE("the content type names the codec, whatever its case and parameters") {
    for (const auto* type :
         {"application/proto", "Application/PROTO", " application/proto ", "application/proto;x=1"}) {
        CHECK(codec_of(type) == Codec::proto);
    }
    for (const auto* type : {"application/json", "APPLICATION/JSON", "application/json;charset=utf-8",
                             "application/json ; charset=UTF-8", "application/json; charset=\"utf-8\"",
                             "application/json; a=b; charset=utf-8;"}) {
        CHECK(codec_of(type) == Codec::json);
    }
    for (const auto* type :
         {"", ";", "application", "text/plain", "application/jsonx", "application/connect+json",
          "application/connect+proto", "application/grpc", "application/json; charset=latin1",
          "application/json;a=b;charset=utf-16", "application/json; charset"}) {
        CAPTURE(type);
        CHECK(!codec_of(type));
    }
}

TEST_CASE("a message is the same after either codec") {
    for (const auto codec : {Codec::proto, Codec::json}) {
        for (const auto& request : {something_of_everything(), SayRequest{}}) {
            const auto bytes = encode(codec, request);
            REQUIRE(bytes.has_value());
            const auto again = read(codec, *bytes);
            REQUIRE(again.has_value());
            CHECK(again->ShortDebugString() == request.ShortDebugString());
        }
    }
}

TEST_CASE("JSON is protobuf's canonical mapping") {
    SayRequest request;
    request.set_signed_number(-7);
    request.set_unsigned_number(UINT64_MAX);
    request.set_raw("\xff\xfe");
    request.set_mood(MOOD_CALM);
    request.set_maybe(0);
    CHECK(
        encode(Codec::json, request).value_or("") ==
        R"({"signedNumber":"-7","unsignedNumber":"18446744073709551615","raw":"//4=","mood":"MOOD_CALM","maybe":0})");
    const auto read_back =
        read(Codec::json, R"({"signed_number": -7, "unsignedNumber": 7, "raw": "__4", "mood": 1,
                                                 "maybe": null, "lines": [], "realNumber": "Infinity"})");
    REQUIRE(read_back.has_value());
    CHECK(read_back->signed_number() == -7);
    CHECK(read_back->unsigned_number() == 7);
    CHECK(read_back->raw() == "\xff\xfe");
    CHECK(read_back->mood() == MOOD_CALM);
    CHECK(!read_back->has_maybe());
}

TEST_CASE("unknown fields are passed over in both codecs") {
    const auto json =
        read(Codec::json, R"({"later": {"deep": [1, null]}, "mood": "MOOD_LATER", "text": "a"})");
    REQUIRE(json.has_value());
    CHECK(json->text() == "a");
    const auto proto = read(Codec::proto, std::string("\x0a\x01"
                                                      "a"
                                                      "\xfa\x07\x01"
                                                      "b",
                                                      7));
    REQUIRE(proto.has_value());
    CHECK(proto->text() == "a");
}

TEST_CASE("an empty body is an empty message in protobuf and nothing in JSON") {
    CHECK(read(Codec::proto, "").has_value());
    CHECK(refusal(Codec::json, "") == Code::invalid);
    CHECK(read(Codec::json, "{}").has_value());
}

TEST_CASE("bytes that are no message are invalid") {
    for (const auto bytes : {std::string_view("\x0a\x05"
                                              "a",
                                              3),
                             std::string_view("\xff\xff\xff", 3), std::string_view("\x0a\x01\xff", 3),
                             std::string_view("\x00\x00", 2)}) {
        CHECK(refusal(Codec::proto, bytes) == Code::invalid);
    }
    for (const std::string& bytes :
         {std::string("{"), std::string("[]"), std::string("7"), std::string("null"),
          std::string("{\"text\":7}"), std::string("{\"text\":\"a\"} x"),
          std::string("{\"signedNumber\":\"1.5\"}"), std::string("{\"yes\":\"maybe\"}"),
          std::string("{\"signedNumber\":9223372036854775808}"), std::string("{\"raw\":\"*\"}"),
          std::string("{\"text\":\"\xff\"}"), std::string("\0", 1),
          std::string("{\"word\":\"a\",\"line\":{}}")}) {
        CAPTURE(bytes);
        CHECK(refusal(Codec::json, bytes) == Code::invalid);
    }
}

TEST_CASE("a refusal is short, however long what it quotes") {
    const auto refused = read(Codec::json, R"({"unsignedNumber":")" + std::string(100'000, '9') + "한\"}");
    REQUIRE(!refused.has_value());
    CHECK(refused.error().message.size() < 400);
    CHECK(refused.error().message.find("unsigned_number") != std::string::npos);
}

TEST_CASE("nesting without end is invalid, not a crash") {
    std::string json;
    for (int i = 0; i < 100'000; ++i)
        json += "{\"x\":";
    CHECK(refusal(Codec::json, json) == Code::invalid);
    CHECK(refusal(Codec::json, std::string(100'000, '[')) == Code::invalid);
}

TEST_CASE("too large a message is exhausted, in and out") {
    SayRequest request;
    request.set_text(std::string(message_bytes_max, 'a'));
    CHECK(encode(Codec::proto, request).error().code == Code::exhausted);
    CHECK(encode(Codec::json, request).error().code == Code::exhausted);
    CHECK(refusal(Codec::proto, std::string(message_bytes_max + 1, ' ')) == Code::exhausted);
    CHECK(refusal(Codec::json, std::string(message_bytes_max + 1, ' ')) == Code::exhausted);
}

TEST_CASE("damaged messages are read or refused, never worse") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (const auto codec : {Codec::proto, Codec::json}) {
        const auto whole = encode(codec, something_of_everything());
        REQUIRE(whole.has_value());
        for (int round = 0; round < 2'000; ++round) {
            auto bytes = *whole;
            for (int i = 0; i < 3; ++i)
                bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
            bytes.resize(random() % 8 == 0 ? random() % bytes.size() : bytes.size());
            const auto message = read(codec, bytes);
            if (!message) CHECK(message.error().code == Code::invalid);
        }
    }
}

}  // namespace jebi::rpc::testing
