// Log rows as a mid-sized web service writes them in a day, for the benchmarks: the same seed makes the same
// rows.
//
//     Generator rows(seed, 2'000'000);
//     std::string lines;
//     rows.append(lines);   // one JSON object and a line break
//
// A row has 14 fields: ts, level, service, method, path, route, status, latency_ms, bytes, ip, user, ua,
// trace, msg. It has about 383 bytes. Of 2,000,000 rows over 24 hours
// - about 140,000 paths and 60,000 users differ, both by Zipf's law (some much more often than most);
// - a trace id is 128 random bits in hex, and 1.6 rows on average have the same, mixed with those of other
// traces;
// - latency_ms is lognormal with three decimals, and four times as long in two bursts, in which every third
// row is an
//   error (from 03:10 to 03:25 and from 17:40 to 18:05);
// - msg is made from templates with numbers in them; one of them, `rare_phrase`, is in about one of 10,000
// rows.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::bench {

inline constexpr std::string_view rare_phrase = "deadlock detected";

// Numbers that a seed repeats (splitmix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t bits();
    double unit();                             // from 0 to below 1
    std::uint64_t below(std::uint64_t bound);  // from 0 to below the bound
    double normal();                           // mean 0, deviation 1
private:
    std::uint64_t state_;
};

// Ranks from 0 by Zipf's law: the chance of rank r is proportional to 1 / (r + 1)^exponent.
class Zipf {
public:
    Zipf(std::size_t ranks, double exponent);
    std::size_t pick(Random& random) const;

private:
    std::vector<double> up_to_;  // the chance of this rank or a lower one
};

class Generator {
public:
    // `rows` is how many the day is made of; more may be asked for, at the same rate.
    Generator(std::uint64_t seed, std::uint64_t rows);
    void append(std::string& lines);

    // Something to look for: a user with some hundred rows among 2,000,000, and the trace of the row that is
    // two fifths through the day (empty before that).
    std::string some_user() const;
    const std::string& some_trace() const { return some_trace_; }

private:
    // What the rows of one trace have in common.
    struct Visit {
        std::size_t route = 0, user = 0;
        std::string path, ip, trace;
    };
    void begin(Visit& visit);
    void append_message(std::string& lines, bool error, double latency_ms);

    Random random_;
    std::uint64_t rows_, row_ = 0;
    double ms_ = 0;  // since the day began
    Zipf users_, things_, routes_;
    std::array<Visit, 24> open_;  // under way at the same time
    std::string some_trace_;
};

}  // namespace jebi::bench
