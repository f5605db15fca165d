// The parts of the benchmark, in the order in which they are measured.
#pragma once

#include "bench/placement/measured.h"
#include "bench/placement/running.h"

namespace jebi::bench {

// loads.cpp: homes and posts, as many as each topology can and half of that, one after the other in each
// round.
void measure_loads(const Settings& settings, const Filled& site, const Running& monolith,
                   const Running& split, Measured& measured);

// Homes of 10 posts a second, held against those of DeathStarBench's read path.
void compare_with_others(Figure& rate);

// two_services.cpp: the same by contracts alone, from the two processes that have it.
void measure_two_services(const Settings& settings, const Filled& site, const Running& split,
                          Measured& measured);

// pages.cpp: what is answered while one process is dead and nobody starts it again: each of the split, and
// the monolith's one.
void measure_pages(const Filled& site, const Running& monolith, const Running& split, Measured& measured);

// change.cpp: from a saved file of modules/tweets to an answer by the new code; and the programs' sizes.
void measure_change(const Settings& settings, const Filled& site, const Running& monolith,
                    const Running& split, Measured& measured);

// feature.cpp: the lines that belong to a feature, and those elsewhere that know of it.
void measure_features(Measured& measured);

// html.cpp: one file that needs nothing else.
void write_report(const Settings& settings, const Measured& measured, const std::string& again);

// printf into a string.
[[gnu::format(printf, 1, 2)]] std::string text(const char* format, ...);

// One request of somebody who is signed in, or of nobody (an empty token).
std::string read_page(const std::string& path, const std::string& token);

}  // namespace jebi::bench
