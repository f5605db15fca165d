#include "kit/base/hash.h"

// All of it in here, without calls into the library: most texts are short.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace jebi {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes, std::uint64_t seed) {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
    return {.low = hash.low64, .high = hash.high64};
}

}  // namespace jebi
