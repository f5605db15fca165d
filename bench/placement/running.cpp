#include "bench/placement/running.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <regex>
#include <sstream>

#include "bench/load.h"

namespace jebi::bench {

namespace {

namespace fs = std::filesystem;

const std::string source = JEBI_SOURCE_FOLDER;
constexpr double still_ms_max = 5'000;
constexpr double at_rest = 0.15;  // of a core: ten processes that look around now and then

std::string content(const fs::path& file) {
    std::ifstream in{file};
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

// The file's copy listens on free ports.
std::string topology_file(const std::string& name, const std::string& folder) {
    const std::string text = content(source + "/topologies/" + name + ".toml");
    std::string file = folder + "/" + name + ".toml";
    std::ofstream{file} << std::regex_replace(text, std::regex{"listen = \"[^\"]*\""},
                                              "listen = \"127.0.0.1:0\"");
    return file;
}

pid_t parent_of(const fs::path& process) {
    const std::string stat = content(process / "stat");
    const auto after_name = stat.rfind(')');
    pid_t parent = 0;
    if (after_name != std::string::npos && after_name + 4 < stat.size())
        std::from_chars(stat.data() + after_name + 4, stat.data() + stat.size(), parent);
    return parent;
}

// What follows --process in its command line, or the program's name.
std::string name_of(const fs::path& process) {
    std::istringstream words{content(process / "cmdline")};
    std::string program, word;
    std::getline(words, program, '\0');
    while (std::getline(words, word, '\0'))
        if (word == "--process" && std::getline(words, word, '\0')) return word;
    return fs::path{program}.filename();
}

bool stands_still(pid_t process) {
    for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        const std::string stat = content(thread.path() / "stat");
        const auto after_name = stat.rfind(')');
        if (after_name == std::string::npos || stat[after_name + 2] != 'T') return false;
    }
    return true;
}

double pss_bytes(pid_t process) {
    std::ifstream rollup{"/proc/" + std::to_string(process) + "/smaps_rollup"};
    std::string word;
    double kilobytes = 0;
    while (rollup >> word)
        if (word == "Pss:" && rollup >> kilobytes) break;
    return kilobytes * 1024;
}

}  // namespace

std::int64_t now_ns() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
}

double ms_since(std::int64_t start_ns) {
    return static_cast<double>(now_ns() - start_ns) / 1e6;
}

Running::Running(const std::string& programs, const std::string& name, const std::string& folder)
    : name_(name), data_(folder + "/" + name) {
    const auto start = now_ns();
    program_ = start_program({programs + "/jebi", "up", topology_file(name, folder), "--data", data_},
                             "jebi is ready: http://127.0.0.1:");
    ready_ms_ = ms_since(start);
}

Running::~Running() {
    stop_program(program_);
}

std::vector<Process> Running::processes() const {
    std::vector<Process> all{{"supervisor", program_.process}};
    for (const auto& entry : fs::directory_iterator("/proc")) {
        pid_t pid = 0;
        const std::string number = entry.path().filename();
        std::from_chars(number.data(), number.data() + number.size(), pid);
        if (pid > 0 && parent_of(entry.path()) == program_.process)
            all.push_back({name_of(entry.path()), pid});
    }
    return all;
}

Process Running::process(const std::string& name) const {
    for (const Process& process : processes())
        if (process.name == name) return process;
    return {.name = name};
}

std::map<std::string, double> Running::cpu_us() const {
    std::map<std::string, double> used;
    for (const Process& process : processes())
        used[process.name] += bench::cpu_us(process.pid);
    return used;
}

double Running::cpu_us_of_all() const {
    double used = 0;
    for (const auto& [name, us] : cpu_us())
        used += us;
    return used;
}

double Running::memory_bytes() const {
    double bytes = 0;
    for (const Process& process : processes())
        bytes += pss_bytes(process.pid);
    return bytes;
}

// A thread that has not been stopped yet would see the process die, and start another one.
bool Running::hold_supervisor() const {
    ::kill(program_.process, SIGSTOP);
    const auto start = now_ns();
    while (!stands_still(program_.process))
        if (ms_since(start) > still_ms_max) return false;
    return true;
}

void Running::let_supervisor_go() const {
    ::kill(program_.process, SIGCONT);
}

void Running::wait_for_rest() const {
    bench::wait_for_rest([this] { return cpu_us_of_all(); }, at_rest);
}

}  // namespace jebi::bench
