// The seven questions that people ask of web logs, for each of the engines that are measured.
#pragma once

#include <string>
#include <vector>

#include "bench/logs/generator.h"

namespace jebi::bench {

struct Query {
    const char* name;
    std::string ours;
    std::string clickhouse;
    std::string sqlite;  // empty: SQLite has no such function
    // Answers that may differ: approximate ones.
    bool is_exact = true;
};

std::vector<Query> queries(const std::string& user, const std::string& trace);

}  // namespace jebi::bench
