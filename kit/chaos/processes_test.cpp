#include "kit/chaos/processes.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

namespace jebi::chaos {

namespace {

// A child that waits to be ended.
struct Sleeper {
    Sleeper() {
        pid = ::fork();
        if (pid == 0) {
            while (true)
                ::pause();
        }
    }
    ~Sleeper() {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    Sleeper(const Sleeper&) = delete;

    // 'S': it sleeps; 'T': it stands still.
    char state() const {
        std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
        std::string number, name, state;
        stat >> number >> name >> state;
        return state.empty() ? '-' : state[0];
    }
    // Waits for that state, for as long as a test may.
    bool gets(char wanted) const {
        for (const Deadline until = in(Millis{20'000}); std::chrono::steady_clock::now() < until;) {
            if (state() == wanted) return true;
        }
        return false;
    }

    pid_t pid;
};

}  // namespace

TEST_CASE("a process that is killed has ended when that is answered") {
    const Sleeper sleeper;
    REQUIRE(kill_process(sleeper.pid));
    int status = 0;
    CHECK(::waitpid(sleeper.pid, &status, WNOHANG) == sleeper.pid);
    CHECK(WTERMSIG(status) == SIGKILL);
}

TEST_CASE("nobody, and a group of processes, is not found") {
    for (const pid_t pid : {0, -1, 999'999'999}) {
        CAPTURE(pid);
        CHECK(kill_process(pid).error().code == Code::not_found);
        CHECK(Pause::begin(pid, Millis{1}).error().code == Code::not_found);
    }
}

TEST_CASE("a process stands still until the time is over") {
    const Sleeper sleeper;
    auto pause = Pause::begin(sleeper.pid, Millis{1'000});
    REQUIRE(pause.has_value());
    CHECK(sleeper.state() == 'T');
    pause->wait();
    CHECK(sleeper.gets('S'));
}

TEST_CASE("a process goes on when whoever made it stand still forgets about it") {
    const Sleeper sleeper;
    {
        const auto pause = Pause::begin(sleeper.pid, Millis{600'000});
        REQUIRE(pause.has_value());
        CHECK(sleeper.state() == 'T');
    }
    CHECK(sleeper.gets('S'));
}

TEST_CASE("a process goes on when whoever made it stand still is killed") {
    const Sleeper sleeper;
    const pid_t culprit = ::fork();
    if (culprit == 0) {
        if (const auto paused = Pause::begin(sleeper.pid, Millis{600'000})) {
            while (true)
                ::pause();
        }
        ::_exit(1);
    }
    CHECK(sleeper.gets('T'));
    ::kill(culprit, SIGKILL);
    ::waitpid(culprit, nullptr, 0);
    CHECK(sleeper.gets('S'));
}

}  // namespace jebi::chaos
