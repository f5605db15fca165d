#include "modules/log_analytics/store/filter.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "kit/base/hash.h"

namespace jebi::log_analytics {

namespace {

enum FilterKind : char { values = 1, pieces = 2 };
constexpr std::size_t bits_per_value = 8;
constexpr unsigned probes = 4;
constexpr std::size_t run_bytes = 4;
constexpr std::size_t run_bits_max = 65'536;
constexpr std::size_t filled_one_in = 4;  // of a piece filter's bits, at most

using Bits = std::vector<std::uint64_t>;

void set(Bits& bits, std::uint64_t hash) {
    const std::uint64_t bit = hash & (bits.size() * 64 - 1);
    bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

class BitsView {
public:
    explicit BitsView(std::string_view bytes) : bytes_(bytes) {}
    bool valid() const { return bytes_.size() >= 8 && std::has_single_bit(bytes_.size()); }
    bool has(std::uint64_t hash) const {
        const std::uint64_t bit = hash & (bytes_.size() * 8 - 1);
        const unsigned byte = static_cast<unsigned char>(bytes_[bit / 8]);
        return ((byte >> (bit % 8)) & 1U) != 0;
    }

private:
    std::string_view bytes_;
};

void append_bits(std::string& out, FilterKind kind, const Bits& bits) {
    out += kind;
    out.append(reinterpret_cast<const char*>(bits.data()), bits.size() * sizeof(std::uint64_t));
}

// Two halves of one hash make all probes (Kirsch and Mitzenmacher, 2006).
std::uint64_t probe(std::uint64_t hash, unsigned number) {
    return (hash >> 32) + number * (hash | 1);
}

std::uint64_t run_hash(const char* run) {
    std::uint32_t word = 0;
    std::memcpy(&word, run, run_bytes);
    return (word * 0x9E3779B1U) >> 16;  // the golden ratio's bits (Knuth, 6.4)
}

template <typename Use>
void for_runs(std::string_view text, Use use) {
    std::size_t without_digit = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        without_digit = text[i] >= '0' && text[i] <= '9' ? 0 : without_digit + 1;
        if (without_digit >= run_bytes) use(text.data() + i + 1 - run_bytes);
    }
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
    Bits bits(std::bit_ceil(std::max<std::size_t>(64, texts.size() * bits_per_value)) / 64);
    for (const std::string_view text : texts) {
        const std::uint64_t hash = hash64(text);
        for (unsigned i = 0; i < probes; ++i)
            set(bits, probe(hash, i));
    }
    append_bits(out, values, bits);
}

void append_piece_filter(std::string& out, std::span<const std::string_view> texts) {
    Bits bits(run_bits_max / 64);
    for (const std::string_view text : texts)
        for_runs(text, [&](const char* run) { set(bits, run_hash(run)); });
    fold(bits);
    append_bits(out, pieces, bits);
}

bool may_equal(std::string_view filter, std::string_view text) {
    if (filter.empty() || filter[0] != values) return may_contain(filter, text);
    const BitsView bits{filter.substr(1)};
    if (!bits.valid()) return true;
    const std::uint64_t hash = hash64(text);
    for (unsigned i = 0; i < probes; ++i) {
        if (!bits.has(probe(hash, i))) return false;
    }
    return true;
}

bool may_contain(std::string_view filter, std::string_view piece) {
    if (filter.empty() || filter[0] != pieces) return true;
    const BitsView bits{filter.substr(1)};
    bool may = true;
    if (bits.valid()) for_runs(piece, [&](const char* run) { may = may && bits.has(run_hash(run)); });
    return may;
}

}  // namespace jebi::log_analytics
