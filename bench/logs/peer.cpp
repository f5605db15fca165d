#include "bench/logs/peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
namespace jebi::bench {

namespace {

constexpr int ready_tries_max = 600;
constexpr std::chrono::milliseconds ready_pause{50};

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

std::string text_of(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

int socket_at(std::uint16_t port, sockaddr_in& at) {
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool is_listening(std::uint16_t port) {
    sockaddr_in at{};
    const int number = socket_at(port, at);
    const bool connected = ::connect(number, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    ::close(number);
    return connected;
}

pid_t run(const std::vector<std::string>& command, const std::string& output) {
    const pid_t process = ::fork();
    if (process != 0) return process;
    const int to = ::open(output.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ::dup2(to, STDOUT_FILENO);
    ::dup2(to, STDERR_FILENO);
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

}  // namespace

std::uint16_t free_port() {
    sockaddr_in at{};
    const int number = socket_at(0, at);
    socklen_t size = sizeof at;
    if (::bind(number, reinterpret_cast<const sockaddr*>(&at), size) != 0 ||
        ::getsockname(number, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
        give_up("there is no free port");
    }
    ::close(number);
    return ntohs(at.sin_port);
}

void Peer::start(const std::string& folder) {
    stop();
    folder_ = folder;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder + "/data");
    const std::string output = folder + "/output.txt";
    process_ = run(command(folder), output);
    wait_until_ready(output);
    connection_ = std::make_unique<HttpConnection>(port_);
    prepare();
}

void Peer::wait_until_ready(const std::string& output) {
    for (int i = 0; i < ready_tries_max; ++i) {
        if (::waitpid(process_, nullptr, WNOHANG) == process_) break;
        const std::string words = ready_words();
        if (words.empty()) {
            if (is_listening(port_)) return;
        } else {
            const std::string said = text_of(output);
            const auto at = said.find(words);
            if (at != std::string::npos && said.find('\n', at) != std::string::npos) {
                port_ = static_cast<std::uint16_t>(std::atoi(said.c_str() + at + words.size()));
                return;
            }
        }
        std::this_thread::sleep_for(ready_pause);
    }
    give_up(std::string(name()) + " did not start:\n" + text_of(output));
}

void Peer::stop() {
    if (process_ == 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string Peer::ask(const std::string& sql) {
    HttpAnswer answer = connection_->post(query_target(), query_type(), query_body(sql));
    if (answer.status != 200)
        give_up(std::string(name()) + " answered " + std::to_string(answer.status) + " to " + sql + "\n" +
                answer.body.substr(0, 1000));
    return answer.body;
}

double Peer::cpu_seconds() const {
    // "pid (name) state ppid ...": the name may have blanks; user and system time are fields 14 and 15.
    const std::string stat = text_of("/proc/" + std::to_string(process_) + "/stat");
    std::istringstream fields{stat.substr(stat.rfind(')') + 2)};
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Peer::peak_megabytes() const {
    const std::string status = text_of("/proc/" + std::to_string(process_) + "/status");
    const auto at = status.find("VmHWM:");
    return at == std::string::npos ? 0 : std::atof(status.c_str() + at + 6) * 1024 / 1e6;
}

double Peer::disk_bytes() {
    double bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ + "/data")) {
        struct stat about{};
        if (::lstat(entry.path().c_str(), &about) == 0) bytes += static_cast<double>(about.st_blocks) * 512;
    }
    return bytes;
}

}  // namespace jebi::bench
