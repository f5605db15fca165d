#include "kit/http/websocket_frames.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "kit/http/websocket_testing.h"

using namespace jebi;
using namespace jebi::http;
using namespace std::string_literals;

namespace {

constexpr std::size_t bytes_max = 70'000;

// What arrives of bytes that come in pieces of `piece_size`: "text hello", "close 1000 bye", and in the end
// "refused 1002" when it comes to that.
std::vector<std::string> arrivals(std::string_view bytes, std::size_t piece_size, bool from_client = true) {
    static const char* const names[] = {"", "text", "binary", "", "", "", "", "", "close", "ping", "pong"};
    FrameReader reader{from_client, bytes_max};
    std::vector<std::string> found;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto count = reader.take(bytes.substr(at, piece_size));
        if (!count) {
            found.push_back("refused " + std::to_string(static_cast<int>(count.error())));
            return found;
        }
        at += *count;
        const auto arrived = reader.arrived();
        if (!arrived) continue;
        std::string line = names[static_cast<int>(arrived->opcode)];
        if (arrived->opcode == Opcode::close) line += " " + std::to_string(static_cast<int>(arrived->code));
        found.push_back(line + " " + arrived->bytes);
    }
    return found;
}

std::vector<std::string> arrivals(std::string_view bytes) {
    return arrivals(bytes, bytes.size());
}

std::string only_arrival(std::string_view bytes) {
    const auto all = arrivals(bytes);
    return all.size() == 1 ? all[0] : std::to_string(all.size()) + " arrivals";
}

// A masked frame with this first byte and this length as it is written, and no payload.
std::string head(unsigned first, const std::string& length) {
    return std::string(1, static_cast<char>(first)) + length + std::string(test_mask.data(), 4);
}

}  // namespace

