// Which request a piece of work belongs to: the W3C Trace Context (https://www.w3.org/TR/trace-context/).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jebi {

struct Trace {
    std::array<std::uint8_t, 16> id{};  // the whole request, across processes; all zero: none
    std::uint64_t span = 0;             // this piece of it
    bool sampled = false;               // by who began it: all of its spans are to be kept

    // A new trace with random ids (not for secrets).
    static Trace start(bool sampled = false);
    // The same request, a new piece of it.
    Trace child() const;
    // Is it among this share of all traces (0: none, 1: all)? The id decides, so whoever asks with the same
    // share is told the same.
    bool is_within(double share) const;
    // 32 hex digits: what error pages, answers and log lines show.
    std::string id_hex() const;
    // "00-<32 hex>-<16 hex>-<2 hex>".
    std::string traceparent() const;
};

// What another program sent in its traceparent header; nothing when it is not one (the receiver
// then starts a trace of its own, as the specification asks). Higher versions are read as version 0.
std::optional<Trace> trace_from(std::string_view traceparent);

// Uniform 64 bits from a generator of the calling thread's own; not for secrets.
std::uint64_t random_bits();

}  // namespace jebi
