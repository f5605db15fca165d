#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <thread>

#include "bench/load.h"
#include "bench/placement/parts.h"

namespace jebi::bench {

namespace {

constexpr unsigned connections = 16;
constexpr double split_to_monolith_max = 2.5;
constexpr double others_a_second_max = 3'400, others_a_second_min = 1'900;  // DeathStarBench's, two cores
constexpr double times_others_min = 3;

struct Kind {
    const char* id;
    const char* what;
    std::function<std::string(std::mt19937_64&)> request;
};

struct Sample {
    double a_second = 0, us = 0, p50 = 0, p99 = 0;
    std::map<std::string, double> us_by_process;
};

Load load_of(const Settings& settings, const Kind& kind, const Running& running, std::mt19937_64& random) {
    return {.port = running.port(),
            .connections = connections,
            .requests = UINT64_MAX,
            .request = [&](std::uint64_t) { return kind.request(random); },
            .seconds_max = settings.seconds};
}

Loaded driven_well(const Load& load, const Running& running) {
    Loaded loaded = drive(load);
    if (loaded.bad == 0) return loaded;
    std::fprintf(stderr, "bench: %s refused %s of %s requests\n", running.name().c_str(),
                 std::to_string(loaded.bad).c_str(), std::to_string(loaded.bad + loaded.good).c_str());
    std::_Exit(1);
}

class Loads {
public:
    Loads(const Settings& settings, const Filled& site, const Running& monolith, const Running& split,
          Measured& measured)
        : settings_(settings), site_(site), topologies_{&monolith, &split}, measured_(measured) {
        for (const Running* running : topologies_) {
            running->wait_for_rest();
            idle_us_a_ms_[running] = idle(*running);
        }
    }

    void measure(const Kind& kind) {
        std::map<const Running*, std::vector<Sample>> samples;
        for (const Running* running : topologies_)
            driven_well(load_of(settings_, kind, *running, random_), *running);  // the caches are warm then
        for (int round = 0; round < settings_.rounds; ++round) {
            for (std::size_t i = 0; i < topologies_.size(); ++i) {
                const Running& running = *topologies_[(i + static_cast<std::size_t>(round)) % 2];
                samples[&running].push_back(sample(kind, running));
            }
        }
        report_kind(kind, samples);
    }

private:
    static std::map<std::string, double> idle(const Running& running) {
        constexpr std::chrono::milliseconds looked{2'000};
        const auto before = running.cpu_us();
        std::this_thread::sleep_for(looked);
        auto used = running.cpu_us();
        for (auto& [name, us] : used)
            us = (us - before.at(name)) / static_cast<double>(looked.count());
        return used;
    }

    // As much as it can until it is at rest again, less what it uses at rest; then half as much.
    Sample sample(const Kind& kind, const Running& running) {
        running.wait_for_rest();
        const auto start = now_ns();
        const auto before = running.cpu_us();
        const Loaded most = driven_well(load_of(settings_, kind, running, random_), running);
        running.wait_for_rest();
        const auto count = static_cast<double>(most.good);
        Sample sample{.a_second = count / most.seconds};
        for (const auto& [name, us] : running.cpu_us()) {
            const double idle_us = idle_us_a_ms_[&running][name] * ms_since(start);
            sample.us_by_process[name] = std::max(0.0, us - before.at(name) - idle_us) / count;
            sample.us += sample.us_by_process[name];
        }
        Load half = load_of(settings_, kind, running, random_);
        half.a_second = sample.a_second / 2;
        const Loaded calm = driven_well(half, running);
        sample.p50 = quantile(calm.ms, 0.5);
        sample.p99 = quantile(calm.ms, 0.99);
        return sample;
    }

    void report_kind(const Kind& kind, const std::map<const Running*, std::vector<Sample>>& samples) {
        const auto add = [&](const char* id, const std::string& what, const char* unit,
                             double Sample::* value) -> Figure& {
            Figure& figure =
                measured_.add(std::string(kind.id) + "." + id, std::string(kind.what) + what, unit);
            for (const Sample& one : samples.at(topologies_[0]))
                figure.monolith.push_back(one.*value);
            for (const Sample& one : samples.at(topologies_[1]))
                figure.split.push_back(one.*value);
            return figure;
        };
        const bool is_read = std::string(kind.id) != "post";
        Figure& rate = add("rate", ": requests a second, all it can", "/s", &Sample::a_second);
        if (std::string(kind.id) == "json") compare_with_others(rate);
        Figure& us = add("us", ": CPU of all processes", "us", &Sample::us);
        if (is_read) {
            us.bar = text("split at most %.1f times the monolith", split_to_monolith_max);
            us.is_met = median(us.split) <= split_to_monolith_max * median(us.monolith);
        }
        add("p50", ", at half of that: p50", "ms", &Sample::p50);
        add("p99", ", at half of that: p99", "ms", &Sample::p99);
        for (const Running* running : topologies_)
            for (const auto& [name, us_now] : samples.at(running).front().us_by_process) {
                std::vector<double> values;
                for (const Sample& one : samples.at(running))
                    values.push_back(one.us_by_process.at(name));
                measured_.cpu_by_process[std::string(kind.id) + "." + running->name()][name] = median(values);
            }
    }

    const Settings& settings_;
    const Filled& site_;
    std::vector<const Running*> topologies_;
    Measured& measured_;
    std::map<const Running*, std::map<std::string, double>> idle_us_a_ms_;
    std::mt19937_64 random_{Shape{}.seed};
};

std::string posting(const std::string& words, const std::string& token) {
    const std::string body = "{\"text\":\"" + words + "\"}";
    return "POST /api/v1/tweets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace

void compare_with_others(Figure& rate) {
    rate.bar = text("split at least %.0f to %.0f", times_others_min * others_a_second_min,
                    times_others_min * others_a_second_max);
    rate.is_met = median(rate.split) >= times_others_min * others_a_second_max;
}

std::string read_page(const std::string& path, const std::string& token) {
    const std::string who = token.empty()               ? ""
                            : path.starts_with("/api/") ? "Authorization: Bearer " + token + "\r\n"
                                                        : "Cookie: jebi=" + token + "\r\n";
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n" + who + "\r\n";
}

void measure_loads(const Settings& settings, const Filled& site, const Running& monolith,
                   const Running& split, Measured& measured) {
    const auto token = [&site](std::mt19937_64& random) {
        return site.tokens[random() % site.tokens.size()];
    };
    Loads loads{settings, site, monolith, split, measured};
    loads.measure({"json", "home of 10 posts, JSON", [token](std::mt19937_64& random) {
                       return read_page("/api/v1/timelines/home?limit=10", token(random));
                   }});
    loads.measure({"html", "home of 20 posts, HTML",
                   [token](std::mt19937_64& random) { return read_page("/", token(random)); }});
    loads.measure({"post", "post to 40 followers", [&site](std::mt19937_64& random) {
                       return posting(some_text(random, site.people.count), site.tokens[followed_by_40]);
                   }});
}

}  // namespace jebi::bench
