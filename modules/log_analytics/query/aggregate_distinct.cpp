// uniq: how many distinct values a group has, exactly.
//
// Values become codes (interner.h), so that a group's set is a set of small numbers: a bit for each as long
// as that is small for all groups together, then a hash table of (group, code).
#include <bit>

#include "modules/log_analytics/query/aggregates_made.h"
#include "modules/log_analytics/query/interner.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t bits_bytes_max = 8 * 1024 * 1024;

// Pairs of a group and a code, the code never 0.
class PairSet {
public:
    bool insert(std::uint64_t pair) {
        if (count_ * 4 >= slots_.size() * 3) grow();
        if (!place(pair)) return false;
        ++count_;
        return true;
    }
    template <typename Visit>
    void each(Visit visit) const {
        for (const auto pair : slots_)
            if (pair != 0) visit(pair);
    }
    std::size_t bytes() const { return slots_.capacity() * sizeof(std::uint64_t); }

private:
    bool place(std::uint64_t pair) {
        std::size_t at = ((pair ^ (pair >> 29)) * 0x9E37'79B9'7F4A'7C15) >> shift_;
        for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
            if (slots_[at] == pair) return false;
        slots_[at] = pair;
        return true;
    }
    void grow() {
        const auto old = std::exchange(slots_, {});
        slots_.resize(old.empty() ? 1024 : old.size() * 2);
        shift_ = 64 - std::countr_zero(slots_.size());
        for (const auto pair : old)
            if (pair != 0) place(pair);
    }
    std::vector<std::uint64_t> slots_;
    std::size_t count_ = 0;
    int shift_ = 63;
};

class Distinct final : public Aggregate {
public:
    explicit Distinct(Type type) : values_(type) {}

    void add(const GroupsOfRows& rows, const Vector* values) override {
        values_.codes_of(*values, rows.rows, codes_);
        grow(rows.count);
        for (std::size_t i = 0; i < rows.rows; ++i)
            if (codes_[i] != 0) insert(rows[i], codes_[i]);
    }
    void merge(Aggregate& other, std::span<const std::uint32_t> group_of) override {
        const auto& distinct = static_cast<Distinct&>(other);
        const auto codes = values_.codes_of(distinct.values_);
        const auto take = [&](std::size_t group, std::uint32_t code) {
            const std::uint32_t ours = group_of[group];
            if (counts_.size() <= ours) grow(ours + 1);
            insert(ours, codes[code]);
        };
        distinct.each(take);
    }
    Vector result(std::size_t groups, const SeveralThreads&) override {
        grow(groups);
        return whole_vector(Type::integer, std::move(counts_));
    }
    std::size_t bytes() const override {
        return values_.bytes() + bits_bytes_ + pairs_.bytes() + counts_.capacity() * sizeof(std::int64_t);
    }

private:
    void grow(std::size_t groups) {
        counts_.resize(groups);
        if (has_bits_) bits_.resize(groups);
    }

    void insert(std::uint32_t group, std::uint32_t code) {
        if (has_bits_) {
            auto& bits = bits_[group];
            if (code / 64 >= bits.size()) {
                widen(bits);
                if (!has_bits_) return insert(group, code);
            }
            const std::uint64_t bit = std::uint64_t{1} << (code % 64);
            counts_[group] += (bits[code / 64] & bit) == 0 ? 1 : 0;
            bits[code / 64] |= bit;
        } else if (pairs_.insert(std::uint64_t{group} << 32 | code)) {
            ++counts_[group];
        }
    }

    void widen(std::vector<std::uint64_t>& bits) {
        const std::size_t size = std::bit_ceil(values_.size() / 64 + 1);
        bits_bytes_ += (size - bits.size()) * sizeof(std::uint64_t);
        if (bits_bytes_ <= bits_bytes_max) return bits.resize(size);
        each_bit([this](std::size_t group, std::uint32_t code) {
            pairs_.insert(std::uint64_t{group} << 32 | code);
        });
        has_bits_ = false;
        bits_ = {};
        bits_bytes_ = 0;
    }

    template <typename Visit>
    void each_bit(Visit visit) const {
        for (std::size_t group = 0; group < bits_.size(); ++group) {
            for (std::size_t word = 0; word < bits_[group].size(); ++word) {
                for (std::uint64_t bits = bits_[group][word]; bits != 0; bits &= bits - 1)
                    visit(group, static_cast<std::uint32_t>(
                                     word * 64 + static_cast<std::size_t>(std::countr_zero(bits))));
            }
        }
    }
    template <typename Visit>
    void each(Visit visit) const {
        each_bit(visit);
        pairs_.each([&](std::uint64_t pair) { visit(pair >> 32, static_cast<std::uint32_t>(pair)); });
    }

    Interner values_;
    std::vector<std::int64_t> counts_;  // by group
    bool has_bits_ = true;
    std::vector<std::vector<std::uint64_t>> bits_;  // by group, a bit for each code
    std::size_t bits_bytes_ = 0;
    PairSet pairs_;
    std::vector<std::uint32_t> codes_;  // of the block at hand
};

}  // namespace

std::unique_ptr<Aggregate> make_distinct(const Measure& measure) {
    return std::make_unique<Distinct>(measure.argument->type);
}

}  // namespace jebi::log_analytics::query
