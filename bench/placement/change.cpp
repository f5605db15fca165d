#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "bench/load.h"
#include "bench/placement/parts.h"

namespace jebi::bench {

namespace {

const std::string source = JEBI_SOURCE_FOLDER, build_folder = JEBI_BUILD_FOLDER;

// Stops the benchmark with the command's last words when it fails.
std::FILE* begun(const std::string& command) {
    std::FILE* output = ::popen((command + " 2>&1").c_str(), "r");
    if (output != nullptr) return output;
    std::fprintf(stderr, "bench: cannot run: %s\n", command.c_str());
    std::_Exit(1);
}
void must_end_well(std::FILE* output) {
    char line[500];
    std::string last;
    while (std::fgets(line, sizeof line, output) != nullptr)
        last = line;
    if (::pclose(output) == 0) return;
    std::fprintf(stderr, "bench: a command failed: %s\n", last.c_str());
    std::_Exit(1);
}
void must(const std::string& command) {
    must_end_well(begun(command));
}

// A file saved anew as it was: the compiler has the same to do as for any small change to it, once ccache is
// off, and nothing of the tree differs afterwards.
double ms_to_build(const std::string& target) {
    ::utimensat(AT_FDCWD, (source + "/modules/tweets/service.cpp").c_str(), nullptr, 0);
    const auto start = now_ns();
    must("CCACHE_DISABLE=1 ninja -C '" + build_folder + "' " + target);
    return ms_since(start);
}

// Until the old process is gone and the new one has answered what only tweets knows.
double ms_to_run(const Settings& settings, const Running& running, const std::string& process,
                 const std::string& question) {
    const pid_t old = running.process(process).pid;
    const auto start = now_ns();
    std::FILE* deploying =
        begun("'" + settings.programs + "/jebi' deploy tweets --data '" + running.data() + "'");
    while (::kill(old, 0) == 0) {
        if (ask(running.port(), question).find(" 200 ") == std::string::npos || ms_since(start) > 60'000) {
            std::fprintf(stderr, "bench: %s was not replaced unnoticed\n", process.c_str());
            std::_Exit(1);
        }
    }
    ask(running.port(), question);
    const double ms = ms_since(start);
    must_end_well(deploying);
    return ms;
}

double megabytes_of(const std::string& program, const std::string& folder) {
    const std::string copy = folder + "/stripped";
    must("strip -o '" + copy + "' '" + program + "'");
    return static_cast<double>(std::filesystem::file_size(copy)) / 1e6;
}

}  // namespace

void measure_change(const Settings& settings, const Filled& site, const Running& monolith,
                    const Running& split, Measured& measured) {
    Figure build{.id = "build", .what = "a saved file of tweets: compiled and linked", .unit = "s"};
    Figure run{.id = "swap", .what = "... and by jebi deploy in the old one's place", .unit = "s"};
    Figure both{.id = "change", .what = "from the saved file to an answer by the new code", .unit = "s"};
    if (settings.builds == 0) return;
    must("ninja -C '" + build_folder + "' jebi jebi-tweets");  // what else has changed does not count
    const std::string question = read_page("/api/v1/tweets?limit=1", site.tokens.front());
    for (int i = 0; i < settings.builds; ++i) {
        const auto change = [&](const Running& running, const char* target, const char* process,
                                std::vector<double> Figure::* values) {
            (build.*values).push_back(ms_to_build(target) / 1e3);
            (run.*values).push_back(ms_to_run(settings, running, process, question) / 1e3);
            (both.*values).push_back((build.*values).back() + (run.*values).back());
        };
        change(monolith, "jebi", "jebi", &Figure::monolith);
        change(split, "jebi-tweets", "tweets", &Figure::split);
    }
    for (const Figure& figure : {build, run, both})
        measured.figures.push_back(figure);
    Figure& restarted = measured.add("restarted", "modules that start anew when tweets changes", "");
    restarted.monolith.push_back(8);
    restarted.split.push_back(1);
    Figure& size = measured.add("size", "the program that is replaced, without debug information", "MB");
    size.monolith.push_back(megabytes_of(settings.programs + "/jebi", settings.folder));
    size.split.push_back(megabytes_of(settings.programs + "/jebi-tweets", settings.folder));
}

}  // namespace jebi::bench
