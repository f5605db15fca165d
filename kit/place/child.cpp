#include "kit/place/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include "kit/place/inherited.h"

namespace jebi::place {

namespace {

constexpr int out_of_the_way = 64;  // descriptors from here on are none that the child is given
constexpr int last_words_ms = 100;  // for what its own children still say, once it has ended

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }
    int number() const { return number_; }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

private:
    int number_;
};

Descriptor out_of_way(int number) {
    return Descriptor{::fcntl(number, F_DUPFD_CLOEXEC, out_of_the_way)};
}

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
        const Descriptor from{ends[0]};
        const Descriptor to{ends[1]};
        read = out_of_way(from.number());
        write = out_of_way(to.number());
    }
    Descriptor read;
    Descriptor write;
};

// NOLINTBEGIN(concurrency-mt-unsafe): glibc's strerror is safe
std::unexpected<Error> cannot_start(const std::string& program, int number) {
    return fail(error(Code::unavailable,
                      "The program \"" + program + "\" cannot be started: " + std::strerror(number) +
                          ".")  // NOLINT(concurrency-mt-unsafe): glibc's is safe
                    .because("cannot_start"));
}
// NOLINTEND(concurrency-mt-unsafe)

std::string path_of(const std::string& program, const std::map<std::string, std::string>& environment) {
    const auto found = environment.find("PATH");
    if (program.contains('/') || found == environment.end()) return program;
    std::string_view folders = found->second;
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        const std::string path = std::string(folders.substr(0, end)) + "/" + program;
        if (::access(path.c_str(), X_OK) == 0) return path;
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return program;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (std::string& text : texts)
        all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// All that the child needs between fork and exec, where nothing may be allocated any more.
struct Launch {
    explicit Launch(const ChildCommand& command)
        : path(path_of(command.words.front(), command.environment)), words(command.words) {
        for (const auto& [name, value] : command.environment) {
            if (!name.starts_with("LISTEN_")) variables.push_back(name + "=" + value);
        }
        nothing = out_of_way(Descriptor{::open("/dev/null", O_RDWR | O_CLOEXEC)}.number());
        std::string names;
        for (const auto& socket : command.sockets) {
            sockets.push_back(out_of_way(socket.number));
            names.append(names.empty() ? "" : ":").append(socket.name);
        }
        if (!sockets.empty()) {
            variables.push_back("LISTEN_FDS=" + std::to_string(sockets.size()));
            variables.push_back("LISTEN_FDNAMES=" + names);
            variables.push_back("LISTEN_PID=" + std::string(20, '\0'));
        }
        argv = pointers_to(words);
        envp = pointers_to(variables);
    }

    // In the child. Comes back only when it could not be done.
    void run(pid_t parent) {
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(0);  // it died before it could be watched
        sigset_t none;
        sigemptyset(&none);
        ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
        ::signal(SIGPIPE, SIG_DFL);
        ::dup2(nothing.number(), STDIN_FILENO);
        ::dup2(output.write.number(), STDOUT_FILENO);
        ::dup2(output.write.number(), STDERR_FILENO);
        int next = first_inherited;
        for (const Descriptor& socket : sockets)
            ::dup2(socket.number(), next++);
        ::close_range(static_cast<unsigned>(next), ~0U, CLOSE_RANGE_CLOEXEC);
        write_pid();
        ::execve(path.c_str(), argv.data(), envp.data());
    }

    void write_pid() {
        if (sockets.empty()) return;
        char* at = std::strchr(envp[envp.size() - 2], '=') + 1;
        std::array<char, 20> digits;
        std::size_t count = 0;
        for (pid_t left = ::getpid(); left > 0; left /= 10)
            digits[count++] = static_cast<char>('0' + left % 10);
        while (count > 0)
            *at++ = digits[--count];
    }

    std::string path;
    std::vector<std::string> words;
    std::vector<std::string> variables;
    std::vector<Descriptor> sockets;
    Descriptor nothing;
    Pipe output;
    Pipe trouble;  // errno, when exec fails; closed by exec
    std::vector<char*> argv;
    std::vector<char*> envp;
};

// Bytes in, lines out.
class Lines {
public:
    explicit Lines(std::function<void(std::string_view)> to) : to_(std::move(to)) {}
    ~Lines() { flush(); }

    void arrived(std::string_view bytes) {
        for (const char c : bytes) {
            if (c != '\n') text_ += c;
            if (c == '\n' || text_.size() >= line_bytes_max) flush();
        }
    }

private:
    void flush() {
        if (!text_.empty()) to_(text_);
        text_.clear();
    }
    std::function<void(std::string_view)> to_;
    std::string text_;
};

}  // namespace

