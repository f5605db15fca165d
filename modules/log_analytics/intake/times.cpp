#include "modules/log_analytics/intake/times.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace jebi::log_analytics {

namespace {

constexpr std::int64_t second_ms = 1'000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms;
constexpr WallMs earliest_ms = 100'000'000'000;  // 1973-03-03
constexpr WallMs end_ms = 10'000'000'000'000;    // 2286-11-20

std::optional<WallMs> plausible(WallMs time_ms) {
    if (time_ms < earliest_ms || time_ms >= end_ms) return std::nullopt;
    return time_ms;
}

// Reads a text from left to right; once something was not as expected, it stays failed.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool failed() const { return failed_; }
    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool skip(char c) {
        const bool there = !failed_ && peek() == c && !rest_.empty();
        if (there) rest_.remove_prefix(1);
        return there;
    }
    void expect(char c) { failed_ = !skip(c) || failed_; }
    // Exactly `count` digits.
    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count && !failed_; ++i) {
            failed_ = peek() < '0' || peek() > '9';
            if (failed_) break;
            value = value * 10 + (peek() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    int between(int first, int last, int value) {
        failed_ = failed_ || value < first || value > last;
        return value;
    }
    int month_name() {
        constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
        const auto at = rest_.size() < 3 ? names.npos : names.find(rest_.substr(0, 3));
        failed_ = failed_ || at == names.npos || at % 3 != 0;
        if (failed_) return 1;
        rest_.remove_prefix(3);
        return static_cast<int>(at / 3) + 1;
    }
    // Behind the '.': at least one digit, of which three count.
    int fraction_ms() {
        int value = 0, weight = 100;
        failed_ = failed_ || peek() < '0' || peek() > '9';
        for (; !failed_ && peek() >= '0' && peek() <= '9'; rest_.remove_prefix(1), weight /= 10)
            value += (peek() - '0') * weight;
        return value;
    }

private:
    std::string_view rest_;
    bool failed_ = false;
};

// 0: there is no such day.
std::optional<WallMs> midnight_ms(int year, int month, int day) {
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::duration_cast<Millis>(std::chrono::sys_days{date}.time_since_epoch()).count();
}

// "13:58", "13:58:05", "13:58:05.123". A leap second is the first of the next minute.
std::int64_t clock_ms(Scanner& scanner, bool seconds_needed) {
    std::int64_t time_ms = scanner.between(0, 23, scanner.digits(2)) * hour_ms;
    scanner.expect(':');
    time_ms += scanner.between(0, 59, scanner.digits(2)) * minute_ms;
    if (!seconds_needed && scanner.peek() != ':') return time_ms;
    scanner.expect(':');
    time_ms += scanner.between(0, 60, scanner.digits(2)) * second_ms;
    if (scanner.skip('.') || scanner.skip(',')) time_ms += scanner.fraction_ms();
    return time_ms;
}

// "Z", "+09:00", "+0900", "+09".
std::int64_t offset_ms(Scanner& scanner) {
    if (scanner.skip('Z') || scanner.skip('z')) return 0;
    const bool west = scanner.skip('-');
    if (!west) scanner.expect('+');
    std::int64_t offset = scanner.between(0, 23, scanner.digits(2)) * hour_ms;
    const bool colon = scanner.skip(':');
    if (colon || !scanner.at_end()) offset += scanner.between(0, 59, scanner.digits(2)) * minute_ms;
    return west ? -offset : offset;
}

std::optional<WallMs> iso_time_of(std::string_view text) {
    Scanner scanner{text};
    const int year = scanner.digits(4);
    scanner.expect('-');
    const int month = scanner.digits(2);
    scanner.expect('-');
    const int day = scanner.digits(2);
    if (!scanner.skip('T') && !scanner.skip('t')) scanner.expect(' ');
    const std::int64_t clock = clock_ms(scanner, false);
    const bool utc = scanner.at_end();
    scanner.skip(' ');
    const std::int64_t offset = utc ? 0 : offset_ms(scanner);
    if (scanner.failed() || !scanner.at_end()) return std::nullopt;
    const auto midnight = midnight_ms(year, month, day);
    if (!midnight) return std::nullopt;
    return plausible(*midnight + clock - offset);
}

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
    Number value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<WallMs> time_of(std::int64_t since_1970) {
    if (since_1970 >= earliest_ms / 1'000 && since_1970 < end_ms / 1'000) return since_1970 * 1'000;
    for (std::int64_t per_ms = 1; per_ms <= 1'000'000; per_ms *= 1'000) {
        if (const auto time = plausible(since_1970 / per_ms)) return time;
    }
    return std::nullopt;
}

std::optional<WallMs> time_of(double since_1970) {
    if (!(since_1970 >= 0 && since_1970 < 9e18)) return std::nullopt;
    if (since_1970 < static_cast<double>(end_ms) / 1'000)
        return plausible(static_cast<WallMs>(std::floor(since_1970 * 1'000 + 1e-4)));
    return time_of(static_cast<std::int64_t>(since_1970));
}

std::optional<WallMs> time_of(std::string_view text) {
    constexpr std::size_t time_bytes_max = 64;
    if (text.empty() || text.size() > time_bytes_max || text.front() < '0' || text.front() > '9')
        return std::nullopt;
    if (const auto time = iso_time_of(text)) return time;
    if (const auto number = whole_number<std::int64_t>(text)) return time_of(*number);
    if (const auto number = whole_number<double>(text)) return time_of(*number);
    return std::nullopt;
}

std::optional<WallMs> access_log_time_of(std::string_view text) {
    Scanner scanner{text};
    const int day = scanner.digits(2);
    scanner.expect('/');
    const int month = scanner.month_name();
    scanner.expect('/');
    const int year = scanner.digits(4);
    scanner.expect(':');
    const std::int64_t clock = clock_ms(scanner, true);
    scanner.expect(' ');
    const std::int64_t offset = offset_ms(scanner);
    if (scanner.failed() || !scanner.at_end()) return std::nullopt;
    const auto midnight = midnight_ms(year, month, day);
    if (!midnight) return std::nullopt;
    return plausible(*midnight + clock - offset);
}

std::optional<WallMs> rfc3164_time_of(std::string_view text, WallMs arrived, int offset_minutes) {
    Scanner scanner{text};
    const int month = scanner.month_name();
    scanner.expect(' ');
    const int day = scanner.skip(' ') ? scanner.digits(1) : scanner.digits(2);
    scanner.expect(' ');
    const std::int64_t clock = clock_ms(scanner, true) - offset_minutes * minute_ms;
    if (scanner.failed() || !scanner.at_end()) return std::nullopt;
    const std::chrono::year_month_day today{
        std::chrono::floor<std::chrono::days>(std::chrono::sys_time<Millis>{Millis{arrived}})};
    std::optional<WallMs> nearest;
    for (int year = static_cast<int>(today.year()) - 1; year <= static_cast<int>(today.year()) + 1; ++year) {
        const auto midnight = midnight_ms(year, month, day);
        if (!midnight) continue;
        const WallMs time = *midnight + clock;
        if (!nearest || std::abs(time - arrived) < std::abs(*nearest - arrived)) nearest = time;
    }
    return nearest ? plausible(*nearest) : std::nullopt;
}

}  // namespace jebi::log_analytics
