// What the tests of this room share.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>

#include "kit/fiber/socket.h"
#include "kit/http/reader_testing.h"

namespace jebi::http {

// New each time, unless JEBI_SEED says which.
inline unsigned test_seed() {
    const char* const given = std::getenv("JEBI_SEED");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    const unsigned seed =
        given == nullptr ? std::random_device{}() : static_cast<unsigned>(std::stoul(given));
    MESSAGE("JEBI_SEED=", seed);
    return seed;
}

inline Deadline soon() {
    return in(Millis{20'000});
}

// A folder for sockets and files that goes away with the test.
class Folder {
public:
    Folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_ = "/tmp/jebi-http-XXXXXX";
};

// The other end of a connection: bytes as the test says them, bytes as they come.
class RawClient {
public:
    explicit RawClient(const fiber::Address& to) : socket_(fiber::Socket::connect(to, soon()).value()) {}

    // False when the server has closed.
    bool send(std::string_view bytes) { return socket_.write(bytes, soon()).has_value(); }
    void finish() { socket_.finish_writing(); }

    // All up to and with `end`, or up to the connection's end.
    std::string read_until(std::string_view end) {
        while (got_.find(end) == std::string::npos && read_some()) {
        }
        const auto found = got_.find(end);
        return take(found == std::string::npos ? got_.size() : found + end.size());
    }
    std::string read_to_end() {
        while (read_some()) {
        }
        return take(got_.size());
    }
    // Some of what comes; empty when the server has closed.
    std::string read_some_bytes() {
        if (got_.empty()) read_some();
        return take(got_.size());
    }
    // One answer: its head, and as much of a body as its Content-Length says.
    std::string read_answer() {
        std::string answer = read_until("\r\n\r\n");
        const auto at = answer.find("Content-Length: ");
        const std::size_t length = at == std::string::npos ? 0 : std::stoul(answer.substr(at + 16));
        while (got_.size() < length && read_some()) {
        }
        return answer + take(std::min(length, got_.size()));
    }

private:
    bool read_some() {
        char bytes[65536];
        const auto count = socket_.read_some(bytes, soon());
        if (!count || *count == 0) return false;
        got_.append(bytes, *count);
        return true;
    }
    std::string take(std::size_t size) {
        std::string text = got_.substr(0, size);
        got_.erase(0, size);
        return text;
    }

    fiber::Socket socket_;
    std::string got_;
};

// 200 for "HTTP/1.1 200 OK...", 0 for what is no answer.
inline int status_of_answer(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}
inline std::string body_of_answer(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    return std::string(end == std::string_view::npos ? "" : answer.substr(end + 4));
}
inline bool has_line(std::string_view answer, std::string_view line) {
    return answer.find("\r\n" + std::string(line) + "\r\n") != std::string_view::npos;
}

}  // namespace jebi::http
