#include "bench/logs/rounds.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "bench/load.h"
#include "bench/logs/client.h"
#include "bench/logs/generator.h"

namespace jebi::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t seed = 20261122;
constexpr std::uint64_t batch_rows = 10'000, hundred = 100;
constexpr unsigned batch_connections = 2, hundred_connections = 8, event_connections = 64;
constexpr double batch_seconds_max = 600, hundred_seconds_max = 5, event_seconds = 4;
constexpr std::uint64_t hundred_requests_max = 20'000;
constexpr int query_repeats = 7;
constexpr double resting_cpu = 0.03;  // of one CPU
constexpr int rest_tries_max = 240;   // of half a second each

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string first_line(const char* file) {
    std::ifstream stream{file};
    std::string line;
    std::getline(stream, line);
    return line;
}

std::vector<std::string> generated(Generator& generator, std::uint64_t rows) {
    std::vector<std::string> batches;
    for (std::uint64_t row = 0; row < rows; ++row) {
        if (row % batch_rows == 0) batches.emplace_back();
        generator.append(batches.back());
    }
    return batches;
}

// The first lines of the batches, `hundred` in each.
std::vector<std::string> cut_small(const std::vector<std::string>& batches) {
    std::vector<std::string> small;
    for (const std::string& batch : batches) {
        for (std::size_t begin = 0; begin < batch.size() && small.size() < hundred_requests_max;) {
            std::size_t end = begin;
            for (std::uint64_t line = 0; line < hundred && end < batch.size(); ++line)
                end = batch.find('\n', end) + 1;
            small.push_back(batch.substr(begin, end - begin));
            begin = end;
        }
    }
    return small;
}

std::vector<std::string> bodies_for(const Peer& peer, const std::vector<std::string>& lines) {
    std::vector<std::string> bodies;
    bodies.reserve(lines.size());
    for (const std::string& some : lines)
        bodies.push_back(peer.body(some));
    return bodies;
}

// Waits until the server has used next to no CPU for two seconds.
void wait_for_rest(const Peer& peer) {
    int calm = 0;
    for (int i = 0; i < rest_tries_max && calm < 4; ++i) {
        const double before = peer.cpu_seconds();
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        calm = peer.cpu_seconds() - before <= resting_cpu / 2 ? calm + 1 : 0;
    }
}

// The lines without times and escapes of slashes, which each engine writes in its own way, in the order of
// the alphabet.
std::vector<std::string> essence(const std::string& answer) {
    static const std::regex time{R"re("(ts|hour|minute)": ?("[^"]*"|[0-9]+),?|\\(?=/))re"};
    std::vector<std::string> lines;
    std::istringstream stream{answer};
    for (std::string line; std::getline(stream, line);)
        lines.push_back(std::regex_replace(line, time, ""));
    std::ranges::sort(lines);
    return lines;
}

class Rounds {
public:
    Rounds(const Settings& settings, std::vector<std::unique_ptr<Peer>> peers)
        : settings_(settings),
          peers_(std::move(peers)),
          folder_(settings.folder + "/jebi-bench-logs-XXXXXX") {
        if (::mkdtemp(folder_.data()) == nullptr) {
            std::fprintf(stderr, "bench: cannot write to %s\n", settings.folder.c_str());
            std::exit(1);
        }
        Generator generator{seed, settings.rows};
        batches_ = generated(generator, settings.rows);
        small_ = cut_small(batches_);
        measured_.queries = queries(generator.some_user(), generator.some_trace());
        measured_.figures.resize(peers_.size());
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            measured_.names.emplace_back(peers_[i]->name());
            measured_.figures[i].query_ms.resize(measured_.queries.size());
            measured_.figures[i].query_cpu_ms.resize(measured_.queries.size());
        }
    }
    ~Rounds() { std::filesystem::remove_all(folder_); }
    Rounds(const Rounds&) = delete;
    Rounds& operator=(const Rounds&) = delete;

    const Measured& measure() {
        for (int round = 0; round < settings_.rounds; ++round) {
            std::printf("round %d of %d, load %s\n", round + 1, settings_.rounds,
                        first_line("/proc/loadavg").c_str());
            std::fflush(stdout);
            measured_.fsyncs_s.push_back(fsyncs_a_second(folder_));
            in_turn(round, [this](std::size_t i) { take_batches(i); });
            ask_queries(round == 0);
            in_turn(round + 1, [this](std::size_t i) { take_small(i); });
        }
        return measured_;
    }

