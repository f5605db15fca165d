#include "modules/log_analytics/query/groups.h"

#include <algorithm>

namespace jebi::log_analytics::query {

namespace {

std::uint64_t pair_of(std::uint32_t before, std::uint32_t code) {
    return std::uint64_t{before} << 32 | code;
}

}  // namespace

Groups::Groups(const Plan& plan) : plan_(plan) {
    for (const auto& key : plan.keys)
        keys_.emplace_back(key.type);
    pairs_.resize(keys_.empty() ? 0 : keys_.size() - 1);
    for (const auto& measure : plan.measures) {
        const auto sharing = std::ranges::count(plan.measures, measure.kind, &Measure::kind);
        measures_.push_back(aggregate_for(measure, static_cast<std::size_t>(sharing)));
    }
}

std::size_t Groups::count() const {
    if (keys_.empty()) return 1;
    return keys_.size() == 1 ? keys_[0].size() : pairs_.back().keys().size();
}

GroupsOfRows Groups::groups_of(const std::vector<Vector>& keys, std::size_t rows) {
    if (keys.empty()) return {{}, rows, 1};
    keys_[0].codes_of(keys[0], rows, rows_);
    has_nulls_ = has_nulls_ || std::ranges::find(rows_, 0U) != rows_.end();
    for (std::size_t i = 1; i < keys.size(); ++i) {
        keys_[i].codes_of(keys[i], rows, codes_);
        auto& pairs = pairs_[i - 1];
        const std::uint32_t* code = codes_.data();
        for (std::uint32_t& group : rows_)
            group = pairs.code_of(pair_of(group, *code++));
    }
    return {rows_, rows, count()};
}

// Everything is read before anything is added: a damaged block leaves no half of itself.
Result<void> Groups::add(BlockFrame& frame, std::size_t, Evaluator& evaluator) {
    std::vector<Vector> keys, values(plan_.measures.size());
    for (const auto& key : plan_.keys) {
        TRY(Vector vector, evaluator.evaluate(key, frame));
        keys.push_back(std::move(vector));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!plan_.measures[i].argument) continue;
        TRY(values[i], evaluator.evaluate(*plan_.measures[i].argument, frame));
    }
    const GroupsOfRows rows = groups_of(keys, frame.rows());
    for (std::size_t i = 0; i < values.size(); ++i)
        measures_[i]->add(rows, plan_.measures[i].argument ? &values[i] : nullptr);
    return {};
}

bool Groups::only_counts() const {
    return std::ranges::all_of(plan_.measures, [](const Measure& measure) {
        return measure.kind == Measure::Kind::count && !measure.argument;
    });
}

// Fast path: how many rows have each value of a column is written down in the part, and needs no rows.
Result<bool> Groups::add_whole(PartReader& reader, std::uint64_t& bytes) {
    if (!only_counts()) return false;
    if (plan_.keys.empty()) {
        for (auto& measure : measures_)
            measure->add_count(0, reader.part().rows());
        return true;
    }
    if (plan_.keys.size() != 1 || plan_.keys[0].operation != Operation::input) return false;
    const auto column = reader.only(plan_.keys[0].input, Kind::text);
    if (!column) return false;
    const auto counts = reader.part().counts(*column);
    if (counts.empty()) return false;
    TRY(const auto dictionary, reader.part().dictionary(*column, bytes));
    if (!dictionary || dictionary->size() + 1 != counts.size()) return false;
    for (std::uint32_t code = 0; code < counts.size(); ++code) {
        if (counts[code] == 0) continue;
        has_nulls_ = has_nulls_ || code == 0;
        const std::uint32_t group = code == 0 ? 0 : keys_[0].code_of(Value::text(dictionary->text(code)));
        for (auto& measure : measures_)
            measure->add_count(group, counts[code]);
    }
    return true;
}

// The codes of each key, by group.
std::vector<std::vector<std::uint32_t>> Groups::key_codes() const {
    std::vector<std::vector<std::uint32_t>> codes(keys_.size(), std::vector<std::uint32_t>(count()));
    for (std::uint32_t group = 0; group < count() && !keys_.empty(); ++group) {
        std::uint32_t left = group;
        for (std::size_t key = keys_.size() - 1; key > 0; --key) {
            const std::uint64_t pair = pairs_[key - 1].keys()[left];
            codes[key][group] = static_cast<std::uint32_t>(pair);
            left = static_cast<std::uint32_t>(pair >> 32);
        }
        codes[0][group] = left;
    }
    return codes;
}

// Our group for each of another's.
std::vector<std::uint32_t> Groups::groups_for(const Groups& other) {
    const auto theirs = other.key_codes();
    std::vector<std::uint32_t> groups(other.count());
    for (std::size_t key = 0; key < keys_.size(); ++key) {
        const auto ours = keys_[key].codes_of(other.keys_[key]);
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const std::uint32_t code = ours[theirs[key][i]];
            groups[i] = key == 0 ? code : pairs_[key - 1].code_of(pair_of(groups[i], code));
        }
    }
    return groups;
}

void Groups::merge(Groups& other) {
    has_nulls_ = has_nulls_ || other.has_nulls_;
    const auto groups = groups_for(other);
    for (std::size_t i = 0; i < measures_.size(); ++i)
        measures_[i]->merge(*other.measures_[i], groups);
}

std::vector<Vector> Groups::columns(const SeveralThreads& run) {
    std::vector<Vector> columns;
    auto codes = key_codes();
    for (std::size_t key = 0; key < keys_.size(); ++key)
        columns.push_back(keys_[key].vector_of(std::move(codes[key])));
    for (auto& measure : measures_)
        columns.push_back(measure->result(count(), run));
    return columns;
}

std::size_t Groups::bytes() const {
    std::size_t bytes = (rows_.capacity() + codes_.capacity()) * sizeof(std::uint32_t);
    for (const auto& key : keys_)
        bytes += key.bytes();
    for (const auto& pairs : pairs_)
        bytes += pairs.bytes();
    for (const auto& measure : measures_)
        bytes += measure->bytes();
    return bytes;
}

}  // namespace jebi::log_analytics::query
