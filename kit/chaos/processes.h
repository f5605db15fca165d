// Faults of whole processes, from outside, by their pid. Linux 5.3 or later (pidfd): a number that has gone
// to another process meanwhile is nobody's fault.
#pragma once

#include <sys/types.h>

#include <optional>
#include <utility>

#include "kit/base/clock.h"
#include "kit/base/result.h"

namespace jebi::chaos {

// As kill -9; answers once it has ended. `not_found` when there is no such process, `forbidden` when it
// belongs to somebody else, `deadline` when the kernel takes longer than 10 seconds.
Result<void> kill_process(pid_t pid);

// A process that stands still (SIGSTOP), until `lasts` is over, this ends, or the process that did it dies,
// however that dies: it goes on (SIGCONT) in any case.
class Pause {
public:
    // Returns when it stands still. Errors as above.
    static Result<Pause> begin(pid_t pid, Millis lasts);
    Pause(Pause&& other) noexcept
        : waker_(std::exchange(other.waker_, -1)), stopped_(std::exchange(other.stopped_, -1)) {}
    Pause& operator=(Pause&&) = delete;
    ~Pause();

    // Blocks until it goes on.
    void wait();

private:
    Pause(pid_t waker, int stopped) : waker_(waker), stopped_(stopped) {}
    pid_t waker_;  // a process that does nothing but wake the other one; -1: it goes on already
    int stopped_;  // a pidfd
};

}  // namespace jebi::chaos
