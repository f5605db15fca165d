// The whole Twitter under load: the real jebi over HTTP on loopback, with people who follow each other as
// people do. README.md has the figures.
//
//     bench_twitter [--people N] [--mix-people N] [--rounds N] [--seconds S] [--folder DIR]
//
// Homes of 20 posts as a page and as JSON; posts by somebody with 40 followers and with as many as there are
// people; and the mix of DeathStarBench's social network, beside an Express twin. CPU is all of the process,
// user and system, with everything that follows from a request: a post counts until all homes have it.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

#include "bench/twitter/measure.h"
#include "bench/twitter/site.h"

namespace jebi::bench {

std::string page_request(const std::string& path, const std::string& token) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Language: ko\r\nCookie: jebi=" + token +
           "\r\n\r\n";
}

std::string api_request(const std::string& path, const std::string& token) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n";
}

std::string post_request(const std::string& text, const std::string& token) {
    const std::string body = "{\"text\":\"" + text + "\"}";
    return "POST /api/v1/tweets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

Loaded drive_well(const Load& load) {
    Loaded loaded = drive(load);
    if (loaded.bad == 0) return loaded;
    std::fprintf(stderr, "bench: %llu of %llu requests were refused\n",
                 static_cast<unsigned long long>(loaded.bad),
                 static_cast<unsigned long long>(loaded.bad + loaded.good));
    std::exit(1);
}

void report_homes(const std::string& what, std::uint16_t port, const std::vector<std::string>& requests,
                  const std::string& mark) {
    std::size_t posts = 0, bytes = 0;
    for (const std::string& request : requests) {
        const std::string answer = ask(port, request);
        bytes += answer.size();
        for (auto at = answer.find(mark); at != std::string::npos; at = answer.find(mark, at + 1))
            ++posts;
    }
    if (posts == 0) {
        std::fprintf(stderr, "bench: %s: no posts in the homes\n", what.c_str());
        std::exit(1);
    }
    char text[100];
    std::snprintf(text, sizeof text, "%.1f; %.0f",
                  static_cast<double>(posts) / static_cast<double>(requests.size()),
                  static_cast<double>(bytes) / static_cast<double>(requests.size()));
    report((what + ": posts; bytes of an answer").c_str(), text, "");
}

namespace {

using Clock = std::chrono::steady_clock;

constexpr int sightings = 20;   // posts that are looked for, a round
constexpr int looked_at = 100;  // homes
constexpr double seen_seconds_max = 20;
constexpr const char* post_mark_json = "\"favourites_count\":";
constexpr const char* newest = "/api/v1/timelines/home?limit=1";

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

class Homes {
public:
    Homes(const Settings& settings, const People& people, const std::vector<std::string>& tokens)
        : settings_(settings),
          people_(people),
          tokens_(tokens),
          jebi_(start_jebi(settings.program, settings.folder + "/jebi")) {
        wait_for_rest(jebi_.process);
        const double before = cpu_us(jebi_.process);
        std::this_thread::sleep_for(std::chrono::seconds{2});
        idle_us_a_second_ = (cpu_us(jebi_.process) - before) / 2;
    }
    Homes(const Homes&) = delete;
    Homes& operator=(const Homes&) = delete;
    ~Homes() { stop_program(jebi_); }

    void measure() {
        measure_reads("home of 20, HTML", post_mark_html,
                      [](const std::string& token) { return page_request("/", token); });
        measure_reads("home of 20, JSON", post_mark_json, [](const std::string& token) {
            return api_request("/api/v1/timelines/home?limit=20", token);
        });
        measure_posts(followed_by_40, 2'000);
        measure_posts(followed_by_all, 50);
    }

private:
    using RequestOf = std::function<std::string(const std::string& token)>;

    Load load_of(const RequestOf& request) {
        return {
            .port = jebi_.port,
            .connections = connections,
            .requests = UINT64_MAX,
            .request = [&, request](std::uint64_t) { return request(tokens_[random_() % tokens_.size()]); },
            .seconds_max = settings_.seconds};
    }

    // As many as it can, then half as many.
    void measure_reads(const std::string& what, const char* mark, const RequestOf& request) {
        std::vector<std::string> some;
        for (int i = 0; i < looked_at; ++i)
            some.push_back(request(tokens_[random_() % tokens_.size()]));
        report_homes(what, jebi_.port, some, mark);
        std::vector<double> us, rates, p50, p99;
        drive_well(load_of(request));  // the caches are warm then
        for (int i = 0; i < settings_.rounds; ++i) {
            const double before = cpu_us(jebi_.process);
            const Loaded most = drive_well(load_of(request));
            us.push_back((cpu_us(jebi_.process) - before) / static_cast<double>(most.good));
            rates.push_back(static_cast<double>(most.good) / most.seconds);
            Load half = load_of(request);
            half.a_second = rates.back() / 2;
            const Loaded calm = drive_well(half);
            p50.push_back(quantile(calm.ms, 0.5));
            p99.push_back(quantile(calm.ms, 0.99));
        }
        report((what + ": CPU us").c_str(), spread(us), "");
        report((what + ": requests a second").c_str(), spread(rates), "");
        report((what + ", at half of that: p50 ms").c_str(), spread(p50), "");
        report((what + ", at half of that: p99 ms").c_str(), spread(p99), "");
    }

    void measure_posts(std::uint32_t author, std::uint64_t count) {
        const std::vector<std::uint32_t> followers = followers_of(author);
        const std::string what = "post to " + std::to_string(followers.size()) + " followers: ";
        std::vector<double> us, seen;
        for (int i = 0; i < settings_.rounds; ++i) {
            us.push_back(cpu_of_posts(author, count) / static_cast<double>(count));
            for (int n = 0; n < sightings; ++n)
                seen.push_back(ms_until_seen(author, followers[random_() % followers.size()]));
        }
        report((what + "CPU us, with all homes").c_str(), spread(us), "");
        char text[100];
        std::snprintf(text, sizeof text, "%.2f; p99 %.2f; max %.2f", median(seen), quantile(seen, 0.99),
                      quantile(seen, 1));
        report((what + "ms until one sees it: p50").c_str(), text, "at most 2000");
    }

    std::vector<std::uint32_t> followers_of(std::uint32_t author) const {
        std::vector<std::uint32_t> followers;
        for (const Follow& follow : people_.follows)
            if (follow.followed == author) followers.push_back(follow.follower);
        return followers;
    }

    // Until jebi is at rest again, less what it uses at rest.
    double cpu_of_posts(std::uint32_t author, std::uint64_t count) {
        wait_for_rest(jebi_.process);
        const auto start = Clock::now();
        const double before = cpu_us(jebi_.process);
        drive_well({.port = jebi_.port, .connections = 8, .requests = count, .request = [&](std::uint64_t) {
                        return post_request(some_text(random_, people_.count), tokens_[author]);
                    }});
        wait_for_rest(jebi_.process);
        return cpu_us(jebi_.process) - before - idle_us_a_second_ * ms_since(start) / 1e3;
    }

    // From the moment the post is sent.
    double ms_until_seen(std::uint32_t author, std::uint32_t follower) {
        const auto start = Clock::now();
        const std::string answer =
            ask(jebi_.port, post_request(some_text(random_, people_.count), tokens_[author]));
        const auto at = answer.find("\"id\":\"");
        const std::string id = answer.substr(at, answer.find(',', at) - at);
        while (ask(jebi_.port, api_request(newest, tokens_[follower])).find(id) == std::string::npos) {
            if (ms_since(start) > seen_seconds_max * 1e3) {
                std::fprintf(stderr, "bench: a follower does not see a post: %s\n", answer.c_str());
                std::exit(1);
            }
        }
        return ms_since(start);
    }

    const Settings& settings_;
    const People& people_;
    const std::vector<std::string>& tokens_;
    std::mt19937_64 random_{Shape{}.seed};
    Program jebi_;
    double idle_us_a_second_ = 0;
};

void measure_homes(const Settings& settings) {
    const auto start = Clock::now();
    const People people = made_people({.people = settings.people, .posts_each = 3, .stars = true});
    const std::vector<std::string> tokens = fill_site(settings.folder + "/jebi", people);
    std::printf("%u people, %zu followings, %zu posts; filled in %.0f s\n", people.count,
                people.follows.size(), people.posts.size(), ms_since(start) / 1e3);
    std::fflush(stdout);
    Homes{settings, people, tokens}.measure();
}

Settings settings_from(int count, char** words) {
    Settings settings;
    settings.program = (std::filesystem::weakly_canonical(words[0]).parent_path() / "jebi").string();
    settings.folder = "/tmp";
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = words[i], value = words[i + 1];
        if (name == "--people") settings.people = static_cast<std::uint32_t>(std::atoi(value.c_str()));
        if (name == "--mix-people")
            settings.mix_people = static_cast<std::uint32_t>(std::atoi(value.c_str()));
        if (name == "--rounds") settings.rounds = std::atoi(value.c_str());
        if (name == "--seconds") settings.seconds = std::atof(value.c_str());
        if (name == "--folder") settings.folder = value;
    }
    settings.folder += "/jebi-bench-XXXXXX";
    return settings;
}

void print_load() {
    double loads[3] = {};
    if (::getloadavg(loads, 3) == 3)
        std::printf("load of the machine, at the end with the benchmark's own: %.1f %.1f %.1f\n", loads[0],
                    loads[1], loads[2]);
    std::fflush(stdout);
}

}  // namespace

}  // namespace jebi::bench

int main(int count, char** words) {
    using namespace jebi::bench;
    Settings settings = settings_from(count, words);
    if (settings.people < 100 || settings.mix_people < 100 || settings.rounds < 1 || settings.seconds <= 0) {
        std::fprintf(stderr, "bench: at least 100 people, one round, and some seconds\n");
        return 1;
    }
    if (::mkdtemp(settings.folder.data()) == nullptr) return 1;
    print_load();
    measure_homes(settings);
    measure_mix(settings);
    print_load();
    std::printf("again: ./dev bench twitter --people %u --mix-people %u --rounds %d --seconds %g\n",
                settings.people, settings.mix_people, settings.rounds, settings.seconds);
    std::filesystem::remove_all(settings.folder);
}
