#include "kit/chaos/processes.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <system_error>

namespace jebi::chaos {

namespace {

constexpr int end_ms_max = 10'000;
constexpr int still_tries_max = 1'000;  // a millisecond apart

// glibc 2.36 declares these two as C++ functions, which they are not.
int open_process(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}
bool send_signal(int process, int number) {
    return ::syscall(SYS_pidfd_send_signal, process, number, nullptr, 0) == 0;
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

std::unexpected<Error> refuse(pid_t pid, int number) {
    const Code code = number == ESRCH   ? Code::not_found
                      : number == EPERM ? Code::forbidden
                                        : Code::unavailable;
    return fail(code, "The process " + std::to_string(pid) +
                          " cannot be reached: " + std::generic_category().message(number) + ".");
}

// Numbers below 1 mean groups of processes to the kernel.
Result<Descriptor> opened(pid_t pid) {
    const int number = pid < 1 ? -1 : open_process(pid);
    if (number >= 0) return Descriptor{number};
    return refuse(pid, pid < 1 ? ESRCH : errno);
}

Result<void> signal(const Descriptor& process, pid_t pid, int number) {
    if (send_signal(process.number(), number)) return {};
    return refuse(pid, errno);
}

// 'T' is the state of who stands still. The name before it may hold anything.
bool stands_still(pid_t pid) {
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string stat;
    std::getline(file, stat);
    const auto name_end = stat.rfind(") ");
    return name_end != std::string::npos && stat.substr(name_end + 2, 1) == "T";
}

// The signal reaches one thread, which stops the others: until then they go on answering. Who is woken by
// somebody else at once may never be seen to stand still.
void wait_until_still(pid_t pid) {
    for (int tries = 0; tries < still_tries_max && !stands_still(pid); ++tries)
        ::poll(nullptr, 0, 1);
}

// In a child of a program that may have threads: system calls only.
[[noreturn]] void wake_later(int stopped, int parent, int wait_ms) {
    pollfd end_of_parent{.fd = parent, .events = POLLIN, .revents = 0};
    while (::poll(&end_of_parent, 1, wait_ms) < 0 && errno == EINTR) {
    }
    send_signal(stopped, SIGCONT);
    ::_exit(0);
}

}  // namespace

Result<void> kill_process(pid_t pid) {
    TRY(const Descriptor process, opened(pid));
    TRY_VOID(signal(process, pid, SIGKILL));
    pollfd end{.fd = process.number(), .events = POLLIN, .revents = 0};
    const int ended = ::poll(&end, 1, end_ms_max);
    if (ended == 1) return {};
    return fail(Code::deadline, "The process " + std::to_string(pid) + " does not end.");
}

// The waker is there before anything stands still.
Result<Pause> Pause::begin(pid_t pid, Millis lasts) {
    TRY(Descriptor process, opened(pid));
    TRY(const Descriptor self, opened(::getpid()));
    const pid_t waker = ::fork();
    if (waker < 0) return refuse(pid, errno);
    if (waker == 0) wake_later(process.number(), self.number(), static_cast<int>(lasts.count()));
    Pause pause{waker, process.release()};
    if (!send_signal(pause.stopped_, SIGSTOP)) return refuse(pid, errno);
    wait_until_still(pid);
    return pause;
}

Pause::~Pause() {
    if (waker_ < 0) return;
    ::kill(waker_, SIGKILL);
    wait();
}

void Pause::wait() {
    if (waker_ < 0) return;
    while (::waitpid(waker_, nullptr, 0) < 0 && errno == EINTR) {
    }
    waker_ = -1;
    send_signal(stopped_, SIGCONT);
    ::close(stopped_);
}

}  // namespace jebi::chaos