private:
    // Each round begins with another server.
    template <typename Work>
    void in_turn(int round, Work work) {
        for (std::size_t i = 0; i < peers_.size(); ++i)
            work((i + static_cast<std::size_t>(round)) % peers_.size());
    }

    std::string folder_of(std::size_t i) const { return folder_ + "/" + std::to_string(i); }

    // Leaves the server running, with all rows.
    void take_batches(std::size_t i) {
        Peer& peer = *peers_[i];
        Figures& figures = measured_.figures[i];
        const auto bodies = bodies_for(peer, batches_);
        const auto rows = static_cast<double>(settings_.rows);
        peer.start(folder_of(i));
        const double cpu = peer.cpu_seconds();
        const auto start = Clock::now();
        const Posted posted =
            post_all(peer.port(), peer.rows_target(), batch_connections, bodies, batch_seconds_max);
        figures.batch_rows_s.push_back(rows / posted.seconds);
        figures.batch_rows_cpu_s.push_back(rows / (peer.cpu_seconds() - cpu));
        look_at_once(i);
        wait_for_rest(peer);
        figures.settled_s.push_back(since(start));
        figures.settled_rows_cpu_s.push_back(rows / (peer.cpu_seconds() - cpu));
        figures.bytes_a_row.push_back(peer.disk_bytes() / rows);
        figures.peak_megabytes.push_back(peer.peak_megabytes());
    }

    void look_at_once(std::size_t i) {
        const auto start = Clock::now();
        const std::string answer = peers_[i]->ask("SELECT count(*) AS n FROM logs");
        measured_.figures[i].first_query_ms.push_back(since(start) * 1000);
        if (answer.find(":" + std::to_string(settings_.rows) + "}") == std::string::npos) {
            measured_.figures[i].saw_all = false;
            std::printf("%s has not all rows at once: %s\n", peers_[i]->name(), answer.c_str());
        }
    }

    void ask_queries(bool compared) {
        for (std::size_t q = 0; q < measured_.queries.size(); ++q)
            ask_query(q, compared);
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            measured_.figures[i].queried_peak_megabytes.push_back(peers_[i]->peak_megabytes());
            peers_[i]->stop();
        }
    }

    void ask_query(std::size_t q, bool compared) {
        std::vector<std::vector<double>> ms(peers_.size());
        std::vector<double> cpu_ms(peers_.size());
        std::vector<std::string> answers(peers_.size());
        for (int repeat = 0; repeat <= query_repeats; ++repeat) {
            for (std::size_t i = 0; i < peers_.size(); ++i) {
                Peer& peer = *peers_[i];
                const std::string& sql = peer.sql(measured_.queries[q]);
                if (sql.empty()) continue;
                const auto start = Clock::now();
                answers[i] = peer.ask(sql);
                if (repeat > 0) {
                    ms[i].push_back(since(start) * 1000);
                } else {
                    cpu_ms[i] = peer.cpu_seconds() * 1000;  // the first one warms up
                }
            }
        }
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            if (ms[i].empty()) continue;
            measured_.figures[i].query_ms[q].push_back(median(ms[i]));
            measured_.figures[i].query_cpu_ms[q].push_back((peers_[i]->cpu_seconds() * 1000 - cpu_ms[i]) /
                                                           query_repeats);
        }
        if (compared && measured_.queries[q].is_exact) compare(q, answers);
    }

    void compare(std::size_t q, const std::vector<std::string>& answers) {
        for (std::size_t i = 1; i < answers.size(); ++i) {
            if (answers[i].empty() || essence(answers[i]) == essence(answers[0])) continue;
            measured_.differences.push_back(std::string(measured_.queries[q].name) + "\n" +
                                            measured_.names[0] + ": " + answers[0].substr(0, 600) + "\n" +
                                            measured_.names[i] + ": " + answers[i].substr(0, 600));
        }
    }

    void take_small(std::size_t i) {
        Peer& peer = *peers_[i];
        Figures& figures = measured_.figures[i];
        const auto bodies = bodies_for(peer, small_);
        peer.start(folder_of(i));
        double cpu = peer.cpu_seconds();
        const Posted posted =
            post_all(peer.port(), peer.rows_target(), hundred_connections, bodies, hundred_seconds_max);
        const double rows = static_cast<double>(posted.count * hundred);
        figures.hundred_rows_s.push_back(rows / posted.seconds);
        figures.hundred_rows_cpu_s.push_back(rows / (peer.cpu_seconds() - cpu));
        peer.stop();

        peer.start(folder_of(i));
        cpu = peer.cpu_seconds();
        const Loaded loaded = send_events(peer);
        figures.events_s.push_back(static_cast<double>(loaded.good) / loaded.seconds);
        figures.events_cpu_s.push_back(static_cast<double>(loaded.good) / (peer.cpu_seconds() - cpu));
        peer.stop();
    }

    // One event a request, from `event_connections` keep-alive connections, for `event_seconds`.
    static Loaded send_events(const Peer& peer) {
        const std::string head = "POST " + peer.event_target() +
                                 " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        return drive({.port = peer.port(),
                      .connections = event_connections,
                      .requests = ~std::uint64_t{0},
                      .request =
                          [&](std::uint64_t n) {
                              const std::string body =
                                  R"({"ip":"203.0.113.7","originalUrl":"/users/)" + std::to_string(n) +
                                  R"(?page=2","userID":"65f0c0ffee)" + std::to_string(n % 60'000) + "\"}";
                              return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                     body;
                          },
                      .seconds_max = event_seconds});
    }

    Settings settings_;
    std::vector<std::unique_ptr<Peer>> peers_;
    std::string folder_;
    std::vector<std::string> batches_, small_;
    Measured measured_;
};

}  // namespace

int run(const Settings& settings, std::vector<std::unique_ptr<Peer>> peers) {
    const std::string missing = peers.front()->missing();
    if (!missing.empty()) {
        std::printf("bench: %s: ./dev build makes it\n", missing.c_str());
        return 1;
    }
    std::erase_if(peers, [](const auto& peer) {
        const std::string why = peer->missing();
        if (!why.empty()) std::printf("skipped: %s: %s\n", peer->name(), why.c_str());
        return !why.empty();
    });
    Rounds rounds{settings, std::move(peers)};
    const Measured& measured = rounds.measure();
    print_table(measured, settings.rows);
    for (const std::string& difference : measured.differences)
        std::printf("the answers differ: %s\n", difference.c_str());
    return measured.differences.empty() && measured.figures[0].saw_all ? 0 : 1;
}

}  // namespace jebi::bench
