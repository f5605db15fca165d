// A load from outside for the benchmarks: keep-alive HTTP connections on loopback, each with one request in
// flight, driven by one thread with epoll; and what a process has used.
//
// Either each connection sends its next request at once, which shows how much a server can do; or so many
// requests a second are due, whatever the answers take, which shows how long people wait: the time of an
// answer counts from the moment its request was due, so that a slow server cannot thin out its own load.
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
    // Is an answer of 2xx or 3xx what was asked for? None: it is.
    std::function<bool(const std::string&)> is_whole{};
    double seconds_max = 1e9;  // no new requests after that
    double a_second = 0;       // so many are due; 0: each connection sends at once
    // Looks for answers without rest: for a load with a core of its own. A server on another core then need
    // not wake it for each answer, which on a virtual machine costs the server more than a small answer does.
    bool is_awake = false;
};

struct Loaded {
    double seconds = 0;
    std::uint64_t good = 0;  // answered 2xx or 3xx, and whole
    std::uint64_t bad = 0;
    std::vector<double> ms;       // of each answer
    std::vector<double> good_ms;  // of each good one
};

// Stops the program with a message when a connection breaks: then nothing was measured.
Loaded drive(const Load& load);

// Sends one request over a connection of its own; the answer's bytes, head and all.
std::string ask(std::uint16_t port, const std::string& request);
// The same where no answer is one too; empty: none came in so many seconds, or the server hung up.
std::string ask_within(double seconds, std::uint16_t port, const std::string& request);

// CPU time, user and system, that the process has used so far, in us.
double cpu_us(pid_t process);
double resident_bytes(pid_t process);

double median(std::vector<double> values);
// The value that so great a part of them is at most, 0 to 1; 0 when there are none.
double quantile(std::vector<double> values, double part);
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
