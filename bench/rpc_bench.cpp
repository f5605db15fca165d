// What a contract costs: a call inside the process, and a hop to another process.
//
// Bars: in process under 1 us beyond the work itself; one hop over a Unix socket, a 1 KB
// answer, 16 calls in flight, at most 15 us CPU of both ends together, and 25 us with all policies: deadline,
// old answers kept, retry budget, bulkhead, breaker, and the server's limit. Between machines the same by TCP
// with the shared secret, and by TLS as well. The server is a process of its own, made by fork before any
// thread; each end reports the CPU time that it used between the first and the last call.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "kit/guard/guarded_channel.h"
#include "kit/guard/server_limit.h"
#include "kit/http/client.h"
#include "kit/place/credentials.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/socket_folder.h"

namespace {

using jebi::rpc::Observed;
using namespace jebi::rpc::testing;
using Clock = std::chrono::steady_clock;

constexpr int local_calls = 2'000'000;
constexpr int remote_calls_standard = 200'000;
constexpr std::uint32_t answer_bytes = 1'024;
constexpr int rounds = 5;

// As cheap an observer as does anything.
std::atomic<std::uint64_t> observed_calls = 0;
void observe(const Observed& /*call*/) {
    observed_calls.fetch_add(1, std::memory_order_relaxed);
}

// A service without work.
class Idle final : public Echo {
public:
    jebi::Result<SayReply> say(const jebi::Call&, const SayRequest&) override { return SayReply{}; }
    jebi::Result<Empty> fail(const jebi::Call&, const FailRequest&) override { return Empty{}; }
    jebi::Result<Empty> wait(const jebi::Call&, const Empty&) override { return Empty{}; }
    jebi::Result<LargeReply> large(const jebi::Call&, const LargeRequest&) override { return LargeReply{}; }
    jebi::Result<Empty> throw_(const jebi::Call&, const Empty&) override { return Empty{}; }
};

double nanoseconds_a_call(Echo& echo) {
    const jebi::Call call{
        .user = jebi::UserId{7}, .until = jebi::in(jebi::Millis{60'000}), .trace = jebi::Trace::start()};
    const Empty request;
    const auto begin = Clock::now();
    for (int i = 0; i < local_calls; ++i) {
        if (!echo.wait(call, request)) std::abort();
    }
    return std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / local_calls;
}

void bench_local() {
    Idle idle;
    EchoLocal local(idle, observe);
    Echo& plain = idle;  // through the vtable, as callers do
    double direct = 1e9;
    double wrapped = 1e9;
    for (int round = 0; round < rounds; ++round) {
        direct = std::min(direct, nanoseconds_a_call(plain));
        wrapped = std::min(wrapped, nanoseconds_a_call(local));
    }
    std::printf("in process               ns/call\n");
    std::printf("  virtual call           %7.0f\n", direct);
    std::printf("  through EchoLocal      %7.0f\n", wrapped);
    std::printf("  beyond the work        %7.0f   (bar: 1000)\n\n", wrapped - direct);
}

double cpu_us() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return us(used.ru_utime) + us(used.ru_stime);
}

template <typename Value>
void put(int pipe, const Value& value) {
    if (write(pipe, &value, sizeof value) != sizeof value) std::abort();
}
template <typename Value>
bool get(int pipe, Value& value) {
    return read(pipe, &value, sizeof value) == sizeof value;
}

enum class Policies : std::uint8_t { none, all };

// What an operator of two machines has. Its files are this machine's own, and go with the folder.
class Machines {
public:
    explicit Machines(const SocketFolder& folder) : folder_(folder.address("").substr(sizeof "unix:" - 1)) {
        std::ofstream{folder_ + "secret"} << std::string(jebi::rpc::secret_bytes_min, 's');
        std::filesystem::permissions(folder_ + "secret", std::filesystem::perms::owner_read);
        const std::string command =
            "cd " + folder_ +
            " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench"
            " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null";
        has_openssl_ = std::system(command.c_str()) == 0;  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
    }
    bool has_openssl() const { return has_openssl_; }

    jebi::place::Credentials by_tcp() const { return *jebi::place::Credentials::read(topology(), true); }
    jebi::place::Credentials by_tls() const {
        auto topology = this->topology();
        topology.tls_cert = topology.tls_roots = folder_ + "cert.pem";
        topology.tls_key = folder_ + "key.pem";
        return *jebi::place::Credentials::read(topology, true);
    }

private:
    jebi::place::Topology topology() const {
        jebi::place::Topology topology{.file = "", .secret_file = folder_ + "secret"};
        topology.processes.push_back({.name = "echo", .modules = {}});
        topology.processes[0].contracts.push_back(*jebi::fiber::Address::from("127.0.0.1:1"));
        return topology;
    }

    std::string folder_;
    bool has_openssl_ = false;
};

// An Echo for other machines.
class CalledMachine {
public:
    CalledMachine(const jebi::place::Credentials& credentials, const jebi::rpc::Door& door) {
        jebi::rpc::serve(router_, jebi::rpc::behind(door, methods(service_)), observe);
        jebi::http::ServerOptions options;
        options.tls = credentials.certificate();
        const auto answer = [this, secret = credentials.secret()](jebi::http::Request& request) {
            const auto known = secret.check(request);
            return known ? router_.answer(request) : jebi::rpc::answer_of_stranger(known.error());
        };
        server_ = *jebi::http::Server::start(loops_, *jebi::fiber::Address::from("127.0.0.1:0"),
                                             std::move(options), answer);
    }
    const jebi::fiber::Address& address() const { return server_->address(); }

private:
    jebi::fiber::Loops loops_{1};
    EchoService service_;
    jebi::http::Router router_;
    std::unique_ptr<jebi::http::Server> server_;
};

// Answers each byte that it is asked with its CPU time so far.
void tell_cpu_time(std::uint16_t port, int questions, int answers) {
    put(answers, port);
    for (char question = 0; get(questions, question);)
        put(answers, cpu_us());
}

// The server's process. `credentials` for other machines; null: for this one.
[[noreturn]] void serve_until_asked_no_more(const std::string& address, Policies policies,
                                            const jebi::place::Credentials* credentials, int questions,
                                            int answers) {
    const jebi::guard::SteadyTime time;
    jebi::guard::ServerLimit limit({}, time);
    if (credentials != nullptr) {
        const CalledMachine server(*credentials, limit.door());
        tell_cpu_time(server.address().port, questions, answers);
    } else {
        const auto door = policies == Policies::all ? limit.door() : jebi::rpc::Door{};
        const EchoServer server(address, observe, door);
        tell_cpu_time(server.address().port, questions, answers);
    }
    std::_Exit(0);
}

class ServerProcess {
public:
    explicit ServerProcess(const std::string& address, Policies policies = Policies::none,
                           std::optional<jebi::place::Credentials> credentials = {})
        : policies_(policies), credentials_(std::move(credentials)) {
        int questions[2];
        int answers[2];
        if (pipe(questions) != 0 || pipe(answers) != 0) std::abort();
        child_ = fork();
        if (child_ < 0) std::abort();
        if (child_ == 0) {
            close(questions[1]);
            close(answers[0]);
            serve_until_asked_no_more(address, policies, credentials_ ? &*credentials_ : nullptr,
                                      questions[0], answers[1]);
        }
        close(questions[0]);
        close(answers[1]);
        questions_ = questions[1];
        answers_ = answers[0];
        std::uint16_t port = 0;
        if (!get(answers_, port)) std::abort();
        address_ = *jebi::fiber::Address::from(address);
        if (!address_.is_unix()) address_.port = port;
    }
    ~ServerProcess() {
        close(questions_);
        waitpid(child_, nullptr, 0);
        close(answers_);
    }
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    const jebi::fiber::Address& address() const { return address_; }
    Policies policies() const { return policies_; }
    jebi::guard::ChannelMaker ways() const {
        return credentials_ ? credentials_->ways(connections_max) : jebi::guard::plain_http(connections_max);
    }
    double cpu_us() const {
        put(questions_, '?');
        double answer = 0;
        if (!get(answers_, answer)) std::abort();
        return answer;
    }

private:
    static constexpr std::size_t connections_max = 64;

    Policies policies_;
    std::optional<jebi::place::Credentials> credentials_;
    pid_t child_ = 0;
    int questions_ = -1;
    int answers_ = -1;
    jebi::fiber::Address address_;
};

// `calls` calls from `in_flight` fibers of one loop; the latency of each in microseconds.
std::vector<double> calls_made(jebi::fiber::Loop& loop, Echo& echo, int calls, int in_flight) {
    std::vector<double> latencies;
    latencies.reserve(static_cast<std::size_t>(calls));
    int left = calls;  // both are touched by the one loop's thread only
    int running = in_flight;
    const jebi::fiber::Event done;
    const auto body = [&] {
        LargeRequest request;
        request.set_bytes(answer_bytes);
        for (; left > 0;) {
            --left;
            const auto begin = Clock::now();
            if (!echo.large(jebi::Call{.user = jebi::UserId{7}, .trace = jebi::Trace::start()}, request))
                std::abort();
            latencies.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        }
        if (--running == 0) done.set();
    };
    for (int i = 0; i < in_flight; ++i)
        jebi::fiber::spawn(loop, body);
    if (!done.wait_until(jebi::in(jebi::Millis{120'000}))) std::abort();
    return latencies;
}

struct Hop {
    double client_us;
    double server_us;
    double calls_s;
    double p50_us;
    double p99_us;
};

Hop measured(const ServerProcess& server, jebi::fiber::Loop& loop, Echo& echo, int remote_calls,
             int in_flight) {
    const double server_before = server.cpu_us();
    const double client_before = cpu_us();
    const auto begin = Clock::now();
    auto latencies = calls_made(loop, echo, remote_calls, in_flight);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const double client_us = (cpu_us() - client_before) / remote_calls;
    const double server_us = (server.cpu_us() - server_before) / remote_calls;
    std::ranges::sort(latencies);
    return {client_us, server_us, remote_calls / seconds, latencies[latencies.size() / 2],
            latencies[latencies.size() * 99 / 100]};
}

std::unique_ptr<jebi::rpc::Channel> channel_to(const ServerProcess& server, const jebi::guard::Time& time) {
    if (server.policies() == Policies::none) {
        return std::make_unique<jebi::rpc::HttpChannel>(
            jebi::http::ClientOptions{.address = server.address()}, observe);
    }
    return std::make_unique<jebi::guard::GuardedChannel>(
        "echo", std::vector{server.address()}, jebi::guard::Settings{}, server.ways(), observe, time);
}

Hop best_of_rounds(const ServerProcess& server, int remote_calls, int in_flight) {
    const jebi::fiber::Loops loops(1);
    const jebi::guard::SteadyTime time;
    const auto channel = channel_to(server, time);
    EchoClient echo(*channel);
    calls_made(loops.at(0), echo, remote_calls / 10, in_flight);
    std::vector<Hop> hops;
    hops.reserve(rounds);
    for (int round = 0; round < rounds; ++round)
        hops.push_back(measured(server, loops.at(0), echo, remote_calls, in_flight));
    return *std::ranges::min_element(hops, {}, [](const Hop& hop) { return hop.client_us + hop.server_us; });
}

void bench_hop(const char* wire, const ServerProcess& server, int remote_calls, int in_flight,
               const char* bar) {
    const Hop hop = best_of_rounds(server, remote_calls, in_flight);
    std::printf("  %-12s %4d   %6.1f + %5.1f = %5.1f   %8.0f   %6.0f   %6.0f   %s\n", wire, in_flight,
                hop.client_us, hop.server_us, hop.client_us + hop.server_us, hop.calls_s, hop.p50_us,
                hop.p99_us, bar);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const int calls = argc > 1 ? std::atoi(argv[1]) : remote_calls_standard;
    if (calls < 100) {
        std::fprintf(stderr, "bench: at least 100 calls\n");
        return 1;
    }
    if (!jebi::start_crypto()) return 1;
    const SocketFolder folder;
    const ServerProcess unix_server(folder.address("echo.sock"));
    const ServerProcess guarded_server(folder.address("guarded.sock"), Policies::all);
    const ServerProcess tcp_server("127.0.0.1:0");
    const Machines machines(folder);
    const ServerProcess other_machine("127.0.0.1:0", Policies::all, machines.by_tcp());
    std::optional<ServerProcess> by_tls;
    if (machines.has_openssl()) by_tls.emplace("127.0.0.1:0", Policies::all, machines.by_tls());
    bench_local();
    std::printf(
        "hop, 1 KB answer  calls   CPU us a call              calls/s   p50 us   p99 us   (best of %d)\n",
        rounds);
    std::printf("  wire    in flight   client + server = both\n");
    bench_hop("Unix socket", unix_server, calls, 1, "");
    bench_hop("Unix socket", unix_server, calls, 16, "(bar: 15)");
    bench_hop("  guarded", guarded_server, calls, 1, "");
    bench_hop("  guarded", guarded_server, calls, 16, "(bar: 25)");
    bench_hop("TCP", tcp_server, calls, 16, "");
    bench_hop("  and secret", other_machine, calls, 16, "(guarded)");
    if (by_tls) {
        bench_hop("  and TLS", *by_tls, calls, 16, "(guarded)");
    } else {
        std::printf("  TLS is not measured: there is no openssl to make a certificate.\n");
    }
    return 0;
}
