#include "modules/log_analytics/store/filter.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "kit/base/hash.h"

namespace jebi::log_analytics {

namespace {

enum FilterKind : char { pieces = 2, values = 3 };
constexpr std::size_t bits_per_value = 8;
constexpr unsigned probes = 4;
constexpr std::size_t run_bytes = 4;
constexpr std::size_t run_bits_max = 65'536;
constexpr std::size_t filled_one_in = 4;  // of a piece filter's bits, at most

using Bits = std::vector<std::uint64_t>;

// One of `count` bits: all of them equally often, without a division (Lemire, "Fast Random Integer Generation
// in an Interval", 2019).
std::uint64_t scaled(std::uint64_t hash, std::size_t count) {
    return (hash >> 32) * count >> 32;
}

class BitsView {
public:
    explicit BitsView(std::string_view bytes) : bytes_(bytes) {}
    bool is_whole() const { return !bytes_.empty() && bytes_.size() % 8 == 0; }
    bool is_power_of_two() const { return bytes_.size() >= 8 && std::has_single_bit(bytes_.size()); }
    bool has_mod(std::uint64_t hash) const { return has(hash & (bytes_.size() * 8 - 1)); }
    bool has_scaled(std::uint64_t hash) const { return has(scaled(hash, bytes_.size() * 8)); }

private:
    bool has(std::uint64_t bit) const {
        const unsigned byte = static_cast<unsigned char>(bytes_[bit / 8]);
        return ((byte >> (bit % 8)) & 1U) != 0;
    }
    std::string_view bytes_;
};

void append_bits(std::string& out, FilterKind kind, const Bits& bits) {
    out += kind;
    out.append(reinterpret_cast<const char*>(bits.data()), bits.size() * sizeof(std::uint64_t));
}

// Two halves of one hash make all probes (Kirsch and Mitzenmacher, 2006).
std::uint64_t probe(std::uint64_t hash, unsigned number) {
    return hash + number * (std::rotl(hash, 32) | 1);
}

// Runs of four bytes of a text, each as a number of 16 bits, and whether there is no digit in it. Without a
// branch for each byte, as every message passes here.
template <typename Use>
void for_runs(std::string_view text, Use use) {
    static_assert(run_bytes == sizeof(std::uint32_t));
    std::uint32_t run = 0;
    std::size_t without_digit = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        run = run >> 8 | std::uint32_t{byte} << 24;
        without_digit = byte >= '0' && byte <= '9' ? 0 : without_digit + 1;
        use((run * 0x9E3779B1U) >> 16, without_digit >= run_bytes);  // the golden ratio's bits (Knuth, 6.4)
    }
}

// How many differ, or a few fewer.
std::size_t distinct_of(std::span<const std::uint64_t> hashes) {
    std::vector<std::uint64_t> table(std::bit_ceil(hashes.size() * 2));
    std::size_t count = 0;
    for (const std::uint64_t hash : hashes) {
        std::size_t place = hash & (table.size() - 1);
        while (table[place] != 0 && table[place] != hash)
            place = (place + 1) & (table.size() - 1);
        if (table[place] == 0) ++count;
        table[place] = hash;
    }
    return count;
}

// Half as many bits, as long as they are not too full.
void fold(Bits& bits) {
    while (bits.size() > 1) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < bits.size() / 2; ++i)
            count += static_cast<std::size_t>(std::popcount(bits[i] | bits[i + bits.size() / 2]));
        if (count * filled_one_in > bits.size() / 2 * 64) return;
        for (std::size_t i = 0; i < bits.size() / 2; ++i)
            bits[i] |= bits[i + bits.size() / 2];
        bits.resize(bits.size() / 2);
    }
}

}  // namespace

void append_value_filter(std::string& out, std::span<const std::string_view> texts) {
    std::vector<std::uint64_t> hashes(texts.size());
    std::ranges::transform(texts, hashes.begin(), [](std::string_view text) { return hash64(text); });
    Bits bits((distinct_of(hashes) * bits_per_value + 64) / 64);
    for (const std::uint64_t hash : hashes) {
        for (unsigned i = 0; i < probes; ++i) {
            const std::uint64_t bit = scaled(probe(hash, i), bits.size() * 64);
            bits.data()[bit / 64] |= std::uint64_t{1} << (bit % 64);
        }
    }
    append_bits(out, values, bits);
}

void append_piece_filter(std::string& out, std::span<const std::string_view> texts) {
    Bits bits(run_bits_max / 64);
    for (const std::string_view text : texts)
        for_runs(text, [words = bits.data()](std::uint32_t run, bool counts) {
            words[run / 64] |= std::uint64_t{counts} << (run % 64);
        });
    fold(bits);
    append_bits(out, pieces, bits);
}

bool may_equal(std::string_view filter, std::string_view text) {
    if (filter.empty() || filter[0] != values) return may_contain(filter, text);
    const BitsView bits{filter.substr(1)};
    if (!bits.is_whole()) return true;
    const std::uint64_t hash = hash64(text);
    for (unsigned i = 0; i < probes; ++i) {
        if (!bits.has_scaled(probe(hash, i))) return false;
    }
    return true;
}

bool may_contain(std::string_view filter, std::string_view piece) {
    if (filter.empty() || filter[0] != pieces) return true;
    const BitsView bits{filter.substr(1)};
    bool may = true;
    if (bits.is_power_of_two())
        for_runs(piece, [&](std::uint32_t run, bool counts) { may = may && (!counts || bits.has_mod(run)); });
    return may;
}

}  // namespace jebi::log_analytics
