#include "kit/place/signals.h"

#include <pthread.h>

#include <csignal>

namespace jebi::place {

namespace {

sigset_t ending() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

void hold_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    const sigset_t set = ending();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void wait_for_end() {
    const sigset_t set = ending();
    int received = 0;
    sigwait(&set, &received);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool ends_within(Millis wait) {
    const sigset_t set = ending();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    const timespec limit{.tv_sec = seconds.count(),
                         .tv_nsec = std::chrono::nanoseconds{wait - seconds}.count()};
    return sigtimedwait(&set, nullptr, &limit) > 0;
}

void release_signals() {
    const sigset_t set = ending();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace jebi::place
