// log-analytics beside Debian's ClickHouse and a service as one writes it in an afternoon, on the same rows
// in the same run. README.md says how to run it and has the figures.
//
//     bench_logs [--rows N] [--rounds N] [--folder DIR] [--program FILE]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/logs/rounds.h"

namespace {

using namespace jebi::bench;

struct Arguments {
    Settings settings;
    std::string program, source = JEBI_SOURCE_FOLDER;
};

Arguments read(int count, char** words) {
    Arguments read;
    read.settings.folder = "/tmp";
    read.program = (std::filesystem::weakly_canonical(words[0]).parent_path() / "log-analytics").string();
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = words[i], value = words[i + 1];
        if (name == "--rows") read.settings.rows = std::strtoull(value.c_str(), nullptr, 10);
        if (name == "--rounds") read.settings.rounds = std::atoi(value.c_str());
        if (name == "--folder") read.settings.folder = value;
        if (name == "--program") read.program = value;
    }
    return read;
}

}  // namespace

int main(int count, char** words) {
    const Arguments arguments = read(count, words);
    const std::string here = arguments.source + "/bench/logs";
    std::vector<std::unique_ptr<Peer>> peers;
    peers.push_back(log_analytics(arguments.program));
    peers.push_back(clickhouse());
    peers.push_back(express(here + "/express_service.cjs", arguments.source + "/build/bench-npm"));
    return run(arguments.settings, std::move(peers));
}
