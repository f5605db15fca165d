// Once, and then once a pause: for the log's lines about what fails again and again. By one caller at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "kit/base/clock.h"

namespace jebi::watch {

class Rarely {
public:
    explicit Rarely(Millis pause) : pause_(pause) {}

    // How many were left out before this one; nothing: leave this one out, too.
    std::optional<std::int64_t> takes(Deadline now) {
        if (now < from_) {
            ++left_out_;
            return std::nullopt;
        }
        from_ = now + pause_;
        return std::exchange(left_out_, 0);
    }

private:
    const Millis pause_;
    Deadline from_{};
    std::int64_t left_out_ = 0;
};

}  // namespace jebi::watch
