// Hashes for tables, filters and checksums (XXH3 by xxHash; kit/base/hash.cpp is the only file that includes
// it). Stable: the same bytes give the same hash on every machine and in every version, so it may be kept on
// disk. Not for secrets: whoever wants two texts with the same hash can find them.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace jebi {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

struct Hash128 {
    std::uint64_t low = 0, high = 0;
    auto operator<=>(const Hash128&) const = default;
};
Hash128 hash128(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace jebi
