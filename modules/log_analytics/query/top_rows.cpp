#include "modules/log_analytics/query/top_rows.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "modules/log_analytics/query/value_order.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t slack_min = 256;  // more rows than are wanted before the worst are thrown out

bool is_time(const Plan& plan, const Node& node) {
    return node.operation == Operation::input && plan.inputs[node.input].type == Type::time;
}

}  // namespace

void SharedBound::tighten(std::int64_t value) {
    std::int64_t now = worst;
    while ((is_largest ? value < now : value > now) && !worst.compare_exchange_weak(now, value)) {
    }
}

RowOrder::RowOrder(const Plan& plan_of)
    : plan(plan_of),
      width(plan_of.order.size()),
      newest_first(width > 0 && plan_of.order[0].descending),
      is_by_time(width > 0 && is_time(plan_of, plan_of.order[0].value)) {}

ScanOrder RowOrder::scan_order() const {
    if (width == 0) return ScanOrder::as_taken;
    if (!is_by_time) return ScanOrder::any;
    return newest_first ? ScanOrder::newest_first : ScanOrder::oldest_first;
}

TopRows::TopRows(const RowOrder& order, std::size_t count, SharedBound& bound)
    : order_(order), count_(count), bound_(bound) {}

bool TopRows::wants(const PartReader& reader, std::size_t, std::size_t block) const {
    if (count_ == 0) return false;
    if (order_.width == 0) return !bound_.rules_out(static_cast<std::int64_t>(reader.first_row_of(block)));
    if (!order_.is_by_time) return true;
    const auto& info = reader.part().blocks()[block];
    return !bound_.rules_out(bound_.is_largest ? info.ts_min : info.ts_max);
}

Result<void> TopRows::add(BlockFrame& frame, std::size_t part, Evaluator& evaluator) {
    std::vector<Vector> keys;
    for (const auto& order : order_.plan.order) {
        TRY(Vector vector, evaluator.evaluate(order.value, frame));
        keys.push_back(std::move(vector));
    }
    const std::uint64_t first = frame.reader().first_row_of(frame.block());
    for (std::size_t row = 0; row < frame.rows(); ++row) {
        if (order_.is_by_time && bound_.rules_out(keys[0].whole(row))) continue;
        const std::uint32_t in_block = frame.row_in_block(row);
        if (order_.width == 0 && bound_.rules_out(static_cast<std::int64_t>(first + in_block))) break;
        push({first + in_block, static_cast<std::uint32_t>(part), static_cast<std::uint32_t>(frame.block()),
              in_block},
             keys, row);
    }
    return {};
}

void TopRows::push(const RowPlace& place, const std::vector<Vector>& keys, std::size_t row) {
    places_.push_back(place);
    for (const auto& key : keys) {
        const Value value = key.value(row);
        keys_.push_back(value.type() == Type::text ? Value::text(texts_->keep(value.text())) : value);
    }
    if (places_.size() >= count_ + std::max(count_, slack_min)) keep_best(false);
}

bool TopRows::is_before(std::size_t a, std::size_t b) const {
    for (std::size_t i = 0; i < order_.width; ++i) {
        const auto& order = order_.plan.order[i];
        const auto found = ordered_for(keys_[a * order_.width + i], keys_[b * order_.width + i],
                                       order.descending, order.nulls_first);
        if (found != 0) return found < 0;
    }
    return order_.newest_first ? places_[a].number > places_[b].number
                               : places_[a].number < places_[b].number;
}

// Throws out what cannot be in the answer, and tells the other threads what it takes to get in.
void TopRows::keep_best(bool in_order) {
    std::vector<std::size_t> best(places_.size());
    std::iota(best.begin(), best.end(), std::size_t{0});
    const auto before = [this](std::size_t a, std::size_t b) { return is_before(a, b); };
    const std::size_t count = std::min(count_, best.size());
    if (count < best.size())
        std::nth_element(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(count - 1), best.end(),
                         before);
    if (count == count_ && count > 0) {
        const std::size_t worst = best[count - 1];
        const bool is_last = count < best.size();
        if (is_last && order_.width == 0) bound_.tighten(static_cast<std::int64_t>(places_[worst].number));
        if (is_last && order_.is_by_time) bound_.tighten(keys_[worst * order_.width].integer());
    }
    best.resize(count);
    if (in_order) std::ranges::sort(best, before);
    std::vector<RowPlace> places;
    std::vector<Value> keys;
    auto texts = std::make_unique<Arena>();
    for (const std::size_t i : best) {
        places.push_back(places_[i]);
        for (std::size_t key = i * order_.width; key < (i + 1) * order_.width; ++key) {
            const Value& value = keys_[key];
            keys.push_back(value.type() == Type::text ? Value::text(texts->keep(value.text())) : value);
        }
    }
    places_ = std::move(places);
    keys_ = std::move(keys);
    texts_ = std::move(texts);
}

void TopRows::merge(TopRows& other) {
    places_.insert(places_.end(), other.places_.begin(), other.places_.end());
    for (const auto& value : other.keys_)
        keys_.push_back(value.type() == Type::text ? Value::text(texts_->keep(value.text())) : value);
}

std::vector<RowPlace> TopRows::sorted() {
    if (count_ == 0) return {};
    keep_best(true);
    return std::move(places_);
}

std::size_t TopRows::bytes() const {
    return places_.capacity() * sizeof(RowPlace) + keys_.capacity() * sizeof(Value) + texts_->bytes();
}

}  // namespace jebi::log_analytics::query
