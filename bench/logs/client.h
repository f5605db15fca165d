// HTTP to the servers that are measured: one connection a thread, so that sending megabytes of rows costs no
// more than the kernel's copying of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::bench {

struct HttpAnswer {
    int status = 0;
    std::string body;
};

// A keep-alive connection to a server on loopback; opened anew when the server has closed it between two
// requests. Stops the program with a message when a connection breaks in the middle: then nothing was
// measured.
class HttpConnection {
public:
    explicit HttpConnection(std::uint16_t port) : port_(port) {}
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;
    ~HttpConnection();

    HttpAnswer get(std::string_view target);
    HttpAnswer post(std::string_view target, std::string_view type, std::string_view body);

private:
    HttpAnswer ask(const std::string& head, std::string_view body);
    bool send(std::string_view head, std::string_view body);
    bool receive();  // false: the connection has ended
    HttpAnswer read_answer();
    std::string read_chunks(std::size_t at);
    void disconnect();

    std::uint16_t port_;
    int number_ = -1;
    std::string received_;
};

struct Posted {
    double seconds = 0;
    std::uint64_t count = 0;
};

// Sends JSON bodies from `connections` threads, each its next one when the answer to the last has come, until
// all are sent or the time is up; what is under way then is waited for. Stops the program when an answer is
// not 2xx.
Posted post_all(std::uint16_t port, std::string_view target, unsigned connections,
                const std::vector<std::string>& bodies, double seconds_max);

}  // namespace jebi::bench
