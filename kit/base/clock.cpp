#include "kit/base/clock.h"

#include <algorithm>

namespace jebi {

namespace {

using std::chrono::sys_days;
using std::chrono::sys_time;

constexpr sys_time<Millis> year_0000 = sys_days{std::chrono::year{0} / 1 / 1};
constexpr sys_time<Millis> year_9999_end = sys_days{std::chrono::year{10'000} / 1 / 1} - Millis{1};

// `value`, which is not negative, into the digits of `text` from `begin` up to `end`.
void put_digits(std::string& text, std::size_t begin, std::size_t end, std::int64_t value) {
    for (; end > begin; value /= 10)
        text[--end] = static_cast<char>('0' + value % 10);
}

}  // namespace

WallMs SystemClock::wall_ms() const {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<Millis>(since_epoch).count();
}

Millis left_until(Deadline deadline) {
    const auto now = std::chrono::steady_clock::now();
    return deadline <= now ? Millis{0} : std::chrono::duration_cast<Millis>(deadline - now);
}

std::string iso8601(WallMs time_ms) {
    const auto time = std::clamp(sys_time<Millis>{Millis{time_ms}}, year_0000, year_9999_end);
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text = "0000-00-00T00:00:00.000Z";
    put_digits(text, 0, 4, static_cast<int>(date.year()));
    put_digits(text, 5, 7, static_cast<unsigned>(date.month()));
    put_digits(text, 8, 10, static_cast<unsigned>(date.day()));
    put_digits(text, 11, 13, clock.hours().count());
    put_digits(text, 14, 16, clock.minutes().count());
    put_digits(text, 17, 19, clock.seconds().count());
    put_digits(text, 20, 23, clock.subseconds().count());
    return text;
}

}  // namespace jebi
