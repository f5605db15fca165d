#include "bench/load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace jebi::bench {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(const char* why) {
    std::fprintf(stderr, "bench: %s\n", why);
    std::_Exit(1);
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr double answer_seconds_max = 30;

struct Connection {
    int number = -1;
    std::string received;
    Clock::time_point due;  // of the request in flight
};

int connected(std::uint16_t port) {
    const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (number < 0) give_up("there is no socket");
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(number, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) give_up("nobody listens");
    const int on = 1;
    ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return number;
}

// How many bytes the answer at the front of `received` has; 0: not all of it is there yet. An answer in
// chunks ends with an empty one.
std::size_t answer_size(const std::string& received) {
    const auto head_end = received.find("\r\n\r\n");
    if (head_end == std::string::npos) return 0;
    if (const auto at = received.find("chunked\r\n"); at < head_end) {
        const auto end = received.find("\r\n0\r\n\r\n", head_end + 2);
        return end == std::string::npos ? 0 : end + 7;
    }
    constexpr std::string_view name = "Content-Length: ";
    const auto at = received.find(name);
    std::size_t length = 0;
    if (at != std::string::npos && at < head_end) {
        std::from_chars(received.data() + at + name.size(), received.data() + head_end, length);
    }
    const std::size_t size = head_end + 4 + length;
    return received.size() >= size ? size : 0;
}

bool is_good(const std::string& received) {
    return received.size() > 9 && (received[9] == '2' || received[9] == '3');
}

void send_all(int number, const std::string& bytes) {
    if (::send(number, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        give_up("a connection broke");
}

// What there is now; false: the other side has closed the connection, or it broke.
bool receives(Connection& connection) {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::recv(connection.number, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) connection.received.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EAGAIN);
}

class Driver {
public:
    explicit Driver(const Load& load) : load_(load), connections_(load.connections) {
        for (Connection& connection : connections_) {
            connection.number = connected(load.port);
            epoll_event event{EPOLLIN, {.ptr = &connection}};
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection.number, &event);
            idle_.push_back(&connection);
        }
        start_ = heard_ = Clock::now();
    }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    ~Driver() {
        for (const Connection& connection : connections_)
            ::close(connection.number);
        ::close(poll_);
    }

    Loaded run() {
        send_due();
        while (loaded_.ms.size() < sent_ || has_more()) {
            receive();
            send_due();
        }
        loaded_.seconds = seconds_since(start_);
        return std::move(loaded_);
    }

private:
    bool has_more() const { return sent_ < load_.requests && seconds_since(start_) < load_.seconds_max; }
    Clock::time_point next_due() const {
        if (load_.a_second == 0) return Clock::now();
        const std::chrono::duration<double> after{static_cast<double>(sent_) / load_.a_second};
        return start_ + std::chrono::duration_cast<Clock::duration>(after);
    }

    void send_due() {
        while (!idle_.empty() && has_more()) {
            const auto due = next_due();
            if (due > Clock::now()) return;
            Connection& connection = *idle_.back();
            idle_.pop_back();
            connection.due = due;
            send_all(connection.number, load_.request(sent_++));
        }
    }

    // Waits for answers, or until the next request is due.
    void receive() {
        const bool is_early = !idle_.empty() && has_more();
        const double wait_s = load_.is_awake ? 0 : is_early ? -seconds_since(next_due()) : answer_seconds_max;
        const auto wait_ns = static_cast<long>(std::max(wait_s, 0.0) * 1e9);
        const timespec wait{wait_ns / 1'000'000'000, wait_ns % 1'000'000'000};
        std::array<epoll_event, 64> events{};
        const int ready = ::epoll_pwait2(poll_, events.data(), events.size(), &wait, nullptr);
        if (ready > 0) {
            heard_ = Clock::now();
        } else if (!is_early && seconds_since(heard_) > answer_seconds_max) {
            give_up("no answer for 30 seconds");
        }
        for (int i = 0; i < ready; ++i)
            read_answer(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }

    void read_answer(Connection& connection) {
        if (!receives(connection)) give_up("the server closed a connection");
        const std::size_t size = answer_size(connection.received);
        if (size == 0) return;
        const bool good =
            is_good(connection.received) && (!load_.is_whole || load_.is_whole(connection.received));
        ++(good ? loaded_.good : loaded_.bad);
        loaded_.ms.push_back(seconds_since(connection.due) * 1e3);
        if (good) loaded_.good_ms.push_back(loaded_.ms.back());
        connection.received.erase(0, size);
        idle_.push_back(&connection);
    }

    const Load& load_;
    int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Connection> connections_;
    std::vector<Connection*> idle_;
    Clock::time_point start_, heard_;
    std::uint64_t sent_ = 0;
    Loaded loaded_;
};

}  // namespace

