// A table of fixed size, by id: each id has four places, and what was put there longest ago gives way (a
// four-way set-associative cache: Hennessy and Patterson, Computer Architecture, appendix B). With one place
// each, two ids that meet would push each other out as long as both are asked for. For one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace jebi::web {

template <typename Entry>
class IdTable {
public:
    // `entries_max`: a multiple of `ways`.
    explicit IdTable(std::size_t entries_max) : places_(entries_max) {}

    // Null when it is not there, and for id 0. Good until the next put().
    Entry* find(std::uint64_t id) { return found(*this, id); }
    const Entry* find(std::uint64_t id) const { return found(*this, id); }

    // In the place of what is there under this id.
    void put(std::uint64_t id, Entry entry) {
        const auto set = set_of(*this, id);
        const auto same = std::ranges::find(set, id, &Place::id);
        const auto gone = same == set.end() ? std::prev(set.end()) : same;
        std::move_backward(set.begin(), gone, std::next(gone));
        set.front() = {id, std::move(entry)};
    }

    static constexpr std::size_t ways = 4;

private:
    struct Place {
        std::uint64_t id = 0;
        Entry entry{};
    };

    template <typename Table>
    static auto set_of(Table& table, std::uint64_t id) {
        constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // spreads ids evenly (Knuth, TAOCP 6.4)
        const std::size_t set = ((id * golden_ratio) >> 32) % (table.places_.size() / ways);
        return std::span(table.places_).subspan(set * ways, ways);
    }

    template <typename Table>
    static auto found(Table& table, std::uint64_t id) -> decltype(&table.places_[0].entry) {
        const auto set = set_of(table, id);
        const auto place = std::ranges::find(set, id, &Place::id);
        return id == 0 || place == set.end() ? nullptr : &place->entry;
    }

    std::vector<Place> places_;
};

}  // namespace jebi::web
