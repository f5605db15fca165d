#include "kit/base/ids.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace jebi {

namespace {

constexpr WallMs epoch_ms = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
constexpr int sequence_bits = 12;
constexpr int node_bits = 10;
constexpr std::uint64_t sequence_mask = (1u << sequence_bits) - 1;
constexpr std::uint64_t ticks_end = std::uint64_t{1} << (41 + sequence_bits);

// An id without its node bits, in the form that IdGenerator counts in.
std::uint64_t ticks_of(std::uint64_t id) {
    return ((id >> (node_bits + sequence_bits)) << sequence_bits) | (id & sequence_mask);
}

std::uint64_t id_of(std::uint64_t ticks, std::uint64_t node) {
    assert(ticks < ticks_end && "The clock is beyond 2093.");
    return ((ticks >> sequence_bits) << (node_bits + sequence_bits)) | (node << sequence_bits) |
           (ticks & sequence_mask);
}

}  // namespace

std::optional<std::uint64_t> id_from(std::string_view decimal) {
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
    const bool whole = status == std::errc{} && end == decimal.data() + decimal.size();
    if (!whole || decimal.front() == '0' || value > INT64_MAX) return std::nullopt;
    return value;
}

WallMs made_at(std::uint64_t id) {
    return static_cast<WallMs>(id >> (node_bits + sequence_bits)) + epoch_ms;
}

std::uint64_t id_before(WallMs time_ms) {
    if (time_ms <= epoch_ms) return 0;
    return (static_cast<std::uint64_t>(time_ms - epoch_ms) << (node_bits + sequence_bits)) - 1;
}

std::uint64_t id_within(WallMs time_ms, std::uint64_t chance) {
    constexpr std::uint64_t below_ms = (std::uint64_t{1} << (node_bits + sequence_bits)) - 1;
    return id_before(time_ms) + 1 + (chance & below_ms);
}

IdGenerator::IdGenerator(const Clock& clock, std::uint16_t node, std::uint64_t after)
    : clock_(clock), node_(node), last_(ticks_of(after)) {
    assert(node <= node_max);
}

std::uint64_t IdGenerator::next() {
    const auto since_epoch = static_cast<std::uint64_t>(std::max<WallMs>(clock_.wall_ms() - epoch_ms, 0));
    const std::uint64_t now = since_epoch << sequence_bits;
    std::uint64_t last = last_.load(std::memory_order_relaxed);
    std::uint64_t ticks = 0;
    do {
        ticks = std::max(now, last + 1);
    } while (!last_.compare_exchange_weak(last, ticks, std::memory_order_relaxed));
    return id_of(ticks, node_);
}

}  // namespace jebi
