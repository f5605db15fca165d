#include "modules/log_analytics/query/query.h"

#include <algorithm>
#include <exception>

#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/execute.h"
#include "modules/log_analytics/query/explain.h"
#include "modules/log_analytics/query/plan.h"

namespace jebi::log_analytics::query {

namespace {

Result<Plan> planned(const Snapshot& snapshot, std::string_view sql, WallMs now_ms) {
    TRY(const Select select, parse(sql));
    const std::uint64_t wanted = select.limit.value_or(0);
    if (wanted > rows_most || select.offset > rows_most || wanted + select.offset > rows_most)
        return fail(complaint(sql, 0, "too_large",
                              "LIMIT and OFFSET reach to row " + std::to_string(rows_most) +
                                  " at most. Ask for later rows by WHERE."));
    return bind(sql, select, Schema(snapshot), {.now_ms = now_ms});
}

void count(const Snapshot& snapshot, AnswerCost& cost) {
    cost.parts = snapshot.parts.size();
    for (const auto& part : snapshot.parts) {
        cost.blocks += part->blocks().size();
        cost.rows += part->rows();
    }
}

std::uint64_t highest_row(const Snapshot& snapshot, std::uint64_t after_row) {
    std::uint64_t highest = after_row;
    for (const auto& part : snapshot.parts)
        if (part->rows() > 0) highest = std::max(highest, part->first_row() + part->rows() - 1);
    return highest;
}

// SELECT *: what no row of the answer has is left out.
void remove_empty_columns(Answer& answer) {
    std::vector<std::size_t> kept;
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        for (std::size_t row = 0; row < answer.row_count; ++row) {
            if (answer.at(row, column).is_null()) continue;
            kept.push_back(column);
            break;
        }
    }
    if (kept.size() == answer.columns.size()) return;
    std::vector<Answer::Column> columns;
    for (const std::size_t column : kept)
        columns.push_back(answer.columns[column]);
    std::vector<Value> values;
    values.reserve(answer.row_count * kept.size());
    for (std::size_t row = 0; row < answer.row_count; ++row)
        for (const std::size_t column : kept)
            values.push_back(answer.at(row, column));
    answer.columns = std::move(columns);
    answer.values = std::move(values);
}

Result<Answer> answered(const Snapshot& snapshot, const Plan& plan, const QueryOptions& options) {
    Monitor monitor(options);
    const Query query{plan, snapshot, options, monitor};
    if (plan.explain) {
        Answer answer = explained(query);
        count(snapshot, answer.cost);
        return answer;
    }
    Answer answer{.leaves_out_nulls = plan.leaves_out_nulls, .format = plan.format};
    for (const auto& output : plan.outputs)
        answer.columns.push_back({output.name, output.value.type});
    answer.row_highest = highest_row(snapshot, options.after_row);
    if (plan.grouped) {
        run_grouped(query, answer);
    } else {
        run_plain(query, answer);
    }
    TRY_VOID(monitor.result());
    if (plan.leaves_out_nulls) remove_empty_columns(answer);
    answer.cost = monitor.cost();
    count(snapshot, answer.cost);
    answer.damaged = snapshot.damaged;
    std::ranges::copy(monitor.damaged(), std::back_inserter(answer.damaged));
    return answer;
}

}  // namespace

void Query::run(const std::function<void(unsigned)>& work) const {
    const auto guarded = [&](unsigned worker) {
        try {
            work(worker);
        } catch (const std::exception& thrown) {  // no memory
            monitor.fail(error(Code::exhausted, "The query ran out of memory.").detailed(thrown.what()));
        }
    };
    if (options.threads) return options.threads->run(workers(), guarded);
    guarded(0);
}

std::size_t rows_wanted(const Query& query) {
    const std::uint64_t limit = query.plan.limit.value_or(std::min(query.options.rows_max, rows_most) + 1);
    return static_cast<std::size_t>(limit + query.plan.offset);
}

std::size_t rows_answered(const Query& query, std::size_t found, Answer& answer) {
    answer.cut = !query.plan.limit && found == rows_wanted(query);
    return answer.cut ? found - 1 : found;
}

Result<Answer> run(const Snapshot& snapshot, std::string_view sql, const QueryOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    TRY(const Plan plan, planned(snapshot, sql, options.now_ms));
    TRY(Answer answer, answered(snapshot, plan, options));
    answer.cost.ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    return answer;
}

Result<void> check(const Snapshot& snapshot, std::string_view sql) {
    TRY_VOID(planned(snapshot, sql, 0));
    return {};
}

}  // namespace jebi::log_analytics::query
