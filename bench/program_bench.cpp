// What the whole program does: start to first answer, durable tweets a second, memory after a million
// requests.
//
// Starts the jebi that was built beside this benchmark, with a data folder in the folder given (or /tmp).
// Bars: first answer within 100 ms of the start; with 64 writers at least 20 tweets a fsync and at most
// 125 us of CPU a tweet (docs/decisions/0014-durable-writes.md says why these); memory flat.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "bench/load.h"
#include "bench/program.h"

namespace {

using namespace jebi;
using Clock = std::chrono::steady_clock;

constexpr int starts = 15;
constexpr int write_rounds = 5;
constexpr unsigned writers = 64;
constexpr std::uint64_t tweets_a_round = 20'000;
constexpr std::uint64_t many_requests = 1'000'000;

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string post(const std::string& path, const std::string& body, const std::string& fields = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

void measure_starts(const std::string& program, const std::string& data) {
    std::vector<double> ms;
    for (int i = 0; i < starts; ++i) {
        const auto begin = Clock::now();
        const bench::Program running = bench::start_jebi(program, data);
        bench::drive({.port = running.port, .connections = 1, .requests = 1, .request = [](std::uint64_t) {
                          return get("/livez");
                      }});
        ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
        bench::stop_program(running);
    }
    bench::report("start to first answer: ms", bench::spread(ms), "at most 100");
}

// Asks with curl, since this is no HTTP client, and takes what the pattern's group is in the answer.
std::string asked(const std::string& what, std::uint16_t port, const std::string& request,
                  const char* pattern) {
    const std::string command = "curl -s http://127.0.0.1:" + std::to_string(port) + request;
    FILE* answer = ::popen(command.c_str(), "r");
    std::string text;
    char part[4096];
    while (const std::size_t count = std::fread(part, 1, sizeof part, answer))
        text.append(part, count);
    ::pclose(answer);
    std::smatch found;
    if (!std::regex_search(text, found, std::regex{pattern})) {
        std::fprintf(stderr, "bench: cannot %s: %s\n", what.c_str(), text.c_str());
        std::_Exit(1);
    }
    return found[1];
}

std::string token_of_somebody(std::uint16_t port) {
    return asked(
        "sign up", port,
        "/api/v1/users -d '{\"username\":\"writer\",\"email\":\"writer@example.org\",\"password\":\"a "
        "long enough one\"}'",
        "\"token\":\"([^\"]+)\"");
}

// So far; each is one fsync.
double commits_of(std::uint16_t port) {
    return std::stod(asked("read /metrics", port, "/metrics", "\nsql_commits_total[^\n]* ([0-9.e+]+)"));
}

void measure_writes(const bench::Program& jebi, const std::string& folder) {
    const std::string fields = "Authorization: Bearer " + token_of_somebody(jebi.port) + "\r\n";
    std::vector<double> rates, disk_rates, ratios, us, groups;
    for (int i = 0; i < write_rounds; ++i) {
        disk_rates.push_back(bench::fsyncs_a_second(folder));
        const double commits_before = commits_of(jebi.port);
        const double before = bench::cpu_us(jebi.process);
        const auto loaded = bench::drive(
            {.port = jebi.port,
             .connections = writers,
             .requests = tweets_a_round,
             .request = [&](std::uint64_t n) {
                 return post("/api/v1/tweets", "{\"text\":\"제비 한 마리 #제비 " + std::to_string(n) + "\"}",
                             fields);
             }});
        us.push_back((bench::cpu_us(jebi.process) - before) / static_cast<double>(loaded.good));
        groups.push_back(static_cast<double>(loaded.good) / (commits_of(jebi.port) - commits_before));
        rates.push_back(static_cast<double>(loaded.good) / loaded.seconds);
        ratios.push_back(rates.back() / disk_rates.back());
        if (loaded.bad > 0)
            std::printf("  (%llu requests were refused)\n", static_cast<unsigned long long>(loaded.bad));
    }
    bench::report("the disk: single durable 4 KiB appends a second", bench::spread(disk_rates), "");
    bench::report("64 writers: acknowledged tweets a second", bench::spread(rates), "");
    bench::report("64 writers: tweets' rate to the disk's", bench::spread(ratios), "");
    bench::report("64 writers: tweets that share a fsync", bench::spread(groups), "at least 20");
    bench::report("64 writers: CPU us a tweet, whole program", bench::spread(us), "at most 125");
}

void measure_memory(const bench::Program& jebi) {
    const auto ask = [&](std::uint64_t count) {
        bench::drive({.port = jebi.port, .requests = count, .request = [](std::uint64_t n) {
                          return get(n % 10 == 0 ? "/" : n % 2 == 0 ? "/api/v1/tweets?limit=1" : "/login");
                      }});
        return bench::resident_bytes(jebi.process) / 1e6;
    };
    std::vector<double> megabytes{ask(many_requests / 10)};
    for (int i = 1; i < 10; ++i)
        megabytes.push_back(ask(many_requests / 10));
    char text[100];
    std::snprintf(text, sizeof text, "%.1f, %.1f, %.1f", megabytes[0], megabytes[4], megabytes[9]);
    bench::report("memory after 0.1, 0.5 and 1 million requests: MB", text, "flat");
}

}  // namespace

int main(int argc, char** argv) {
    const std::string program = (std::filesystem::path(argv[0]).parent_path() / "jebi").string();
    std::string folder = std::string(argc > 1 ? argv[1] : "/tmp") + "/jebi-bench-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) return 1;
    measure_starts(program, folder + "/data");
    const bench::Program jebi = bench::start_jebi(program, folder + "/data");
    measure_writes(jebi, folder);
    measure_memory(jebi);
    bench::stop_program(jebi);
    std::filesystem::remove_all(folder);
}
