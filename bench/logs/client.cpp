#include "bench/logs/client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace jebi::bench {

namespace {

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

int connected(std::uint16_t port) {
    const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(number, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
        give_up("nobody listens on port " + std::to_string(port));
    const int on = 1;
    ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return number;
}

// The number that stands after `before` in the text, if that is there.
bool find_number(std::string_view text, std::string_view before, int base, std::size_t& number) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return false;
    const char* begin = text.data() + at + before.size();
    return std::from_chars(begin, text.data() + text.size(), number, base).ec == std::errc{};
}

std::string lower(std::string_view text) {
    std::string low{text};
    for (char& letter : low)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + ('a' - 'A'));
    return low;
}

}  // namespace

HttpConnection::~HttpConnection() {
    disconnect();
}

void HttpConnection::disconnect() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
    received_.clear();
}

HttpAnswer HttpConnection::get(std::string_view target) {
    return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", {});
}

HttpAnswer HttpConnection::post(std::string_view target, std::string_view type, std::string_view body) {
    std::string head = "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: ";
    head.append(type).append("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    return ask(head, body);
}

HttpAnswer HttpConnection::ask(const std::string& head, std::string_view body) {
    // A server may end an idle connection at any time: then a new one is tried, once.
    for (const bool is_new : {number_ < 0, true}) {
        if (is_new) disconnect();
        if (number_ < 0) number_ = connected(port_);
        if (send(head, body) && receive()) return read_answer();
        if (is_new) break;
    }
    give_up("a connection broke");
}

bool HttpConnection::send(std::string_view head, std::string_view body) {
    while (!head.empty() || !body.empty()) {
        std::array<iovec, 2> pieces{
            {{const_cast<char*>(head.data()), head.size()}, {const_cast<char*>(body.data()), body.size()}}};
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        const ssize_t sent = ::sendmsg(number_, &message, MSG_NOSIGNAL);
        if (sent < 0) return false;
        const auto of_head = std::min(head.size(), static_cast<std::size_t>(sent));
        head.remove_prefix(of_head);
        body.remove_prefix(static_cast<std::size_t>(sent) - of_head);
    }
    return true;
}

bool HttpConnection::receive() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(number_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

HttpAnswer HttpConnection::read_answer() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
        if (!receive()) give_up("an answer ended early");
    const std::string head = lower(std::string_view{received_}.substr(0, end));
    std::size_t status = 0, length = 0;
    find_number(head, " ", 10, status);
    HttpAnswer answer{.status = static_cast<int>(status), .body = {}};
    if (head.find("transfer-encoding: chunked") != std::string::npos) {
        answer.body = read_chunks(end + 4);
    } else {
        find_number(head, "content-length: ", 10, length);
        while (received_.size() < end + 4 + length)
            if (!receive()) give_up("an answer ended early");
        answer.body = received_.substr(end + 4, length);
        received_.erase(0, end + 4 + length);
    }
    if (head.find("connection: close") != std::string::npos) disconnect();
    return answer;
}

std::string HttpConnection::read_chunks(std::size_t at) {
    std::string body;
    for (std::size_t size = 1; size > 0;) {
        std::size_t line_end = 0;
        while ((line_end = received_.find("\r\n", at)) == std::string::npos)
            if (!receive()) give_up("an answer ended early");
        if (!find_number(std::string_view{received_}.substr(at, line_end - at), "", 16, size))
            give_up("an answer's chunk has no size");
        at = line_end + 2;
        while (received_.size() < at + size + 2)
            if (!receive()) give_up("an answer ended early");
        body.append(received_, at, size);
        at += size + 2;
    }
    received_.erase(0, at);
    return body;
}

Posted post_all(std::uint16_t port, std::string_view target, unsigned connections,
                const std::vector<std::string>& bodies, double seconds_max) {
    std::atomic<std::size_t> next{0}, done{0};
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [start] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const auto send_some = [&] {
        HttpConnection connection{port};
        for (std::size_t n = 0; seconds() < seconds_max && (n = next++) < bodies.size(); ++done) {
            const HttpAnswer answer = connection.post(target, "application/json", bodies[n]);
            if (answer.status / 100 != 2)
                give_up("answered " + std::to_string(answer.status) + ": " + answer.body.substr(0, 500));
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < connections; ++i)
            threads.emplace_back(send_some);
    }
    return {.seconds = seconds(), .count = done};
}

}  // namespace jebi::bench
