#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "bench/twitter/measure.h"
#include "bench/twitter/site.h"

namespace jebi::bench {

namespace {

const std::string source = JEBI_SOURCE_FOLDER;
const std::string packages = source + "/build/bench-npm/node_modules";

// One of the two servers, and what was measured of it, a value a round.
struct Server {
    const char* name;
    Program program;
    std::function<std::string(std::uint32_t person)> home, compose;
    std::function<std::string(std::uint32_t person, std::uint32_t other)> profile;
    std::vector<double> rates, us, p50, p99;
};

std::string next_request(const Server& server, std::mt19937_64& random, std::uint32_t people) {
    const auto person = static_cast<std::uint32_t>(random() % people);
    const auto kind = random() % 10;
    if (kind < 6) return server.home(person);
    if (kind < 9) return server.profile(person, somebody(random, people));
    return server.compose(person);
}

void measure(Server& server, const Settings& settings, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    const double before = cpu_us(server.program.process);
    const Loaded loaded = drive_well(
        {.port = server.program.port,
         .connections = connections,
         .requests = UINT64_MAX,
         .request = [&](std::uint64_t) { return next_request(server, random, settings.mix_people); },
         .seconds_max = settings.seconds});
    wait_for_rest(server.program.process);
    server.us.push_back((cpu_us(server.program.process) - before) / static_cast<double>(loaded.good));
    server.rates.push_back(static_cast<double>(loaded.good) / loaded.seconds);
    server.p50.push_back(quantile(loaded.ms, 0.5));
    server.p99.push_back(quantile(loaded.ms, 0.99));
}

// Every text is free of quotes and backslashes.
void write_json(const People& people, const std::string& file) {
    std::ofstream json{file};
    json << "{\"people\":" << people.count << ",\"follows\":[";
    const char* between = "";
    for (const Follow& follow : people.follows) {
        json << between << '[' << follow.follower << ',' << follow.followed << ']';
        between = ",";
    }
    json << "],\"posts\":[";
    between = "";
    for (const Post& post : people.posts) {
        json << between << '[' << post.author << ",\"" << post.text << "\"]";
        between = ",";
    }
    json << "]}";
}

Server start_ours(const Settings& settings, const People& people, std::mt19937_64& random) {
    const std::string data = settings.folder + "/jebi-mix";
    const auto tokens = fill_site(data, people);
    const auto count = people.count;
    return {.name = "jebi",
            .program = start_jebi(settings.program, data),
            .home = [tokens](auto person) { return page_request("/", tokens[person]); },
            .compose = [tokens, count, &random](
                           auto person) { return post_request(some_text(random, count), tokens[person]); },
            .profile = [tokens](
                           auto person,
                           auto other) { return page_request("/users/" + username(other), tokens[person]); }};
}

std::string twin_head(const std::string& line, std::uint32_t person) {
    return line + " HTTP/1.1\r\nHost: localhost\r\nCookie: sid=session-of-" + username(person) + "\r\n";
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char letter : text) {
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(letter));
        encoded += code;
    }
    return encoded;
}

Server start_twin(const Settings& settings, const People& people, std::mt19937_64& random) {
    write_json(people, settings.folder + "/people.json");
    ::setenv("NODE_PATH", packages.c_str(), 1);
    ::setenv("NODE_ENV", "production", 1);
    const auto count = people.count;
    return {
        .name = "Express + SQLite",
        .program = start_program({"node", source + "/bench/twitter/express_twin.cjs",
                                  settings.folder + "/twin.db", settings.folder + "/people.json"},
                                 "listening on port "),
        .home = [](auto person) { return twin_head("GET /", person) + "\r\n"; },
        .compose =
            [count, &random](auto person) {
                const std::string body = "body=" + percent_encoded(some_text(random, count));
                return twin_head("POST /tweets", person) +
                       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body;
            },
        .profile = [](auto person,
                      auto other) { return twin_head("GET /users/" + username(other), person) + "\r\n"; }};
}

std::vector<std::string> homes_of_all(const Server& server, std::uint32_t people) {
    std::vector<std::string> requests;
    for (std::uint32_t person = 0; person < people; ++person)
        requests.push_back(server.home(person));
    return requests;
}

void report_server(const Server& server) {
    const std::string what = std::string("mix, ") + server.name + ": ";
    report((what + "requests a second").c_str(), spread(server.rates), "");
    report((what + "CPU us a request").c_str(), spread(server.us), "");
    report((what + "p50 ms, all it can").c_str(), spread(server.p50), "");
    report((what + "p99 ms, all it can").c_str(), spread(server.p99), "");
}

std::vector<double> ratios(const std::vector<double>& ours, const std::vector<double>& theirs) {
    std::vector<double> all;
    for (std::size_t i = 0; i < ours.size(); ++i)
        all.push_back(ours[i] / theirs[i]);
    return all;
}

bool has_packages() {
    for (const char* package : {"/express", "/body-parser", "/better-sqlite3/build"})
        if (!std::filesystem::exists(packages + package)) return false;
    return true;
}

}  // namespace

void measure_mix(const Settings& settings) {
    const People people = made_people({.people = settings.mix_people});
    std::printf("mix: %u people, %zu followings, %zu posts\n", people.count, people.follows.size(),
                people.posts.size());
    std::mt19937_64 random{Shape{}.seed};
    std::vector<Server> servers;
    servers.push_back(start_ours(settings, people, random));
    if (has_packages())
        servers.push_back(start_twin(settings, people, random));
    else
        std::printf("the Express twin is left out: its packages are not in %s\n", packages.c_str());
    for (const Server& server : servers) {
        report_homes(std::string("mix, ") + server.name, server.program.port,
                     homes_of_all(server, people.count), post_mark_html);
        wait_for_rest(server.program.process);
    }
    for (int i = 0; i < settings.rounds; ++i) {
        for (std::size_t n = 0; n < servers.size(); ++n)
            measure(servers[(n + static_cast<std::size_t>(i)) % servers.size()], settings,
                    Shape{}.seed + static_cast<std::uint64_t>(i));
    }
    for (const Server& server : servers) {
        report_server(server);
        stop_program(server.program);
    }
    if (servers.size() < 2) return;
    report("mix, requests a second: times the twin", spread(ratios(servers[0].rates, servers[1].rates)), "");
    report("mix, CPU a request: part of the twin's", spread(ratios(servers[0].us, servers[1].us)), "");
}

}  // namespace jebi::bench
