#include "bench/program.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "bench/load.h"

namespace jebi::bench {

namespace {

constexpr std::chrono::milliseconds look{250};
constexpr double at_rest_of_one = 0.05;
constexpr int calm_looks = 4, looks_max = 2'400;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::_Exit(1);
}

[[noreturn]] void become(const std::vector<std::string>& command, int output) {
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(output, STDOUT_FILENO);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

}  // namespace

Program start_program(const std::vector<std::string>& command, const std::string& ready) {
    int ends[2] = {};
    if (::pipe2(ends, O_CLOEXEC) != 0) give_up("there is no pipe");
    Program program{.process = ::fork()};
    if (program.process == 0) become(command, ends[1]);
    ::close(ends[1]);
    program.output = ::fdopen(ends[0], "r");
    if (program.output == nullptr) give_up("there is no pipe");
    char line[500];
    while (std::fgets(line, sizeof line, program.output) != nullptr) {
        if (std::strncmp(line, ready.c_str(), ready.size()) != 0) continue;
        std::from_chars(line + ready.size(), line + std::strlen(line), program.port);
        return program;
    }
    give_up(command[0] + " did not start");
}

void stop_program(const Program& program) {
    ::kill(program.process, SIGTERM);
    char line[500];
    while (std::fgets(line, sizeof line, program.output) != nullptr) {
    }
    ::waitpid(program.process, nullptr, 0);
    std::fclose(program.output);
}

Program start_jebi(const std::string& program, const std::string& data) {
    return start_program(
        {program, "up", "--data", data, "--listen", "127.0.0.1:0", "--web-api-requests-max", "0"},
        "jebi is ready: http://127.0.0.1:");
}

void wait_for_rest(pid_t process) {
    wait_for_rest([process] { return cpu_us(process); }, at_rest_of_one);
}

void wait_for_rest(const std::function<double()>& used_us, double at_rest) {
    const double resting_us = at_rest * std::chrono::duration<double, std::micro>(look).count();
    int calm = 0;
    for (int i = 0; i < looks_max; ++i) {
        const double before = used_us();
        std::this_thread::sleep_for(look);
        calm = used_us() - before <= resting_us ? calm + 1 : 0;
        if (calm == calm_looks) return;
    }
    give_up("a server does not come to rest");
}

}  // namespace jebi::bench
