// What the parts of the benchmark have in common.
#pragma once

#include <string>
#include <vector>

#include "bench/load.h"
#include "bench/program.h"
#include "bench/twitter/people.h"

namespace jebi::bench {

struct Settings {
    std::uint32_t people = 10'001;   // one is followed by all others
    std::uint32_t mix_people = 962;  // as in DeathStarBench's social network
    std::string part;                // "homes" or "mix" alone; empty: both
    int rounds = 5;
    double seconds = 4;   // of load, for each figure of a round
    std::string program;  // jebi
    std::string folder;   // of this run, removed at its end
};

inline constexpr unsigned connections = 64;
inline constexpr const char* post_mark_html = "<article";  // of both servers

// One person's requests to jebi.
std::string page_request(const std::string& path, const std::string& token);
std::string api_request(const std::string& path, const std::string& token);
std::string post_request(const std::string& text, const std::string& token);

// As drive(); stops the benchmark with a message when something was refused.
Loaded drive_well(const Load& load);

// Asks for homes of some people, and prints how many posts and bytes these have on average; `mark` begins
// each post. Stops the benchmark when there are none, since then something else was answered.
void report_homes(const std::string& what, std::uint16_t port, const std::vector<std::string>& requests,
                  const std::string& mark);

// mix.cpp: 60 % homes, 30 % profiles, 10 % posts, on jebi and on the Express twin.
void measure_mix(const Settings& settings);

}  // namespace jebi::bench
