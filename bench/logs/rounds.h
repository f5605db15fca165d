// What is measured: rounds in which every server takes the same rows and answers the same queries, one right
// after the other, so that what else the machine does meets all of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/logs/peer.h"

namespace jebi::bench {

struct Settings {
    std::uint64_t rows = 2'000'000;
    int rounds = 3;
    std::string folder;  // where data is put while it runs, in a folder of its own
};

// Of one server, one value a round.
struct Figures {
    std::vector<double> batch_rows_s, batch_rows_cpu_s;  // until the last answer
    std::vector<double> settled_s, settled_rows_cpu_s;   // until the server rests
    std::vector<double> hundred_rows_s, hundred_rows_cpu_s;
    std::vector<double> events_s, events_cpu_s;
    std::vector<double> bytes_a_row, peak_megabytes, queried_peak_megabytes;
    std::vector<double> first_query_ms;
    std::vector<std::vector<double>> query_ms, query_cpu_ms;  // by query
    bool saw_all = true;  // the first query after the last answer counted all rows
};

struct Measured {
    std::vector<std::string> names;  // of the servers, ours first
    std::vector<Figures> figures;
    std::vector<Query> queries;
    std::vector<double> fsyncs_s;          // of the disk, beside the servers
    std::vector<std::string> differences;  // answers that ClickHouse gave otherwise than we
};

// Measures and prints; peers that cannot run here are named and left out. 0, or 1 when ours cannot run or
// answered wrongly.
int run(const Settings& settings, std::vector<std::unique_ptr<Peer>> peers);

// The table in Markdown, with what is asked of each figure.
void print_table(const Measured& measured, std::uint64_t rows);

}  // namespace jebi::bench
