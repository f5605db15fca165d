#include "kit/base/trace.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

namespace jebi {

namespace {

constexpr std::size_t traceparent_size = 55;

void append_hex(std::string& out, std::uint64_t value) {
    constexpr char digits[] = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[(value >> shift) & 0xf];
}

// Lower-case hex only, as the specification demands.
std::optional<std::uint64_t> hex(std::string_view text) {
    std::uint64_t value = 0;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
        value = (value << 4) | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
    }
    return value;
}

void store(std::array<std::uint8_t, 16>& id, std::uint64_t high, std::uint64_t low) {
    for (std::size_t i = 0; i < 8; ++i) {
        id[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
        id[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    }
}

std::uint64_t load(const std::array<std::uint8_t, 16>& id, std::size_t from) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
        value = (value << 8) | id[from + i];
    return value;
}

}  // namespace

std::uint64_t random_bits() {
    thread_local std::mt19937_64 generator{[] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64{seed};
    }()};
    return generator();
}

Trace Trace::start(bool sampled) {
    Trace trace;
    store(trace.id, random_bits(), random_bits() | 1);
    trace.span = random_bits() | 1;
    trace.sampled = sampled;
    return trace;
}

Trace Trace::child() const {
    Trace trace = *this;
    trace.span = random_bits() | 1;
    return trace;
}

// By the lower half, as some senders put a time into the upper one; of that as many bits as a double has, so
// that no id is rounded up to the end.
bool Trace::is_within(double share) const {
    constexpr int bits = std::numeric_limits<double>::digits;
    return std::ldexp(static_cast<double>(load(id, 8) >> (64 - bits)), -bits) < share;
}

std::string Trace::id_hex() const {
    std::string text;
    text.reserve(32);
    append_hex(text, load(id, 0));
    append_hex(text, load(id, 8));
    return text;
}

std::string Trace::traceparent() const {
    std::string text = "00-";
    text.reserve(traceparent_size);
    append_hex(text, load(id, 0));
    append_hex(text, load(id, 8));
    text += '-';
    append_hex(text, span);
    text += sampled ? "-01" : "-00";
    return text;
}

std::optional<Trace> trace_from(std::string_view text) {
    if (text.size() < traceparent_size || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return std::nullopt;
    const auto version = hex(text.substr(0, 2));
    const auto high = hex(text.substr(3, 16));
    const auto low = hex(text.substr(19, 16));
    const auto span = hex(text.substr(36, 16));
    const auto flags = hex(text.substr(53, 2));
    if (!version || !high || !low || !span || !flags || *version == 0xff) return std::nullopt;
    const bool too_long = *version == 0 ? text.size() != traceparent_size
                                        : text.size() > traceparent_size && text[traceparent_size] != '-';
    if (too_long || (*high | *low) == 0 || *span == 0) return std::nullopt;
    Trace trace;
    store(trace.id, *high, *low);
    trace.span = *span;
    trace.sampled = (*flags & 1) != 0;
    return trace;
}

}  // namespace jebi
