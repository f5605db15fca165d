// Keeps programs running: starts them in the order in which they need each other, restarts what dies or does
// not answer, replaces one by a successor, and ends all of them. Knows no module.
//
// Its children inherit their listening sockets from it, so callers of a child that is restarted or replaced
// wait in the backlog and nobody is refused. Each child also gets a control socket of its own instance
// (kit/place/process.h), where it is asked whether it lives and is ready. A child that has none (somebody
// else's program) is asked at an address of its own, or taken as ready as soon as it runs.
//
// When the supervisor itself is killed, the kernel tells the children to end (child.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/fiber/socket.h"
#include "kit/place/backoff.h"
#include "kit/place/child.h"

namespace jebi::place {

struct ChildPlan {
    std::string name;  // 1 to 64 of a-z, 0-9, - and _
    std::vector<std::string> command;
    std::map<std::string, std::string> environment{};
    struct Socket {
        std::string name;
        std::shared_ptr<const fiber::ListeningSocket> listening;  // several children may share one

        // Opens it; a Unix socket for this user only. `unavailable` when it cannot be opened.
        static Result<Socket> open(std::string name, const fiber::Address& at);
    };
    std::vector<Socket> sockets{};
    bool has_control = true;  // takes a control socket; the next is for those that do not
    std::optional<fiber::Address> health_at{};
    std::string health_path = "/";
    std::vector<std::string> after{};  // names of those that are to be ready before
};

struct SupervisorOptions {
    std::string run_folder;  // for control sockets; made when it is not there
    std::function<void(std::string_view name, std::string_view line)> on_line{};  // thread-safe
    Millis start_max{10'000};     // from the start to ready, and for those that come after; then it goes on
    Millis live_every{500};       // asked whether it lives
    Millis live_max{1'000};       // for an answer
    unsigned unanswered_max = 2;  // in a row; then it is killed and restarted
    Millis drain_max{10'000};     // from SIGTERM to SIGKILL, when it is replaced
    BackoffBounds backoff{};
    unsigned seed = 1;            // of the backoff's chance
    std::size_t lines_max = 200;  // of each child, kept
};

enum class ChildState : std::uint8_t { waiting, starting, standing_by, ready, backing_off, replacing, ended };
std::string_view name(ChildState state);

struct ChildStatus {
    std::string name;
    pid_t pid = -1;  // -1: it does not run
    ChildState state = ChildState::waiting;
    Deadline since{};  // in this state
    unsigned restarts = 0;
    std::string last_end;  // "killed by signal 9", "did not answer", ...; empty: it has not ended yet
    std::string version;   // as it said
    std::string control;   // address of its control socket; empty: none
    std::uint64_t memory_bytes = 0;  // resident
};

// Thread-safe. Ends before the loops.
class Supervisor {
public:
    // Begins to start the children. `invalid` for plans that contradict each other; then nothing has been
    // started.
    static Result<std::unique_ptr<Supervisor>> start(fiber::Loops& loops, SupervisorOptions options,
                                                     std::vector<ChildPlan> plans);
    // Ends as end(now).
    ~Supervisor();

    // True: all are ready at this moment.
    bool wait_until_ready(Deadline until) const;
    std::vector<ChildStatus> status() const;
    // What it has said last, oldest first.
    std::vector<std::string> lines(std::string_view name) const;
    // `not_found` when there is no such child, or it does not run.
    Result<void> signal(std::string_view name, int number);

    // Starts a successor by the new command and environment on the same sockets; when it stands by or is
    // ready, the old one is told to end, and the successor has start_max to be ready. Otherwise it is undone:
    // `unavailable`, with the reason "rolled_back", and the old command runs (again). Who has died and waits
    // for a restart is started by the new ones at once, which is not waited for. `conflict` (not_ready) when
    // the child is just being started or replaced.
    Result<void> replace(std::string_view name, ChildPlan plan);

    // Tells them to end: at first those that nobody comes after, then all others at once, since they may wait
    // for each other. What still runs at `until` is killed. True: nothing had to be. Once only.
    bool end(Deadline until);

private:
    struct State;
    explicit Supervisor(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jebi::place
