// What is still answered in time when far more is asked than can be done.
//
//     bench_overload [--people N] [--rounds N] [--seconds S] [--connections N] [--folder DIR]
//
// In each round, monolith and split one after the other: how many homes a second it can answer at most, then
// that many, twice and three times as many, due one after the other whatever the answers take, from thousands
// of connections. Good is a home within a second of when its request was due. The load comes from
// one core, and all processes of jebi have the other.
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "bench/load.h"
#include "bench/placement/running.h"
#include "bench/twitter/site.h"

namespace jebi::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t load_core = 0, jebi_core = 1;
constexpr unsigned calm_connections = 64;
constexpr double useful_ms = 1'000;
constexpr double goodput_min = 0.8;  // of the peak
constexpr std::array<int, 3> loads{1, 2, 3};

struct Settings {
    std::uint32_t people = 1'001;
    int rounds = 3;
    double seconds = 5;            // of each load
    unsigned connections = 2'000;  // of an overload
    std::string programs, folder;
};

void stay_on(std::size_t core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    if (::pthread_setaffinity_np(::pthread_self(), sizeof cores, &cores) == 0) return;
    std::fprintf(stderr, "bench: core %zu cannot be had: two are needed\n", core);
    std::_Exit(1);
}

// One topology under one load, a value a round.
struct Figures {
    std::vector<double> good_a_second, of_peak, refused_a_second, p50, p99;
};

// Homes of people by turns, as pages and as JSON.
std::string a_home(const std::vector<std::string>& tokens, std::mt19937_64& random) {
    const std::string& token = tokens[random() % tokens.size()];
    const bool is_page = random() % 2 == 0;
    return (is_page ? "GET / HTTP/1.1\r\nCookie: jebi=" + token
                    : "GET /api/v1/timelines/home?limit=10 HTTP/1.1\r\nAuthorization: Bearer " + token) +
           "\r\nHost: localhost\r\nAccept-Language: en\r\n\r\n";
}

// A page without who reads it is what is shown while it cannot be told who they are: no answer to this
// request.
bool is_home(const std::string& answer) {
    const bool is_page = answer.find("\r\nContent-Type: text/html") < answer.find("\r\n\r\n");
    return !is_page || answer.find("href=\"/logout\"") != std::string::npos;
}

class Overload {
public:
    Overload(const Settings& settings, std::vector<std::string> tokens)
        : settings_(settings), tokens_(std::move(tokens)) {}

    void run(const std::string& name) {
        stay_on(jebi_core);
        const Running running{settings_.programs, name, settings_.folder};
        stay_on(load_core);
        running.wait_for_rest();
        Load calm = load_of(running, calm_connections);
        drive(calm);  // the caches are warm then
        const Loaded most = drive(calm);
        const double can = static_cast<double>(most.good) / most.seconds;
        can_[name].push_back(can);
        double peak = can;
        for (const int times : loads) {
            running.wait_for_rest();
            Load load = load_of(running, settings_.connections);
            load.a_second = can * times;
            peak = std::max(peak, add(figures_[name][times], drive(load), peak));
        }
    }

    void report() const {
        for (const auto& [name, by_load] : figures_) {
            std::printf("%s: all it can: %s homes a second\n", name.c_str(), spread(can_.at(name)).c_str());
            for (const auto& [times, figures] : by_load)
                report_load(times, figures);
        }
    }

private:
    Load load_of(const Running& running, unsigned connections) {
        return {.port = running.port(),
                .connections = connections,
                .requests = UINT64_MAX,
                .request = [this](std::uint64_t) { return a_home(tokens_, random_); },
                .is_whole = is_home,
                .seconds_max = settings_.seconds,
                .is_awake = true};
    }

    // How many were good a second.
    double add(Figures& figures, const Loaded& loaded, double peak) const {
        const auto in_time = std::ranges::count_if(loaded.good_ms, [](double ms) { return ms <= useful_ms; });
        const double good = static_cast<double>(in_time) / settings_.seconds;
        figures.good_a_second.push_back(good);
        figures.of_peak.push_back(good / std::max(good, peak));
        figures.refused_a_second.push_back(static_cast<double>(loaded.bad) / settings_.seconds);
        figures.p50.push_back(quantile(loaded.good_ms, 0.5));
        figures.p99.push_back(quantile(loaded.good_ms, 0.99));
        return good;
    }

    static void report_load(int times, const Figures& figures) {
        const bool is_over = times == loads.back();
        const bool is_met = median(figures.of_peak) >= goodput_min;
        std::printf("  %d x: good %-30s of the peak %-22s refused %-30s p50 %-28s p99 %-28s %s\n", times,
                    spread(figures.good_a_second).c_str(), spread(figures.of_peak).c_str(),
                    spread(figures.refused_a_second).c_str(), (spread(figures.p50) + " ms").c_str(),
                    (spread(figures.p99) + " ms").c_str(),
                    !is_over ? ""
                    : is_met ? "at least 0.80: met"
                             : "at least 0.80: no");
    }

    const Settings& settings_;
    std::vector<std::string> tokens_;
    std::mt19937_64 random_{Shape{}.seed};
    std::map<std::string, std::vector<double>> can_;
    std::map<std::string, std::map<int, Figures>> figures_;
};

double load_of_machine() {
    double load = 0;
    return ::getloadavg(&load, 1) == 1 ? load : 0;
}

void measure(const Settings& settings) {
    const double load_before = load_of_machine();
    const People people = made_people({.people = settings.people, .posts_each = 3, .stars = true});
    Overload overload{settings, fill_site(settings.folder + "/monolith", people)};
    fs::copy(settings.folder + "/monolith", settings.folder + "/split", fs::copy_options::recursive);
    for (int round = 0; round < settings.rounds; ++round) {
        overload.run("monolith");
        overload.run("split");
    }
    overload.report();
    std::printf("%u people, %u connections, seed %lu; load of the machine: %.1f before, %.1f after\n",
                settings.people, settings.connections, static_cast<unsigned long>(Shape{}.seed), load_before,
                load_of_machine());
}

Settings settings_from(int count, char** words) {
    Settings settings;
    settings.programs = fs::weakly_canonical(words[0]).parent_path().string();
    settings.folder = "/tmp";
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = words[i], value = words[i + 1];
        if (name == "--people") settings.people = static_cast<std::uint32_t>(std::atoi(value.c_str()));
        if (name == "--rounds") settings.rounds = std::atoi(value.c_str());
        if (name == "--seconds") settings.seconds = std::atof(value.c_str());
        if (name == "--connections") settings.connections = static_cast<unsigned>(std::atoi(value.c_str()));
        if (name == "--folder") settings.folder = value;
    }
    settings.folder += "/jebi-bench-XXXXXX";
    return settings;
}

}  // namespace

}  // namespace jebi::bench

int main(int count, char** words) {
    using namespace jebi::bench;
    Settings settings = settings_from(count, words);
    if (settings.people < 100 || settings.rounds < 1 || settings.seconds <= 0 || settings.connections < 1) {
        std::fprintf(stderr, "bench: at least 100 people, one round, one connection, and some seconds\n");
        return 1;
    }
    if (::mkdtemp(settings.folder.data()) == nullptr) return 1;
    ::setenv("JEBI_WEB_API_REQUESTS_MAX", "0", 1);  // NOLINT(concurrency-mt-unsafe): the only thread
    measure(settings);
    fs::remove_all(settings.folder);
}
