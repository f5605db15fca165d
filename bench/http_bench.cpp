// What a small answer costs: 200 bytes over HTTP/1.1 with 64 keep-alive connections, against an epoll loop
// that does nothing but find the end of each request and send a prepared answer.
//
// Bar: at most 1.3 times the CPU of that loop. Both servers run on one thread, in turn, in one run.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "bench/load.h"
#include "kit/http/router.h"
#include "kit/http/server.h"

namespace {

using namespace jebi;

constexpr int rounds = 7;
constexpr std::uint64_t requests_a_round = 150'000;
const std::string body(200, 'x');
const std::string prepared =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 200\r\n\r\n" + body;

void tell_port(int to, std::uint16_t port) {
    if (::write(to, &port, sizeof port) != sizeof port) std::abort();
}

void bare_loop(int port_to) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(listener, 128) != 0)
        std::abort();
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
    tell_port(port_to, ntohs(at.sin_port));
    const int poll = ::epoll_create1(0);
    epoll_event event{EPOLLIN, {.fd = listener}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    std::array<epoll_event, 64> events{};
    std::array<char, 4096> buffer{};
    while (true) {
        const int ready = ::epoll_wait(poll, events.data(), events.size(), -1);
        for (int i = 0; i < ready; ++i) {
            const int number = events[static_cast<std::size_t>(i)].data.fd;
            if (number == listener) {
                const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
                const int on = 1;
                ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                epoll_event added{EPOLLIN, {.fd = accepted}};
                ::epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &added);
                continue;
            }
            const ssize_t count = ::recv(number, buffer.data(), buffer.size(), 0);
            if (count <= 0) {
                ::close(number);
            } else if (std::string_view(buffer.data(), static_cast<std::size_t>(count))
                           .ends_with("\r\n\r\n")) {
                ::send(number, prepared.data(), prepared.size(), MSG_NOSIGNAL);
            }
        }
    }
}

void jebi_server(int port_to) {
    fiber::Loops loops{1};
    http::Router router;
    router.on(http::Method::get, "/hello/{name}",
              [](const http::Request&) { return http::Response::text(200, body); });
    const auto server = http::Server::start(loops, fiber::Address::from("127.0.0.1:0").value(), {},
                                            [&](http::Request& request) { return router.answer(request); })
                            .value();
    tell_port(port_to, server->address().port);
    ::pause();
}

double cpu_a_request(const bench::Child& server) {
    const double before = bench::cpu_us(server.process);
    const auto loaded = bench::drive(
        {.port = server.port, .requests = requests_a_round, .request = [](std::uint64_t) {
             return std::string(
                 "GET /hello/minji HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n");
         }});
    return (bench::cpu_us(server.process) - before) / static_cast<double>(loaded.good);
}

}  // namespace

int main() {
    const auto bare = bench::start_child(bare_loop);
    const auto ours = bench::start_child(jebi_server);
    std::vector<double> bare_us, ours_us, ratios;
    for (int i = 0; i < rounds; ++i) {
        bare_us.push_back(cpu_a_request(bare));
        ours_us.push_back(cpu_a_request(ours));
        ratios.push_back(ours_us.back() / bare_us.back());
    }
    bench::report("bare epoll loop, 200 bytes: CPU us a request", bench::spread(bare_us), "");
    bench::report("jebi's server and router, 200 bytes: CPU us a request", bench::spread(ours_us), "");
    bench::report("ratio", bench::spread(ratios), "at most 1.3");
    bench::end_child(bare, SIGKILL);
    bench::end_child(ours, SIGKILL);
}