Loaded drive(const Load& load) {
    return Driver{load}.run();
}

std::string ask_within(double seconds, std::uint16_t port, const std::string& request) {
    Connection connection{.number = connected(port), .due = Clock::now()};
    send_all(connection.number, request);
    bool goes_on = true;
    while (goes_on && answer_size(connection.received) == 0) {
        const int left_ms = static_cast<int>((seconds - seconds_since(connection.due)) * 1e3);
        pollfd readable{connection.number, POLLIN, 0};
        goes_on = left_ms > 0 && ::poll(&readable, 1, left_ms) > 0 && receives(connection);
    }
    ::close(connection.number);
    return goes_on ? connection.received : "";
}

std::string ask(std::uint16_t port, const std::string& request) {
    std::string answer = ask_within(answer_seconds_max, port, request);
    if (answer.empty()) give_up("no answer for 30 seconds, or the server closed a connection");
    return answer;
}

double cpu_us(pid_t process) {
    double total_ns = 0;
    std::error_code ignored;
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task", ignored)) {
        std::ifstream schedule{thread.path() / "schedstat"};  // begins with the ns spent on a CPU
        double on_cpu_ns = 0;
        schedule >> on_cpu_ns;
        total_ns += on_cpu_ns;
    }
    return total_ns / 1'000;
}

double resident_bytes(pid_t process) {
    std::ifstream statm{"/proc/" + std::to_string(process) + "/statm"};
    double total = 0, resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

double quantile(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size()));
    return values[std::min(at, values.size() - 1)];
}

std::string spread(const std::vector<double>& values) {
    char text[100];
    std::snprintf(text, sizeof text, "%.2f (%.2f to %.2f)", median(values), *std::ranges::min_element(values),
                  *std::ranges::max_element(values));
    return text;
}

void report(const char* what, const std::string& measured, const char* bar) {
    std::printf("%-58s %-30s %s\n", what, measured.c_str(), bar);
    std::fflush(stdout);
}

double fsyncs_a_second(const std::string& folder) {
    const std::string file = folder + "/fsync";
    const int number = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (number < 0) give_up("the disk cannot be written");
    const std::string page(4096, 'x');
    const auto start = Clock::now();
    int count = 0;
    while (seconds_since(start) < 1.0) {
        if (::write(number, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
            ::fdatasync(number) != 0) {
            give_up("the disk cannot be written");
        }
        ++count;
    }
    const double rate = count / seconds_since(start);
    ::close(number);
    ::unlink(file.c_str());
    return rate;
}

Child start_child(const std::function<void(int)>& serve) {
    int ends[2] = {};
    if (::pipe(ends) != 0) give_up("no pipe");
    const pid_t process = ::fork();
    if (process == 0) {
        ::close(ends[0]);
        serve(ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    Child child{.process = process};
    if (::read(ends[0], &child.port, sizeof child.port) != sizeof child.port)
        give_up("the server did not start");
    ::close(ends[0]);
    return child;
}

void end_child(const Child& child, int signal) {
    ::kill(child.process, signal);
    ::waitpid(child.process, nullptr, 0);
}

}  // namespace jebi::bench
