// SELECT with groups: adds all rows up, then treats the groups as the rows of one small table.
#include <algorithm>
#include <numeric>

#include "modules/log_analytics/query/execute.h"
#include "modules/log_analytics/query/groups.h"
#include "modules/log_analytics/query/value_order.h"

namespace jebi::log_analytics::query {

namespace {

class GroupFrame final : public Frame {
public:
    GroupFrame(const Query& query, Groups& groups)
        : columns_(groups.columns([&query](const auto& work) { query.run(work); })) {
        for (std::uint32_t group = 0; group < groups.count(); ++group)
            if (groups.has_group(group)) selected_.push_back(group);
        if (groups.count() != selected_.size()) gather();
    }
    std::size_t rows() const override { return selected_.size(); }
    Result<Vector> input(std::uint32_t index) override { return columns_[index]; }

    // These of its rows, in this order.
    void narrow(std::vector<std::uint32_t> rows) {
        selected_ = std::move(rows);
        gather();
    }

private:
    void gather() {
        for (auto& column : columns_)
            column = column.gathered(selected_);
    }
    std::vector<Vector> columns_;
    std::vector<std::uint32_t> selected_;
};

// The first groups in the order that is asked for; where that leaves it open, in the order of the keys.
Result<std::vector<std::uint32_t>> first_groups(const Query& query, GroupFrame& frame, Evaluator& evaluator) {
    struct Key {
        Vector values;
        bool descending, nulls_first;
    };
    std::vector<Key> keys;
    for (const auto& order : query.plan.order) {
        TRY(Vector values, evaluator.evaluate(order.value, frame));
        keys.push_back({std::move(values), order.descending, order.nulls_first});
    }
    for (std::uint32_t i = 0; i < query.plan.keys.size(); ++i) {
        TRY(Vector values, frame.input(i));
        keys.push_back({std::move(values), false, false});
    }
    std::vector<std::uint32_t> groups(frame.rows());
    std::iota(groups.begin(), groups.end(), 0U);
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        for (const auto& key : keys) {
            const auto order =
                ordered_for(key.values.value(a), key.values.value(b), key.descending, key.nulls_first);
            if (order != 0) return order < 0;
        }
        return a < b;
    };
    const auto end =
        groups.begin() + static_cast<std::ptrdiff_t>(std::min(rows_wanted(query), groups.size()));
    std::partial_sort(groups.begin(), end, groups.end(), before);
    groups.erase(end, groups.end());
    return groups;
}

Result<void> answer_groups(const Query& query, Groups& groups, Answer& answer) {
    GroupFrame frame(query, groups);
    Evaluator evaluator(query.plan.memories);
    if (query.plan.having) {
        TRY(const Vector flags, evaluator.evaluate(*query.plan.having, frame));
        if (auto places = places_where(flags, frame.rows())) frame.narrow(std::move(*places));
    }
    TRY(auto chosen, first_groups(query, frame, evaluator));
    chosen.resize(rows_answered(query, chosen.size(), answer));
    const std::size_t skipped = std::min<std::size_t>(query.plan.offset, chosen.size());
    chosen.erase(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(skipped));
    frame.narrow(std::move(chosen));
    answer.row_count = frame.rows();
    const auto& outputs = query.plan.outputs;
    std::size_t kept_bytes = 0;
    const std::size_t values = answer.row_count * outputs.size();
    if (!query.monitor.keep(values * sizeof(Value), kept_bytes)) return {};
    answer.values.resize(values);
    const auto texts = std::make_shared<Arena>();
    for (std::size_t column = 0; column < outputs.size(); ++column) {
        TRY(const Vector vector, evaluator.evaluate(outputs[column].value, frame));
        for (std::size_t row = 0; row < answer.row_count; ++row)
            answer.values[row * outputs.size() + column] = kept(vector.value(row), *texts);
    }
    answer.texts.push_back(texts);
    return {};
}

}  // namespace

void run_grouped(const Query& query, Answer& answer) {
    std::vector<std::unique_ptr<Groups>> groups;
    std::vector<Sink*> sinks;
    for (unsigned i = 0; i < query.workers(); ++i) {
        groups.push_back(std::make_unique<Groups>(query.plan));
        sinks.push_back(groups.back().get());
    }
    scan(query, ScanOrder::any, sinks);
    if (!query.monitor.may_go_on()) return;
    for (std::size_t i = 1; i < groups.size(); ++i) {
        groups[0]->merge(*groups[i]);
        groups[i].reset();
    }
    if (const auto done = answer_groups(query, *groups[0], answer); !done) query.monitor.fail(done.error());
}

}  // namespace jebi::log_analytics::query
