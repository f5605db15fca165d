// A load from outside for the benchmarks: keep-alive HTTP connections on loopback, each with one request in
// flight, driven by one thread with epoll; and what a process has used.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace jebi::bench {

struct Load {
    std::uint16_t port = 0;
    unsigned connections = 64;
    std::uint64_t requests = 0;
    // The bytes of the n-th request.
    std::function<std::string(std::uint64_t)> request;
    double seconds_max = 1e9;  // no new requests after that
};

struct Loaded {
    double seconds = 0;
    std::uint64_t good = 0;  // answered 2xx or 3xx
    std::uint64_t bad = 0;
};

// Stops the program with a message when a connection breaks: then nothing was measured.
Loaded drive(const Load& load);

// CPU time, user and system, that the process has used so far, in us.
double cpu_us(pid_t process);
double resident_bytes(pid_t process);

double median(std::vector<double> values);
// "12.3 (11.9 to 14.0)": the median and the spread.
std::string spread(const std::vector<double>& values);
// One line of a table.
void report(const char* what, const std::string& measured, const char* bar);

// How often a second this disk makes 4 KiB durable: append and fdatasync, one after the other, for about a
// second.
double fsyncs_a_second(const std::string& folder);

// A child process that runs `serve` and is ended by kill; `serve` writes its port into the descriptor when it
// listens.
struct Child {
    pid_t process = 0;
    std::uint16_t port = 0;
};
Child start_child(const std::function<void(int port_to)>& serve);
void end_child(const Child& child, int signal);

}  // namespace jebi::bench
