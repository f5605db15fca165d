#include "bench/logs/generator.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numbers>

#include "bench/logs/generator_words.h"

namespace jebi::bench {

namespace {

constexpr std::time_t day_begins_s = 1'795'305'600;  // 2026-11-22
constexpr double day_ms = 24.0 * 60 * 60 * 1000;
constexpr std::size_t users = 60'500, things = 40'000;
constexpr double user_exponent = 0.75, thing_exponent = 1.0, route_exponent = 0.9;
constexpr double more_rows_of_trace = 0.375;  // 1.6 rows a trace
constexpr double latency_deviation = 0.6;
constexpr std::size_t some_user_rank = 3'000;

void append_number(std::string& to, std::uint64_t number) {
    char digits[20];
    to.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_thousandths(std::string& to, double value) {
    const auto thousandths = static_cast<std::uint64_t>(value * 1000);
    append_number(to, thousandths / 1000);
    to += '.';
    for (std::uint64_t unit = 100; unit > 0; unit /= 10)
        to += static_cast<char>('0' + thousandths / unit % 10);
}

void append_time(std::string& to, double ms_of_day) {
    const auto ms = static_cast<std::int64_t>(ms_of_day);
    const std::time_t seconds = day_begins_s + ms / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[80];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  static_cast<int>(ms % 1000));
    to += text;
}

bool is_in_burst(double ms_of_day) {
    const double minute = std::fmod(ms_of_day, day_ms) / 60'000;
    return (minute >= 190 && minute < 205) || (minute >= 1060 && minute < 1085);
}

// The same for a user every time, different for most users.
std::uint64_t mixed(std::uint64_t user, std::uint64_t salt) {
    return Random{user * 2'654'435'761U + salt}.bits();
}

void append_ip(std::string& to, std::uint64_t bits) {
    append_number(to, 1 + (bits & 127));
    for (int shift = 8; shift <= 24; shift += 8) {
        to += '.';
        append_number(to, (bits >> shift) & 255);
    }
}

std::string_view user_agent_of(std::uint64_t user) {
    const auto all = user_agents();
    const double unit = static_cast<double>(mixed(user, 2) >> 11) * 0x1p-53;
    return all[static_cast<std::size_t>(static_cast<double>(all.size()) * unit * unit)];
}

void append_text(std::string& to, std::string_view name, std::string_view value) {
    to.append(",\"").append(name).append("\":\"").append(value).append("\"");
}

int status_of(Random& random, bool error, std::string_view method) {
    static constexpr std::array<int, 4> errors{500, 502, 503, 504};
    if (error) return errors[random.below(errors.size())];
    const auto roll = random.below(1000);
    if (roll < 15) return 404;
    if (roll < 22) return 401;
    if (roll < 27) return 429;
    if (roll < 30) return 400;
    if (method == "POST") return roll < 500 ? 201 : 302;
    if (method != "GET") return 204;
    return roll < 120 ? 304 : 200;
}

std::string_view level_of(Random& random, bool error, int status) {
    if (error) return "error";
    if (status >= 400) return "warn";
    return random.below(100) < 8 ? "debug" : "info";
}

}  // namespace

std::uint64_t Random::bits() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

double Random::unit() {
    return static_cast<double>(bits() >> 11) * 0x1p-53;
}

std::uint64_t Random::below(std::uint64_t bound) {
    return static_cast<std::uint64_t>(unit() * static_cast<double>(bound));
}

double Random::normal() {
    return std::sqrt(-2 * std::log(1 - unit())) * std::cos(2 * std::numbers::pi * unit());
}

Zipf::Zipf(std::size_t ranks, double exponent) : up_to_(ranks) {
    double sum = 0;
    for (std::size_t rank = 0; rank < ranks; ++rank)
        up_to_[rank] = sum += std::pow(static_cast<double>(rank + 1), -exponent);
    for (double& chance : up_to_)
        chance /= sum;
}

std::size_t Zipf::pick(Random& random) const {
    const auto found = std::ranges::upper_bound(up_to_, random.unit());
    return std::min(static_cast<std::size_t>(found - up_to_.begin()), up_to_.size() - 1);
}

Generator::Generator(std::uint64_t seed, std::uint64_t rows)
    : random_(seed),
      rows_(rows),
      users_(users, user_exponent),
      things_(things, thing_exponent),
      routes_(routes().size(), route_exponent) {
    for (Visit& visit : open_)
        begin(visit);
}

void Generator::begin(Visit& visit) {
    visit.route = routes_.pick(random_);
    visit.user = users_.pick(random_);
    const std::string_view pattern = routes()[visit.route].pattern;
    const auto id = pattern.find(":id");
    visit.path = pattern.substr(0, id);
    if (id != std::string_view::npos) {
        append_number(visit.path, 100'000 + mixed(things_.pick(random_), 3) % 900'000'000);
        visit.path += pattern.substr(id + 3);
    }
    // One in eight requests comes from somewhere else than the user's usual address.
    visit.ip.clear();
    append_ip(visit.ip, mixed(visit.user, random_.below(8) == 0 ? 10 + random_.below(3) : 1));
    char hex[33];
    std::snprintf(hex, sizeof hex, "%016llx%016llx", static_cast<unsigned long long>(random_.bits()),
                  static_cast<unsigned long long>(random_.bits()));
    visit.trace = hex;
}

void Generator::append_message(std::string& lines, bool error, double latency_ms) {
    lines += ",\"msg\":\"";
    if (random_.below(10'000) == 0) {
        lines.append(rare_phrase).append(" between transactions ");
        append_number(lines, random_.below(1'000'000));
        lines += " and ";
        append_number(lines, random_.below(1'000'000));
    } else {
        const auto choices = error ? error_messages() : messages();
        for (const char letter : choices[random_.below(choices.size())]) {
            if (letter == '#') {
                append_number(lines, random_.below(random_.below(4) == 0 ? 100 : 100'000));
            } else if (letter == '~') {
                append_thousandths(lines, latency_ms * random_.unit());
            } else {
                lines += letter;
            }
        }
    }
    lines += '"';
}

void Generator::append(std::string& lines) {
    ms_ += -std::log(1 - random_.unit()) * day_ms / static_cast<double>(rows_);
    Visit& visit = open_[random_.below(open_.size())];
    const Route& route = routes()[visit.route];
    const bool burst = is_in_burst(ms_);
    const bool error = random_.below(1000) < (burst ? 333 : 4);
    const int status = status_of(random_, error, route.method);
    const double latency_ms =
        route.latency_ms * (burst ? 4 : 1) * std::exp(latency_deviation * random_.normal());
    const bool is_inner = random_.below(3) == 0;

    lines += "{\"ts\":\"";
    append_time(lines, ms_);
    lines += '"';
    append_text(lines, "level", level_of(random_, error, status));
    append_text(lines, "service",
                is_inner ? inner_services()[random_.below(inner_services().size())] : route.service);
    append_text(lines, "method", route.method);
    append_text(lines, "path", visit.path);
    append_text(lines, "route", route.pattern);
    lines += ",\"status\":";
    append_number(lines, static_cast<std::uint64_t>(status));
    lines += ",\"latency_ms\":";
    append_thousandths(lines, latency_ms);
    lines += ",\"bytes\":";
    append_number(lines, static_cast<std::uint64_t>(std::exp(7 + 1.1 * random_.normal())));
    append_text(lines, "ip", visit.ip);
    lines += ",\"user\":\"u";
    append_number(lines, mixed(visit.user, 4) % 10'000'000);
    lines += '"';
    append_text(lines, "ua", user_agent_of(visit.user));
    append_text(lines, "trace", visit.trace);
    append_message(lines, error, latency_ms);
    lines += "}\n";

    if (++row_ == rows_ * 2 / 5) some_trace_ = visit.trace;
    if (random_.unit() >= more_rows_of_trace) begin(visit);
}

std::string Generator::some_user() const {
    return "u" + std::to_string(mixed(some_user_rank, 4) % 10'000'000);
}

}  // namespace jebi::bench
