#include "modules/log_analytics/query/explain.h"

#include <algorithm>

#include "modules/log_analytics/query/top_rows.h"

namespace jebi::log_analytics::query {

namespace {

class Lines {
public:
    void add(std::string_view line) { answer_.values.push_back(Value::text(texts_->keep(line))); }
    Answer answer() {
        answer_.columns = {{"plan", Type::text}};
        answer_.row_count = answer_.values.size();
        answer_.texts.push_back(texts_);
        return std::move(answer_);
    }

private:
    Answer answer_;
    std::shared_ptr<Arena> texts_ = std::make_shared<Arena>();
};

std::string counted(std::size_t count, std::string_view what) {
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string blocks_line(const Query& query) {
    std::size_t all = 0, left = 0;
    for (const auto& part : query.snapshot.parts) {
        const PartReader reader(query.plan, *part);
        all += part->blocks().size();
        for (std::size_t block = 0; block < part->blocks().size(); ++block) {
            const bool may_pass = std::ranges::all_of(
                query.plan.where, [&](const Node& condition) { return reader.may_pass(condition, block); });
            if (may_pass) ++left;
        }
    }
    return "Look at " + std::to_string(left) + " of " + counted(all, "block") + " in " +
           counted(query.snapshot.parts.size(), "part") +
           (left < all ? "; times, ranges and filters rule out the others." : ".");
}

std::string columns_line(const Plan& plan) {
    if (plan.inputs.empty()) return "Read no column.";
    std::string line = "Read";
    for (const auto& input : plan.inputs)
        line += (line.size() > 4 ? ", " : " ") + input.name + " (" + std::string(name(input.type)) + ")";
    return line + ".";
}

std::string order_line(const RowOrder& order) {
    switch (order.scan_order()) {
        case ScanOrder::as_taken:
            return "Take rows in the order of their arrival, until there are enough.";
        case ScanOrder::newest_first:
            return "Begin with the newest blocks; leave out those that are too old to get in.";
        case ScanOrder::oldest_first:
            return "Begin with the oldest blocks; leave out those that are too new to get in.";
        default:
            return "Keep the first rows in the order asked for.";
    }
}

}  // namespace

Answer explained(const Query& query) {
    const Plan& plan = query.plan;
    Lines lines;
    lines.add(blocks_line(query));
    lines.add(columns_line(plan));
    if (!plan.where.empty())
        lines.add("Keep the rows that pass " + counted(plan.where.size(), "condition") +
                  ", the cheapest first.");
    if (plan.grouped) {
        lines.add("Group by " + counted(plan.keys.size(), "expression") + ", with " +
                  counted(plan.measures.size(), "aggregate") + ".");
        if (plan.having) lines.add("Keep the groups that pass HAVING.");
        lines.add(plan.order.empty() ? "Order the groups by their keys." : "Order the groups as asked for.");
    } else {
        lines.add(order_line(RowOrder(plan)));
        lines.add("Then read what is answered of those rows alone.");
    }
    const std::uint64_t rows = plan.limit.value_or(query.options.rows_max);
    lines.add("Answer at most " + counted(static_cast<std::size_t>(rows), "row") +
              (plan.limit ? "." : ", as there is no LIMIT."));
    return lines.answer();
}

}  // namespace jebi::log_analytics::query
