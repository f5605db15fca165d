// What microservices buy and what they cost: the same modules in one process and in a process each, on the
// same data, under the same load, one after the other in each round.
//
//     bench_placement [--people N] [--rounds N] [--seconds S] [--builds N] [--hop-calls N]
//                     [--report FILE] [--folder DIR]
//
// CPU is that of all processes of a topology, user and system, until they are at rest again. The report is an
// HTML file that needs nothing else; README.md has the figures.
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "bench/load.h"
#include "bench/placement/parts.h"
#include "bench/twitter/site.h"

namespace jebi::bench {

std::string text(const char* format, ...) {
    char all[500];
    std::va_list values;
    va_start(values, format);
    std::vsnprintf(all, sizeof all, format, values);
    va_end(values);
    return all;
}

namespace {

namespace fs = std::filesystem;

constexpr double hop_us_max = 25;

double load_of_machine() {
    double load = 0;
    return ::getloadavg(&load, 1) == 1 ? load : 0;
}

Filled fill(const Settings& settings, Measured& measured) {
    const auto start = now_ns();
    Filled site{.people = made_people({.people = settings.people, .posts_each = 3, .stars = true}),
                .tokens = {}};
    site.tokens = fill_site(settings.folder + "/monolith", site.people);
    fs::copy(settings.folder + "/monolith", settings.folder + "/split", fs::copy_options::recursive);
    measured.data = text("%u people with %zu followings and %zu posts", site.people.count,
                         site.people.follows.size(), site.people.posts.size());
    std::printf("%s; filled in %.1f s\n", measured.data.c_str(), ms_since(start) / 1e3);
    std::fflush(stdout);
    return site;
}

// The first start of a topology moves its data; it does not count.
void measure_starts(const Settings& settings, Measured& measured) {
    Figure& start = measured.add("start", "from the start until all processes are ready", "ms");
    for (int round = -1; round < settings.rounds; ++round) {
        const double monolith = Running{settings.programs, "monolith", settings.folder}.ready_ms();
        const double split = Running{settings.programs, "split", settings.folder}.ready_ms();
        if (round < 0) continue;
        start.monolith.push_back(monolith);
        start.split.push_back(split);
    }
}

void measure_memory(const std::string& id, const std::string& when, const Running& monolith,
                    const Running& split, Measured& measured) {
    monolith.wait_for_rest();
    split.wait_for_rest();
    Figure& memory = measured.add(id, "memory of all processes, " + when, "MB");
    memory.monolith.push_back(monolith.memory_bytes() / 1e6);
    memory.split.push_back(split.memory_bytes() / 1e6);
}

// By bench_rpc; the lines of its table that say so.
void measure_hop(const Settings& settings, Measured& measured) {
    Figure many{
        .id = "hop", .what = "one hop with all policies, 16 in flight: CPU of both ends", .unit = "us"};
    Figure one{
        .id = "hop-alone", .what = "... with one in flight, so that each wakes a process", .unit = "us"};
    many.bar = text("at most %.0f", hop_us_max);
    const std::string command = settings.programs + "/bench_rpc " + std::to_string(settings.hop_calls);
    std::FILE* output = ::popen(command.c_str(), "r");
    char line[500];
    while (output != nullptr && std::fgets(line, sizeof line, output) != nullptr) {
        int in_flight = 0;
        double client = 0, server = 0, both = 0;
        if (std::sscanf(line, " guarded %d %lf + %lf = %lf", &in_flight, &client, &server, &both) != 4)
            continue;
        (in_flight == 1 ? one : many).split.push_back(both);
    }
    if (output != nullptr) ::pclose(output);
    if (!many.split.empty()) many.is_met = many.split.front() <= hop_us_max;
    measured.figures.push_back(many);
    measured.figures.push_back(one);
}

void print(const Figure& figure) {
    const auto shown = [](const std::vector<double>& values) {
        return values.empty() ? std::string("-") : spread(values);
    };
    std::printf("%-62s %-5s %-28s %-28s %s%s\n", figure.what.c_str(), figure.unit.c_str(),
                shown(figure.monolith).c_str(), shown(figure.split).c_str(), figure.bar.c_str(),
                !figure.is_met   ? ""
                : *figure.is_met ? ": met"
                                 : ": no");
}

void measure(const Settings& settings, const std::string& again) {
    Measured measured{.load_before = load_of_machine()};
    const Filled site = fill(settings, measured);
    measure_starts(settings, measured);
    {
        const Running monolith{settings.programs, "monolith", settings.folder};
        const Running split{settings.programs, "split", settings.folder};
        measure_memory("rest", "at rest after the start", monolith, split, measured);
        measure_loads(settings, site, monolith, split, measured);
        measure_two_services(settings, site, split, measured);
        measure_memory("loaded", "at rest after the load", monolith, split, measured);
        measure_pages(site, monolith, split, measured);
        measure_change(settings, site, monolith, split, measured);
    }
    measure_features(measured);
    measure_hop(settings, measured);
    measured.load_after = load_of_machine();
    for (const Figure& figure : measured.figures)
        print(figure);
    write_report(settings, measured, again);
    std::printf("report: %s\nagain: %s\n", settings.report.c_str(), again.c_str());
}

Settings settings_from(int count, char** words) {
    Settings settings;
    settings.programs = fs::weakly_canonical(words[0]).parent_path().string();
    settings.report = std::string(JEBI_SOURCE_FOLDER) + "/build/bench/placement.html";
    settings.folder = "/tmp";
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = words[i], value = words[i + 1];
        if (name == "--people") settings.people = static_cast<std::uint32_t>(std::atoi(value.c_str()));
        if (name == "--rounds") settings.rounds = std::atoi(value.c_str());
        if (name == "--seconds") settings.seconds = std::atof(value.c_str());
        if (name == "--builds") settings.builds = std::atoi(value.c_str());
        if (name == "--hop-calls") settings.hop_calls = std::atoi(value.c_str());
        if (name == "--report") settings.report = value;
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
    if (settings.people < 100 || settings.rounds < 1 || settings.seconds <= 0 || settings.builds < 0 ||
        settings.hop_calls < 100) {
        std::fprintf(stderr, "bench: at least 100 people and calls, one round, and some seconds\n");
        return 1;
    }
    if (::mkdtemp(settings.folder.data()) == nullptr) return 1;
    ::setenv("JEBI_WEB_API_REQUESTS_MAX", "0", 1);  // NOLINT(concurrency-mt-unsafe): the only thread
    measure(settings,
            text("./dev bench placement --people %u --rounds %d --seconds %g --builds %d --hop-calls %d",
                 settings.people, settings.rounds, settings.seconds, settings.builds, settings.hop_calls));
    std::filesystem::remove_all(settings.folder);
}
