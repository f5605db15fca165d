#include "kit/watch/loop_lag.h"

namespace jebi::watch {

namespace {

constexpr Millis every{100};
constexpr Millis end_max{60'000};

}  // namespace

LoopLag::LoopLag(fiber::Loops& loops) {
    for (unsigned i = 0; i < loops.size(); ++i) {
        Window& window = *windows_.emplace_back(std::make_unique<Window>());
        const auto pass = std::make_shared<fiber::Gate::Pass>(gate_.enter());
        fiber::spawn(loops.at(i), [this, pass, &window] { measure(window); });
    }
}

LoopLag::~LoopLag() {
    ending_.set();
    gate_.close();
    gate_.wait_until(in(end_max));
}

void LoopLag::measure(Window& window) const {
    while (true) {
        const Deadline due = in(every);
        if (ending_.wait_until(due)) return;
        const Deadline now = std::chrono::steady_clock::now();
        window.add(now - due, false, now);
    }
}

Recent LoopLag::recent(Deadline now) const {
    Recent all;
    for (const auto& window : windows_)
        all.add(window->recent(now));
    return all;
}

}  // namespace jebi::watch
