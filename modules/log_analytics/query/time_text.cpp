#include "modules/log_analytics/query/time_text.h"

#include <chrono>

#include "modules/log_analytics/query/ascii.h"

namespace jebi::log_analytics::query {

namespace {

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}
    bool done() const { return rest_.empty(); }
    bool skip(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // Exactly so many digits, at most `max`.
    std::optional<int> digits(std::size_t count, int max) {
        if (rest_.size() < count) return std::nullopt;
        int value = 0;
        for (const char c : rest_.substr(0, count)) {
            if (!is_digit(c)) return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value <= max ? std::optional(value) : std::nullopt;
    }
    // A fraction's digits, as milliseconds.
    std::optional<int> fraction() {
        int value = 0, scale = 100;
        if (done() || !is_digit(rest_[0])) return std::nullopt;
        for (; !done() && is_digit(rest_[0]); rest_.remove_prefix(1)) {
            value += (rest_[0] - '0') * scale;
            scale /= 10;
        }
        return value;
    }

private:
    std::string_view rest_;
};

std::optional<WallMs> date(Reader& reader) {
    const auto year = reader.digits(4, 9999);
    if (!year || !reader.skip('-')) return std::nullopt;
    const auto month = reader.digits(2, 12);
    if (!month || !reader.skip('-')) return std::nullopt;
    const auto day = reader.digits(2, 31);
    if (!day) return std::nullopt;
    using namespace std::chrono;
    const year_month_day value{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                               std::chrono::day{static_cast<unsigned>(*day)}};
    if (!value.ok()) return std::nullopt;
    return duration_cast<milliseconds>(sys_days{value}.time_since_epoch()).count();
}

std::optional<WallMs> time_of_day(Reader& reader) {
    const auto hours = reader.digits(2, 23);
    if (!hours || !reader.skip(':')) return std::nullopt;
    const auto minutes = reader.digits(2, 59);
    if (!minutes) return std::nullopt;
    int seconds = 0, ms = 0;
    if (reader.skip(':')) {
        const auto read = reader.digits(2, 60);  // a leap second is the next minute's first
        if (!read) return std::nullopt;
        seconds = *read;
        if (reader.skip('.')) {
            const auto fraction = reader.fraction();
            if (!fraction) return std::nullopt;
            ms = *fraction;
        }
    }
    return ((*hours * 60 + *minutes) * 60 + seconds) * WallMs{1'000} + ms;
}

// What to take off for UTC.
std::optional<WallMs> zone(Reader& reader) {
    if (reader.done() || reader.skip('Z') || reader.skip('z')) return 0;
    const bool east = reader.skip('+');
    if (!east && !reader.skip('-')) return std::nullopt;
    const auto hours = reader.digits(2, 23);
    if (!hours) return std::nullopt;
    reader.skip(':');
    const auto minutes = reader.done() ? 0 : reader.digits(2, 59);
    if (!minutes) return std::nullopt;
    const WallMs ms = (*hours * 60 + *minutes) * WallMs{60'000};
    return east ? ms : -ms;
}

}  // namespace

std::optional<WallMs> time_from(std::string_view text) {
    Reader reader(text);
    const auto day = date(reader);
    if (!day) return std::nullopt;
    if (reader.done()) return day;
    if (!reader.skip('T') && !reader.skip('t') && !reader.skip(' ')) return std::nullopt;
    const auto time = time_of_day(reader);
    if (!time) return std::nullopt;
    const auto offset = zone(reader);
    if (!offset || !reader.done()) return std::nullopt;
    return *day + *time - *offset;
}

}  // namespace jebi::log_analytics::query
