// From values to small numbers: hash tables with open addressing, for the inner loops of grouping.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/base/hash.h"
#include "modules/log_analytics/query/value.h"

namespace jebi::log_analytics::query {

// Codes 0, 1, 2, ... in the order in which keys are first seen.
class CodeTable {
public:
    std::uint32_t code_of(std::uint64_t key) {
        if (keys_.size() * 2 >= slots_.size()) grow();
        std::size_t at = place_of(key);
        const std::size_t mask = slots_.size() - 1;
        for (const Slot* slots = slots_.data(); slots[at].code_and_1 != 0; at = (at + 1) & mask)
            if (slots[at].key == key) return slots[at].code_and_1 - 1;
        keys_.push_back(key);
        slots_[at] = {key, static_cast<std::uint32_t>(keys_.size())};
        return static_cast<std::uint32_t>(keys_.size() - 1);
    }
    const std::vector<std::uint64_t>& keys() const { return keys_; }  // by code
    std::size_t bytes() const {
        return slots_.capacity() * sizeof(Slot) + keys_.capacity() * sizeof(std::uint64_t);
    }

private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t code_and_1 = 0;
    };
    static constexpr std::uint64_t golden =
        0x9E37'79B9'7F4A'7C15;  // 2^64 / phi: Knuth's multiplicative hashing

    std::size_t place_of(std::uint64_t key) const {
        return static_cast<std::size_t>(((key ^ (key >> 32)) * golden) >> shift_);
    }
    void grow() {
        const std::size_t size = slots_.empty() ? 64 : slots_.size() * 2;
        slots_.assign(size, {});
        shift_ = 64 - std::countr_zero(size);
        for (std::size_t code = 0; code < keys_.size(); ++code) {
            std::size_t at = place_of(keys_[code]);
            while (slots_[at].code_and_1 != 0)
                at = (at + 1) & (size - 1);
            slots_[at] = {keys_[code], static_cast<std::uint32_t>(code + 1)};
        }
    }

    std::vector<Slot> slots_;
    std::vector<std::uint64_t> keys_;
    int shift_ = 63;
};

// The same for texts, which it keeps.
class TextTable {
public:
    std::uint32_t code_of(std::string_view text) { return code_of(text, hash64(text)); }

    // The same for many. Look-ups in a large table wait for memory three times, one after the other; here
    // those of several texts wait together.
    void codes_of(std::span<const std::string_view> texts, std::span<std::uint32_t> codes) {
        std::array<std::uint64_t, batch_size> hashes{};
        for (std::size_t begin = 0; begin < texts.size(); begin += batch_size) {
            const auto batch = texts.subspan(begin, std::min(batch_size, texts.size() - begin));
            for (const auto text : texts.subspan(begin + batch.size(),
                                                 std::min(batch_size, texts.size() - begin - batch.size())))
                __builtin_prefetch(text.data());
            for (std::size_t i = 0; i < batch.size(); ++i) {
                hashes[i] = hash64(batch[i]);
                if (!slots_.empty()) __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
            }
            for (std::size_t i = 0; i < batch.size(); ++i)
                if (const auto* known = first_seen(hashes[i])) __builtin_prefetch(known);
            for (std::size_t i = 0; i < batch.size(); ++i)
                if (const auto* known = first_seen(hashes[i])) __builtin_prefetch(known->data());
            for (std::size_t i = 0; i < batch.size(); ++i)
                codes[begin + i] = code_of(batch[i], hashes[i]);
        }
    }
    const std::vector<std::string_view>& texts() const { return texts_; }  // by code
    std::size_t bytes() const {
        return arena_.bytes() + slots_.capacity() * sizeof(Slot) +
               texts_.capacity() * sizeof(std::string_view) + hashes_.capacity() * sizeof(std::uint64_t);
    }

private:
    struct Slot {
        std::uint32_t tag = 0, code_and_1 = 0;
    };
    static constexpr std::size_t batch_size = 64;

    std::uint32_t code_of(std::string_view text, std::uint64_t hash) {
        if (texts_.size() * 2 >= slots_.size()) grow();
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        std::size_t at = hash & (slots_.size() - 1);
        while (slots_[at].code_and_1 != 0) {
            if (slots_[at].tag == tag && texts_[slots_[at].code_and_1 - 1] == text)
                return slots_[at].code_and_1 - 1;
            at = (at + 1) & (slots_.size() - 1);
        }
        texts_.push_back(arena_.keep(text));
        hashes_.push_back(hash);
        slots_[at] = {tag, static_cast<std::uint32_t>(texts_.size())};
        return static_cast<std::uint32_t>(texts_.size() - 1);
    }

    // The text at the place where the search for a hash begins.
    const std::string_view* first_seen(std::uint64_t hash) const {
        if (slots_.empty()) return nullptr;
        const Slot& slot = slots_[hash & (slots_.size() - 1)];
        return slot.code_and_1 == 0 ? nullptr : &texts_[slot.code_and_1 - 1];
    }

    void grow() {
        const std::size_t size = slots_.empty() ? 64 : slots_.size() * 2;
        slots_.assign(size, {});
        for (std::size_t code = 0; code < texts_.size(); ++code) {
            std::size_t at = hashes_[code] & (size - 1);
            while (slots_[at].code_and_1 != 0)
                at = (at + 1) & (size - 1);
            slots_[at] = {static_cast<std::uint32_t>(hashes_[code] >> 32),
                          static_cast<std::uint32_t>(code + 1)};
        }
    }

    std::vector<Slot> slots_;
    std::vector<std::string_view> texts_;
    std::vector<std::uint64_t> hashes_;
    Arena arena_;
};

}  // namespace jebi::log_analytics::query
