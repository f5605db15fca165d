// quantile and quantileExact: keeps every value with its group, and selects in the end (Hoare's quickselect,
// by std::nth_element). When quantile's values become too many they go into a digest of each group;
// quantileExact keeps on, until the query's bound of memory.
#include <algorithm>
#include <atomic>
#include <cmath>

#include "modules/log_analytics/query/aggregates_made.h"
#include "modules/log_analytics/query/digest.h"

namespace jebi::log_analytics::query {

namespace {

template <typename Item>
class Quantile final : public Aggregate {
public:
    Quantile(const Measure& measure, std::size_t sharing)
        : measure_(measure),
          values_max_(all_values_max / sharing),
          merged_values_max_(all_merged_values_max / sharing) {}

    void add(const GroupsOfRows& rows, const Vector* values) override {
        make_room(rows.rows);
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
        for (std::size_t group = 0; group < quantile.digests_.size(); ++group)
            digest_of(group_of[group]).add(quantile.digests_[group]);
        quantile.digests_ = {};
        for (const auto group : quantile.groups_)
            groups_.push_back(group_of[group]);
        values_.insert(values_.end(), quantile.values_.begin(), quantile.values_.end());
        quantile.groups_ = {};
        quantile.values_ = {};
        if (is_bounded() && values_.size() > merged_values_max_) digest();
    }
    Vector result(std::size_t groups, const SeveralThreads& run) override {
        const auto ends = sort_by_group(groups);
        if (!digests_.empty()) digests_.resize(groups);
        Results results{std::vector<std::uint8_t>(groups), std::vector<Item>(groups),
                        std::vector<double>(groups)};
        std::atomic<std::size_t> next{0};
        run([&](unsigned) {
            for (std::size_t begin = next.fetch_add(groups_at_once); begin < groups;
                 begin = next.fetch_add(groups_at_once))
                select(begin, std::min(begin + groups_at_once, groups), ends, results);
        });
        if (measure_.kind == Measure::Kind::quantile)
            return number_vector(std::move(results.between), std::move(results.absent));
        if constexpr (std::is_same_v<Item, double>) {
            return number_vector(std::move(results.exact), std::move(results.absent));
        } else {
            return whole_vector(measure_.type, std::move(results.exact), std::move(results.absent));
        }
    }
    std::size_t bytes() const override {
        // With the copy that puts them in order.
        return groups_.capacity() * sizeof(std::uint32_t) + values_.capacity() * sizeof(Item) +
               values_.size() * sizeof(Item) + digests_.capacity() * sizeof(Digest) + digest_bytes_;
    }

private:
    static constexpr std::size_t groups_at_once = 512;
    // For all measures of a query: of one thread, and of all.
    static constexpr std::size_t all_values_max = 1'250'000, all_merged_values_max = 2'500'000;

    struct Results {  // by group
        std::vector<std::uint8_t> absent;
        std::vector<Item> exact;
        std::vector<double> between;
    };

    bool is_bounded() const { return measure_.kind == Measure::Kind::quantile; }

    void make_room(std::size_t rows) {
        if (is_bounded() && values_.size() + rows > values_max_) digest();
        const std::size_t wanted = values_.size() + rows;
        if (wanted <= values_.capacity()) return;
        const std::size_t doubled = 2 * values_.capacity();
        const std::size_t room = std::max(wanted, is_bounded() ? std::min(doubled, values_max_) : doubled);
        values_.reserve(room);
        groups_.reserve(room);
    }

    // Moves the values into the digests of their groups.
    void digest() {
        if (values_.empty()) return;
        const std::size_t groups = std::ranges::max(groups_) + 1;
        const auto ends = sort_by_group(groups);
        for (std::size_t group = 0; group < groups; ++group)
            add_to_digest(digest_of(group), values_of(group, ends));
        values_ = {};
        digest_bytes_ = 0;
        for (const Digest& digest : digests_)
            digest_bytes_ += digest.bytes();
    }
    Digest& digest_of(std::size_t group) {
        if (group >= digests_.size()) digests_.resize(group + 1);
        return digests_[group];
    }
    static void add_to_digest(Digest& digest, std::span<Item> values) {
        if constexpr (std::is_same_v<Item, double>) {
            digest.add(values);
        } else {
            std::vector<double> numbers(values.begin(), values.end());
            digest.add(numbers);
        }
    }
    std::span<Item> values_of(std::size_t group, const std::vector<std::size_t>& ends) {
        const std::size_t begin = group == 0 ? 0 : ends[group - 1];
        return {values_.data() + begin, ends[group] - begin};
    }

    void select(std::size_t first, std::size_t last, const std::vector<std::size_t>& ends, Results& results) {
        for (std::size_t group = first; group < last; ++group) {
            const std::span<Item> values = values_of(group, ends);
            const bool is_digested = !digests_.empty() && !digests_[group].empty();
            results.absent[group] = values.empty() && !is_digested;
            if (results.absent[group]) continue;
            if (is_digested) {
                add_to_digest(digests_[group], values);
                results.between[group] = digests_[group].quantile(measure_.level);
                continue;
            }
            if (measure_.kind == Measure::Kind::quantile_exact) {
                results.exact[group] = at_level(values);
            } else {
                results.between[group] = between_levels(values);
            }
        }
    }

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
        // Plain pointers, here and below: the library checks every step of a span's iterators.
        Item* const at = values.data() + std::min(wanted, values.size() - 1);
        std::nth_element(values.data(), at, values.data() + values.size());
        return *at;
    }

    double between_levels(std::span<Item> values) const {
        const double place = measure_.level * static_cast<double>(values.size() - 1);
        const double below = std::floor(place);
        Item* const at = values.data() + static_cast<std::size_t>(below);
        Item* const end = values.data() + values.size();
        std::nth_element(values.data(), at, end);
        const auto low = static_cast<double>(*at);
        if (place == below) return low;
        const auto high = static_cast<double>(*std::min_element(at + 1, end));
        return low + (high - low) * (place - below);
    }

    const Measure& measure_;
    std::size_t values_max_, merged_values_max_;
    std::vector<std::uint32_t> groups_;
    std::vector<Item> values_;
    std::vector<Digest> digests_;  // by group; none as long as the values are few
    std::size_t digest_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Aggregate> make_quantile(const Measure& measure, std::size_t sharing) {
    if (is_whole(measure.argument->type)) return std::make_unique<Quantile<std::int64_t>>(measure, sharing);
    return std::make_unique<Quantile<double>>(measure, sharing);
}

}  // namespace jebi::log_analytics::query
