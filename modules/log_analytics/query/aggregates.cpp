#include "modules/log_analytics/query/aggregates.h"

#include "modules/log_analytics/query/aggregates_made.h"

namespace jebi::log_analytics::query {

namespace {

class Count final : public Aggregate {
public:
    void add(const GroupsOfRows& rows, const Vector* values) override {
        counts_.resize(rows.count);
        if (!values && rows.groups.empty()) {
            counts_[0] += static_cast<std::int64_t>(rows.rows);
        } else if (!values) {
            // A plain pointer: checking every index, as the library does here, costs more than counting.
            std::int64_t* const counts = counts_.data();
            for (const std::uint32_t group : rows.groups)
                ++counts[group];
        } else {
            for (std::size_t i = 0; i < rows.rows; ++i)
                counts_[rows[i]] += values->is_absent(i) ? 0 : 1;
        }
    }
    void add_count(std::uint32_t group, std::uint64_t rows) override {
        if (counts_.size() <= group) counts_.resize(group + 1);
        counts_[group] += static_cast<std::int64_t>(rows);
    }
    void merge(Aggregate& other, std::span<const std::uint32_t> group_of) override {
        const auto& counts = static_cast<Count&>(other).counts_;
        for (std::size_t i = 0; i < counts.size(); ++i)
            add_count(group_of[i], static_cast<std::uint64_t>(counts[i]));
    }
    Vector result(std::size_t groups, const SeveralThreads&) override {
        counts_.resize(groups);
        return whole_vector(Type::integer, std::move(counts_));
    }
    std::size_t bytes() const override { return counts_.capacity() * sizeof(std::int64_t); }

private:
    std::vector<std::int64_t> counts_;
};

// Sums of integers are integers (and wrap around), of numbers numbers; the mean divides in the end.
template <typename Item>
class Sum final : public Aggregate {
public:
    explicit Sum(bool mean) : mean_(mean) {}

    void add(const GroupsOfRows& rows, const Vector* values) override {
        grow(rows.count);
        for (std::size_t i = 0; i < rows.rows; ++i) {
            if (values->is_absent(i)) continue;
            if constexpr (std::is_same_v<Item, double>) {
                sums_[rows[i]] +=
                    values->type == Type::number ? values->number(i) : static_cast<double>(values->whole(i));
            } else {
                sums_[rows[i]] += static_cast<Item>(values->whole(i));
            }
            ++counts_[rows[i]];
        }
    }
    void merge(Aggregate& other, std::span<const std::uint32_t> group_of) override {
        const auto& sum = static_cast<Sum&>(other);
        for (std::size_t i = 0; i < sum.sums_.size(); ++i) {
            if (sums_.size() <= group_of[i]) grow(group_of[i] + 1);
            sums_[group_of[i]] += sum.sums_[i];
            counts_[group_of[i]] += sum.counts_[i];
        }
    }
    Vector result(std::size_t groups, const SeveralThreads&) override {
        grow(groups);
        std::vector<std::uint8_t> absent(groups);
        for (std::size_t i = 0; i < groups; ++i)
            absent[i] = counts_[i] == 0;
        if constexpr (std::is_same_v<Item, double>) {
            for (std::size_t i = 0; mean_ && i < groups; ++i)
                sums_[i] /= static_cast<double>(std::max<std::uint64_t>(counts_[i], 1));
            return number_vector(std::move(sums_), std::move(absent));
        } else {
            return whole_vector(Type::integer, {sums_.begin(), sums_.end()}, std::move(absent));
        }
    }
    std::size_t bytes() const override { return sums_.capacity() * (sizeof(Item) + sizeof(std::uint64_t)); }

private:
    void grow(std::size_t groups) {
        sums_.resize(groups);
        counts_.resize(groups);
    }
    bool mean_;
    std::vector<Item> sums_;
    std::vector<std::uint64_t> counts_;
};

}  // namespace

void Aggregate::add_count(std::uint32_t, std::uint64_t) {}

std::unique_ptr<Aggregate> aggregate_for(const Measure& measure, std::size_t sharing) {
    switch (measure.kind) {
        case Measure::Kind::count:
            return std::make_unique<Count>();
        case Measure::Kind::average:
            return std::make_unique<Sum<double>>(true);
        case Measure::Kind::sum:
            if (measure.type == Type::number) return std::make_unique<Sum<double>>(false);
            return std::make_unique<Sum<std::uint64_t>>(false);
        case Measure::Kind::distinct:
            return make_distinct(measure);
        case Measure::Kind::quantile:
        case Measure::Kind::quantile_exact:
            return make_quantile(measure, sharing);
        default:
            return make_extreme(measure);
    }
}

}  // namespace jebi::log_analytics::query