TEST_CASE("the RFC's own frames are read and written") {
    std::string frame;
    append_frame(frame, Opcode::text, "Hello");
    CHECK(frame == "\x81\x05Hello");
    frame.clear();
    append_frame(frame, Opcode::text, "Hello", Mask{'\x37', '\xfa', '\x21', '\x3d'});
    CHECK(frame == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
    CHECK(only_arrival(frame) == "text Hello");
    CHECK(arrivals("\x01\x03Hel\x80\x02lo"s, 1, false) == std::vector<std::string>{"text Hello"});
    CHECK(arrivals("\x8a\x05Hello"s, 1, false) == std::vector<std::string>{"pong Hello"});
}

TEST_CASE("frames of every length come through, wherever they are cut") {
    for (const unsigned size : {0u, 1u, 124u, 125u, 126u, 127u, 65535u, 65536u, 70000u}) {
        CAPTURE(size);
        const std::string text(size, 'x');
        const std::string bytes = client_frame(Opcode::text, text) + client_frame(Opcode::ping, "p");
        for (const std::size_t piece : {1u, 2u, 7u, 4096u, 100'000u})
            CHECK(arrivals(bytes, piece) == std::vector<std::string>{"text " + text, "ping p"});
    }
}

TEST_CASE("control frames may stand between the pieces of a message") {
    const std::string bytes = client_frame(Opcode::text, "제", false) + client_frame(Opcode::ping, "there?") +
                              client_frame(Opcode::continuation, "비", false) +
                              client_frame(Opcode::continuation, "") + client_frame(Opcode::binary, "\xff");
    for (std::size_t piece = 1; piece < bytes.size(); ++piece)
        CHECK(arrivals(bytes, piece) == std::vector<std::string>{"ping there?", "text 제비", "binary \xff"});
}

TEST_CASE("a character may be cut between two pieces of a message") {
    CHECK(only_arrival(client_frame(Opcode::text, "\xec\xa0", false) +
                       client_frame(Opcode::continuation, "\x9c")) == "text 제");
}

TEST_CASE("what the RFC forbids is refused with its code") {
    const std::string length_0 = "\x80";
    CHECK(only_arrival(head(0xc1, length_0)) == "refused 1002");  // a reserved bit
    CHECK(only_arrival(head(0x83, length_0)) == "refused 1002");  // a reserved opcode
    CHECK(only_arrival(head(0x8b, length_0)) == "refused 1002");
    CHECK(only_arrival("\x81\x01x"s) == "refused 1002");  // no mask
    CHECK(arrivals(client_frame(Opcode::text, "x"), 100, false)[0] == "refused 1002");
    CHECK(only_arrival(head(0x81, "\xfe\x00\x7d"s)) == "refused 1002");  // a length that is written too long
    CHECK(only_arrival(head(0x81, "\xff\x00\x00\x00\x00\x00\x00\xff\xff"s)) == "refused 1002");
    CHECK(only_arrival(head(0x09, length_0)) == "refused 1002");         // a ping in pieces
    CHECK(only_arrival(head(0x89, "\xfe\x00\x7e"s)) == "refused 1002");  // a long ping
    CHECK(only_arrival(client_frame(Opcode::continuation, "x")) == "refused 1002");
    CHECK(only_arrival(client_frame(Opcode::text, "x", false) + client_frame(Opcode::text, "y")) ==
          "refused 1002");
    CHECK(only_arrival(client_frame(Opcode::text, "\xff")) == "refused 1007");
    CHECK(only_arrival(client_frame(Opcode::text, "\xed\xa0\x80")) == "refused 1007");  // half a surrogate
}

TEST_CASE("a message that is too large is refused at its head, also in pieces") {
    CHECK(only_arrival(head(0x81, "\xff\x7f\xff\xff\xff\xff\xff\xff\xff"s)) == "refused 1009");
    CHECK(only_arrival(head(0x82, "\xff\xff\xff\xff\xff\xff\xff\xff\xff"s)) == "refused 1009");
    const std::string half(bytes_max / 2 + 1, 'x');
    CHECK(only_arrival(client_frame(Opcode::text, half, false) +
                       client_frame(Opcode::continuation, half).substr(0, 20)) == "refused 1009");
}

TEST_CASE("a message of endless empty pieces is refused") {
    std::string bytes = client_frame(Opcode::text, "", false);
    for (int i = 0; i < 2000; ++i)
        bytes += client_frame(Opcode::continuation, "", false);
    CHECK(only_arrival(bytes) == "refused 1008");
}

TEST_CASE("close frames say why, when they say it rightly") {
    const auto close = [](const std::string& payload) {
        return only_arrival(client_frame(Opcode::close, payload));
    };
    CHECK(close("") == "close 1005 ");
    CHECK(close("\x03\xe8"s) == "close 1000 ");
    CHECK(close("\x03\xe9제비"s) == "close 1001 제비");
    CHECK(close("\x0b\xb8"s) == "close 3000 ");
    CHECK(close("\x13\x87"s) == "close 4999 ");
    for (const std::string& wrong : {"\x03"s, "\x00\x00"s, "\x03\xe7"s, "\x03\xec"s, "\x03\xed"s, "\x03\xee"s,
                                     "\x03\xf7"s, "\x0b\xb7"s, "\x13\x88"s, "\xff\xff"s})
        CHECK(close(wrong) == "refused 1002");
    CHECK(close("\x03\xe8\xff"s) == "refused 1007");
}

TEST_CASE("a close frame's reason is cut at a character's end") {
    std::string reason;
    while (reason.size() < 200)
        reason += "제";
    const std::string payload = close_payload(CloseCode::policy, reason);
    CHECK(payload.size() <= control_bytes_max);
    CHECK(only_arrival(client_frame(Opcode::close, payload)) == "close 1008 " + payload.substr(2));
    CHECK(close_payload(CloseCode::none, "x").empty());
}

TEST_CASE("random frames, cut at random, are read the same as in one piece") {
    std::mt19937 random{test_seed()};
    for (int round = 0; round < 300; ++round) {
        std::string bytes;
        for (int i = 0; i < 6; ++i) {
            const auto opcode = static_cast<Opcode>(random() % 11);
            bytes += client_frame(opcode, std::string(random() % 200, static_cast<char>(random() % 256)),
                                  random() % 4 != 0);
        }
        if (random() % 2 == 0) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        const auto whole = arrivals(bytes);
        for (int cut = 0; cut < 3; ++cut)
            REQUIRE(arrivals(bytes, 1 + random() % 50) == whole);
    }
}
