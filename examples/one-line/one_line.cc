// The one line in C++ with nothing but sockets. Run it: c++ -std=c++17 -pthread one_line.cc -o one_line && ./one_line
// (A program that has an HTTP client uses that instead of post().)
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace {

// Sends one event. What goes wrong is not told: the service is away, this event is lost, and the program goes on.
void post(const std::string& host, const std::string& port, const std::string& body) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return;
    const int connection = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval one_second{1, 0};
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &one_second, sizeof one_second);
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &one_second, sizeof one_second);
    if (connect(connection, found->ai_addr, found->ai_addrlen) == 0) {
        const std::string request = "POST /log HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: " +
                                    std::to_string(body.size()) + "\r\n\r\n" + body;
        char answer[1024];
        if (send(connection, request.data(), request.size(), MSG_NOSIGNAL) > 0) recv(connection, answer, sizeof answer, 0);
    }
    close(connection);
    freeaddrinfo(found);
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        char escaped[8];
        const bool plain = static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\';
        std::snprintf(escaped, sizeof escaped, plain ? "%c" : "\\u%04x", c);
        out += escaped;
    }
    return out + "\"";
}

class LogAnalytics {
public:
    LogAnalytics(std::string host, std::string port) : host_(std::move(host)), port_(std::move(port)) {}
    ~LogAnalytics() {  // sends what waits
        put("");
        sender_.join();
    }
    // Never waits and never fails. Beyond 1000 waiting events, new ones are left out.
    void operator()(const std::string& ip, const std::string& url, const std::string& user) {
        put("{\"ip\":" + quoted(ip) + ",\"originalUrl\":" + quoted(url) + ",\"userID\":" + quoted(user) +
            ",\"sender\":\"c++\"}");
    }

private:
    void put(std::string body) {
        const std::lock_guard<std::mutex> lock{mutex_};
        if (waiting_.size() >= 1000 && !body.empty()) return;
        waiting_.push_back(std::move(body));
        changed_.notify_one();
    }
    std::string next() {
        std::unique_lock<std::mutex> lock{mutex_};
        changed_.wait(lock, [this] { return !waiting_.empty(); });
        std::string body = std::move(waiting_.front());
        waiting_.pop_front();
        return body;
    }
    void deliver() {
        for (std::string body = next(); !body.empty(); body = next())
            post(host_, port_, body);
    }

    std::string host_, port_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> waiting_;
    std::thread sender_{[this] { deliver(); }};
};

}  // namespace

int main() {
    const char* given = std::getenv("LOG_ANALYTICS_URL");
    const std::string url = given ? given : "http://127.0.0.1:12345";
    const auto colon = url.rfind(':');
    LogAnalytics log_analytics{url.substr(7, colon - 7), url.substr(colon + 1)};
    log_analytics("203.0.113.7", "/search?q=\"제비\"", "42");
}
