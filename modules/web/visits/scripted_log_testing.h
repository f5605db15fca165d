// A log service for tests that takes POST /log and does what the test says, well or badly.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kit/fiber/socket.h"

namespace jebi::web {

inline Deadline soon() {
    return in(Millis{20'000});
}

// A folder that goes away with the test.
class Folder {
public:
    Folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_ = "/tmp/jebi-web-XXXXXX";
};

class ScriptedLog {
public:
    enum class Mode : std::uint8_t {
        takes,             // 200
        silent,            // reads, and never answers
        garbage,           // answers what is no HTTP
        status,            // answers `status`, and Retry-After when `retry_after_s` is not 0
        takes_and_leaves,  // keeps the lines, and closes in the middle of its answer
        picky,             // 400 for a batch that has a line with "bad" in it, else 200
        small,             // 413 for a batch of over `lines_max` lines, else 200
    };
    std::atomic<Mode> mode = Mode::takes;
    std::atomic<int> status = 500;
    std::atomic<int> retry_after_s = 0;
    std::atomic<std::size_t> lines_max = 3;
    std::atomic<int> requests = 0;

    ScriptedLog() { start(); }
    ~ScriptedLog() { stop(); }

    // Closes the port; connections end when their next request has come.
    void stop() {
        if (!listener_) return;
        listener_->close();
        gate_.close();
        stopping_.set();
        CHECK(gate_.wait_until(soon()));
        listener_.reset();
    }
    const fiber::Address& address() const { return address_; }

    std::vector<std::string> lines() const {
        const std::lock_guard lock{mutex_};
        return lines_;
    }
    // The same without what came again: by the first time that each arrived.
    std::vector<std::string> distinct() const {
        std::vector<std::string> once;
        std::map<std::string, int> seen;
        for (const std::string& line : lines())
            if (seen[line]++ == 0) once.push_back(line);
        return once;
    }

private:
    void start() {
        listener_.emplace(fiber::Listener::open(loops_, fiber::Address::from("127.0.0.1:0").value()).value());
        address_ = listener_->address();
        listener_->start([this](fiber::Socket socket) {
            const auto pass = gate_.enter();
            while (pass && !stopping_.is_set() && serve(socket)) {
            }
        });
    }

    bool serve(fiber::Socket& socket) {
        std::string got;
        while (!stopping_.is_set()) {
            const auto head = got.find("\r\n\r\n");
            const auto length = got.find("Content-Length: ");
            if (head != std::string::npos && length != std::string::npos &&
                got.size() >= head + 4 + std::stoul(got.substr(length + 16))) {
                ++requests;
                return answer(socket, got.substr(head + 4));
            }
            char bytes[65536];
            const auto count = socket.read_some(bytes, in(Millis{100}));
            if (!count && count.error().code == Code::deadline) continue;
            if (!count || *count == 0) return false;
            got.append(bytes, *count);
        }
        return false;
    }

    bool answer(fiber::Socket& socket, const std::string& body) {
        switch (mode) {
            case Mode::takes:
                return take(socket, body);
            case Mode::silent: {
                char bytes[64];
                while (!stopping_.is_set()) {
                    const auto count = socket.read_some(bytes, in(Millis{50}));
                    if (!count && count.error().code == Code::deadline) continue;
                    return false;
                }
                return false;
            }
            case Mode::garbage:
                static_cast<void>(socket.write("\x01\x02 no such thing as an answer\r\n\r\n", soon()));
                return false;
            case Mode::status:
                return say(socket, status, retry_after_s);
            case Mode::takes_and_leaves:
                keep(body);
                static_cast<void>(
                    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"acce", soon()));
                return false;
            case Mode::picky:
                return body.find("bad") != std::string::npos ? say(socket, 400, 0) : take(socket, body);
            case Mode::small:
                return count_of(body) > lines_max ? say(socket, 413, 0) : take(socket, body);
        }
        return false;
    }

    bool take(fiber::Socket& socket, const std::string& body) {
        keep(body);
        return say(socket, 200, 0);
    }
    static bool say(fiber::Socket& socket, int what, int after_s) {
        const std::string after = after_s > 0 ? "Retry-After: " + std::to_string(after_s) + "\r\n" : "";
        return socket
            .write("HTTP/1.1 " + std::to_string(what) + " Said\r\nContent-Length: 2\r\n" + after + "\r\nok",
                   soon())
            .has_value();
    }
    static std::size_t count_of(const std::string& body) {
        return static_cast<std::size_t>(std::ranges::count(body, '\n'));
    }
    void keep(std::string_view body) {
        const std::lock_guard lock{mutex_};
        while (!body.empty()) {
            lines_.emplace_back(body.substr(0, body.find('\n')));
            body.remove_prefix(std::min(body.size(), lines_.back().size() + 1));
        }
    }

    fiber::Loops loops_{1};
    fiber::Gate gate_;
    fiber::Event stopping_;
    std::optional<fiber::Listener> listener_;
    fiber::Address address_;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace jebi::web
