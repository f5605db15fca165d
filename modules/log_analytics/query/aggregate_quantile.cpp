// quantile and quantileExact: keeps every value with its group, and selects in the end (Hoare's quickselect,
// by std::nth_element).
#include <algorithm>
#include <cmath>

#include "modules/log_analytics/query/aggregates_made.h"

namespace jebi::log_analytics::query {

namespace {

template <typename Item>
class Quantile final : public Aggregate {
public:
    explicit Quantile(const Measure& measure) : measure_(measure) {}

    void add(const GroupsOfRows& rows, const Vector* values) override {
        if (values->absent.empty() && !values->is_constant && !rows.groups.empty())
            return add_all(rows, *values);
        for (std::size_t i = 0; i < rows.rows; ++i) {
            if (values->is_absent(i)) continue;
            groups_.push_back(rows[i]);
            values_.push_back(items_of(*values)[values->is_constant ? 0 : i]);
        }
    }
    void merge(Aggregate& other, std::span<const std::uint32_t> group_of) override {
        auto& quantile = static_cast<Quantile&>(other);
        for (const auto group : quantile.groups_)
            groups_.push_back(group_of[group]);
        values_.insert(values_.end(), quantile.values_.begin(), quantile.values_.end());
        quantile.groups_ = {};
        quantile.values_ = {};
    }
    Vector result(std::size_t groups) override {
        const auto ends = sort_by_group(groups);
        std::vector<std::uint8_t> absent(groups);
        std::vector<Item> exact(groups);
        std::vector<double> between(groups);
        std::size_t begin = 0;
        for (std::size_t group = 0; group < groups; ++group) {
            const std::span<Item> values(values_.data() + begin, ends[group] - begin);
            absent[group] = values.empty();
            begin = ends[group];
            if (values.empty()) continue;
            if (measure_.kind == Measure::Kind::quantile_exact) {
                exact[group] = at_level(values);
            } else {
                between[group] = between_levels(values);
            }
        }
        if (measure_.kind == Measure::Kind::quantile)
            return number_vector(std::move(between), std::move(absent));
        if constexpr (std::is_same_v<Item, double>) {
            return number_vector(std::move(exact), std::move(absent));
        } else {
            return whole_vector(measure_.type, std::move(exact), std::move(absent));
        }
    }
    std::size_t bytes() const override {
        return groups_.capacity() * sizeof(std::uint32_t) + values_.capacity() * sizeof(Item);
    }

private:
    static std::span<const Item> items_of(const Vector& values) {
        if constexpr (std::is_same_v<Item, double>) {
            return values.numbers;
        } else {
            return values.wholes;
        }
    }

    void add_all(const GroupsOfRows& rows, const Vector& values) {
        const auto items = items_of(values);
        groups_.insert(groups_.end(), rows.groups.begin(), rows.groups.end());
        values_.insert(values_.end(), items.begin(), items.end());
    }

    // A counting sort; answers where each group ends.
    std::vector<std::size_t> sort_by_group(std::size_t groups) {
        std::vector<std::size_t> at(groups + 1);
        for (const auto group : groups_)
            ++at[group + 1];
        for (std::size_t i = 1; i <= groups; ++i)
            at[i] += at[i - 1];
        std::vector<Item> sorted(values_.size());
        Item* const to = sorted.data();
        std::size_t* const next = at.data();
        const Item* value = values_.data();
        for (const auto group : groups_)
            to[next[group]++] = *value++;
        values_ = std::move(sorted);
        groups_ = {};
        at.pop_back();
        return at;
    }

    Item at_level(std::span<Item> values) const {
        const auto size = static_cast<double>(values.size());
        const auto wanted = static_cast<std::size_t>(measure_.level * size);
        const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, values.size() - 1));
        std::nth_element(values.begin(), at, values.end());
        return *at;
    }

    double between_levels(std::span<Item> values) const {
        const double place = measure_.level * static_cast<double>(values.size() - 1);
        const double below = std::floor(place);
        const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
        std::nth_element(values.begin(), at, values.end());
        const auto low = static_cast<double>(*at);
        if (place == below) return low;
        const auto high = static_cast<double>(*std::min_element(at + 1, values.end()));
        return low + (high - low) * (place - below);
    }

    const Measure& measure_;
    std::vector<std::uint32_t> groups_;
    std::vector<Item> values_;
};

}  // namespace

std::unique_ptr<Aggregate> make_quantile(const Measure& measure) {
    if (is_whole(measure.argument->type)) return std::make_unique<Quantile<std::int64_t>>(measure);
    return std::make_unique<Quantile<double>>(measure);
}

}  // namespace jebi::log_analytics::query