// The thread that forks is also the one that waits: the kernel takes the end of the forking thread for the
// end of the parent (PR_SET_PDEATHSIG).
struct Child::State {
    std::function<void(std::string_view)> on_line;
    std::function<void()> on_end;
    mutable std::mutex mutex;
    pid_t pid = -1;
    std::optional<int> status;  // set when it has been waited for: then the pid is nobody's, or another's
    fiber::Event ended;
    std::thread thread;

    void work(Launch launch, const fiber::Promise<Result<void>>& started) {
        const auto begun = fork(launch);
        const bool runs = begun.has_value();
        const Descriptor output = std::move(launch.output.read);
        started.set(begun);
        if (!runs) return;
        read_until_end(output.number());
    }

    Result<void> fork(Launch& launch) {
        const pid_t parent = ::getpid();
        const pid_t forked = ::fork();
        if (forked < 0) return cannot_start(launch.path, errno);
        if (forked == 0) {
            launch.run(parent);
            const int why = errno;
            [[maybe_unused]] const auto told = ::write(launch.trouble.write.number(), &why, sizeof why);
            ::_exit(127);
        }
        launch.trouble.write.close();
        launch.output.write.close();
        int why = 0;
        if (::read(launch.trouble.read.number(), &why, sizeof why) == sizeof why) {
            ::waitpid(forked, nullptr, 0);
            return cannot_start(launch.path, why);
        }
        pid = forked;
        return {};
    }

    void read_until_end(int output) {
        const Descriptor process{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
        {
            Lines lines{on_line};
            bool more = true;
            while (more) {
                std::array<pollfd, 2> waits{{{output, POLLIN, 0}, {process.number(), POLLIN, 0}}};
                ::poll(waits.data(), waits.size(), -1);
                const bool has_ended = waits[1].revents != 0;
                if (waits[0].revents != 0) more = read_some(output, lines);
                if (!has_ended) continue;
                while (more && ::poll(waits.data(), 1, last_words_ms) > 0)
                    more = read_some(output, lines);
                break;
            }
        }
        reap();
        on_end();
    }

    static bool read_some(int output, Lines& lines) {
        std::array<char, 4096> bytes;
        const auto count = ::read(output, bytes.data(), bytes.size());
        if (count > 0) lines.arrived({bytes.data(), static_cast<std::size_t>(count)});
        return count > 0;
    }

    // It may have closed its output and go on: so this waits, and leaves it to be signalled meanwhile.
    void reap() {
        siginfo_t info{};
        while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
        }
        const std::lock_guard lock{mutex};
        int how = 0;
        ::waitpid(pid, &how, 0);
        status = how;
        ended.set();
    }
};

Child::Child(std::unique_ptr<State> state) : state_(std::move(state)) {}
Child::~Child() {
    signal(SIGKILL);
    if (state_->thread.joinable()) state_->thread.join();
}

Result<std::unique_ptr<Child>> Child::start(const ChildCommand& command,
                                            std::function<void(std::string_view)> on_line,
                                            std::function<void()> on_end) {
    static constexpr Millis start_max{10'000};
    if (command.words.empty()) return fail(Code::invalid, "There is no program to start.");
    std::unique_ptr<Child> child{new Child(std::make_unique<State>())};
    State& state = *child->state_;
    state.on_line = std::move(on_line);
    state.on_end = std::move(on_end);
    const fiber::Promise<Result<void>> started;
    state.thread = std::thread{[&state, started, launch = std::make_shared<Launch>(command)] {
        state.work(std::move(*launch), started);
    }};
    TRY(const auto begun, started.wait_until(in(start_max)));
    if (!begun) return fail(begun.error());
    return child;
}

pid_t Child::pid() const {
    return state_->pid;
}

void Child::signal(int number) const {
    const std::lock_guard lock{state_->mutex};
    if (state_->pid > 0 && !state_->status) ::kill(state_->pid, number);
}

const fiber::Event& Child::ended() const {
    return state_->ended;
}

std::string Child::how_it_ended() const {
    const std::lock_guard lock{state_->mutex};
    if (!state_->status) return "it runs";
    const int how = *state_->status;
    if (WIFSIGNALED(how)) return "killed by signal " + std::to_string(WTERMSIG(how));
    return "exit code " + std::to_string(WEXITSTATUS(how));
}

}  // namespace jebi::place
