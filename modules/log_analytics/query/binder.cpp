// From what a query says to what is to be done.
#include <algorithm>
#include <unordered_map>

#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/functions.h"
#include "modules/log_analytics/query/measures.h"
#include "modules/log_analytics/query/plan.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t expressions_max = 50'000;  // when aliases are put in

bool has_aggregate(const Expression& expression) {
    if (expression.kind == Expression::Kind::call && is_aggregate(expression.name)) return true;
    return std::ranges::any_of(expression.arguments, has_aggregate);
}

// How many steps a row costs, roughly: cheap conditions come first.
int expense(const Node& node) {
    int own = 1;
    if (node.operation == Operation::text_test) {
        own = node.test->kind == TextTest::Kind::equals || node.test->kind == TextTest::Kind::one_of ? 2 : 20;
    } else if (node.operation == Operation::anywhere) {
        own = 100;
    }
    for (const auto& child : node.children)
        own += expense(child);
    return own;
}

void number_memories(Node& node, std::uint32_t& next) {
    node.memory = next++;
    for (auto& child : node.children)
        number_memories(child, next);
}

std::string_view source_of(std::string_view query, const Expression& expression) {
    return query.substr(expression.begin, expression.end - expression.begin);
}

class Binder {
public:
    Binder(std::string_view query, const Select& select, const Schema& schema, const BindOptions& options)
        : query_(query),
          select_(select),
          schema_(schema),
          binding_(query, *plan_.texts, options.now_ms, text_inputs_) {}

    Result<Plan> plan() {
        plan_.explain = select_.explain;
        plan_.limit = select_.limit;
        plan_.offset = select_.offset;
        plan_.format = select_.format;
        TRY_VOID(collect_aliases());
        plan_.grouped = select_.distinct || !select_.group_by.empty() || uses_aggregates();
        TRY_VOID(where());
        TRY_VOID(keys());
        TRY_VOID(outputs());
        TRY_VOID(having());
        TRY_VOID(order());
        number_all();
        return std::move(plan_);
    }

private:
    using Kind = Expression::Kind;
    enum class Wins : bool { column, alias };

    std::unexpected<Error> wrong(const Expression& at, std::string_view reason, std::string_view what) const {
        return binding_.wrong(at, reason, what);
    }

    // An alias may use those before it.
    Result<void> collect_aliases() {
        for (const auto& [expression, alias] : select_.items) {
            TRY(Expression whole, with_aliases(expression, Wins::column));
            if (!alias.empty()) aliases_.emplace(alias, whole);
            items_.push_back(std::move(whole));
        }
        return {};
    }

    Result<Expression> with_aliases(const Expression& expression, Wins wins) {
        if (++expressions_ > expressions_max)
            return wrong(expression, "too_large", "the query is too large.");
        if (expression.kind == Kind::column) {
            const auto alias = aliases_.find(expression.name);
            const bool hides =
                alias != aliases_.end() && (wins == Wins::alias || !schema_.find(expression.name));
            if (!hides) return expression;
            count(alias->second);
            Expression put = alias->second;
            put.begin = expression.begin;
            put.end = expression.end;
            return put;
        }
        Expression copy = expression;
        const bool aggregate = expression.kind == Kind::call && is_aggregate(expression.name);
        for (auto& argument : copy.arguments) {
            TRY(argument, with_aliases(argument, aggregate ? Wins::column : wins));
            copy.depth = std::max(copy.depth, argument.depth + 1);
        }
        if (copy.depth > depth_max) return wrong(expression, "too_large", "aliases nest too deeply here.");
        return copy;
    }

    void count(const Expression& expression) {
        ++expressions_;
        for (const auto& argument : expression.arguments)
            count(argument);
    }

    bool uses_aggregates() const {
        return std::ranges::any_of(items_, has_aggregate) || select_.having.has_value() ||
               std::ranges::any_of(select_.order_by,
                                   [](const auto& order) { return has_aggregate(order.expression); });
    }

    Result<Node> over_rows(const Expression& expression) {
        switch (expression.kind) {
            case Kind::star:
                return wrong(expression, "syntax", "* can stand only for all columns of a SELECT.");
            case Kind::literal:
            case Kind::interval:
                return binding_.literal(expression);
            case Kind::column:
                return column(expression);
            case Kind::call:
                break;
        }
        if (is_aggregate(expression.name))
            return wrong(expression, "types",
                         quoted(source_of(query_, expression)) +
                             " is an aggregate, which cannot stand here. Expected a value of a row.");
        if (expression.name == "anywhere") collect_text_inputs();
        std::vector<Node> arguments;
        for (const auto& argument : expression.arguments) {
            TRY(Node node, over_rows(argument));
            arguments.push_back(std::move(node));
        }
        return called(expression, std::move(arguments));
    }

    Result<Node> called(const Expression& call, std::vector<Node> arguments) {
        auto made = binding_.call(call, std::move(arguments));
        if (made || made.error().reason != "unknown_function") return made;
        auto names = function_names();
        std::ranges::copy(aggregate_names(), std::back_inserter(names));
        made.error().message += did_you_mean(call.name, names);
        return made;
    }

    Result<Node> column(const Expression& expression) {
        const Field* field = schema_.find(expression.name);
        if (field) return input(*field);
        if (schema_.may_be_absent(expression.name)) return Node{};
        std::vector<std::string_view> names;
        for (const auto& known : schema_.fields())
            names.push_back(known.name);
        for (const auto& [alias, unused] : aliases_)
            names.push_back(alias);
        return wrong(
            expression, "unknown_column",
            "no row has a column " + quoted(expression.name) + "." + did_you_mean(expression.name, names));
    }

    Node input(const Field& field) {
        const auto [at, is_new] =
            inputs_.emplace(field.name, static_cast<std::uint32_t>(plan_.inputs.size()));
        if (is_new) plan_.inputs.push_back(field);
        return {.operation = Operation::input, .type = field.type, .input = at->second};
    }

    void collect_text_inputs() {
        if (!text_inputs_.empty()) return;
        for (const auto& field : schema_.fields())
            if (field.type == Type::text) text_inputs_.push_back(input(field));
    }

    Result<Node> over_groups(const Expression& expression) {
        if (const auto key = keys_.find(spelling(expression)); key != keys_.end())
            return Node{
                .operation = Operation::input, .type = plan_.keys[key->second].type, .input = key->second};
        switch (expression.kind) {
            case Kind::star:
                return wrong(
                    expression, "types",
                    "* cannot stand beside groups. Expected columns of the GROUP BY, or aggregates.");
            case Kind::literal:
            case Kind::interval:
                return binding_.literal(expression);
            case Kind::column:
                return not_grouped(expression);
            case Kind::call:
                break;
        }
        if (is_aggregate(expression.name)) return measure(expression);
        std::vector<Node> arguments;
        for (const auto& argument : expression.arguments) {
            TRY(Node node, over_groups(argument));
            arguments.push_back(std::move(node));
        }
        return called(expression, std::move(arguments));
    }

    std::unexpected<Error> not_grouped(const Expression& expression) {
        if (const auto known = column(expression); !known) return fail(known.error());
        const auto what =
            select_.distinct
                ? " does not stand in the SELECT DISTINCT."
                : " stands neither in the GROUP BY nor in an aggregate, like any(" + expression.name + ").";
        return wrong(expression, "types", quoted(expression.name) + what);
    }

    Result<Node> measure(const Expression& call) {
        const auto [at, is_new] =
            measures_.emplace(spelling(call), static_cast<std::uint32_t>(plan_.measures.size()));
        if (is_new) {
            std::vector<Node> arguments;
            for (const auto& argument : call.arguments) {
                TRY(Node node, over_rows(argument));
                arguments.push_back(std::move(node));
            }
            TRY(Measure made, measure_of(binding_, call, std::move(arguments)));
            plan_.measures.push_back(std::move(made));
        }
        const auto keys = static_cast<std::uint32_t>(plan_.keys.size());
        return Node{.operation = Operation::input,
                    .type = plan_.measures[at->second].type,
                    .input = keys + at->second};
    }

    Result<Node> bound(const Expression& expression) {
        return plan_.grouped ? over_groups(expression) : over_rows(expression);
    }

    Result<void> where() {
        if (!select_.where) return {};
        TRY(const Expression whole, with_aliases(*select_.where, Wins::column));
        TRY(Node node, over_rows(whole));
        TRY(node, condition(binding_, whole, std::move(node)));
        if (node.operation == Operation::all_of) {
            plan_.where = std::move(node.children);
        } else {
            plan_.where.push_back(std::move(node));
        }
        std::ranges::stable_sort(plan_.where, {}, expense);
        return {};
    }

    // The expression that a position or an alias stands for.
    Result<Expression> meant(const Expression& expression) {
        if (expression.kind != Kind::literal || expression.type != Type::integer)
            return with_aliases(expression, Wins::alias);
        const auto position = expression.integer;
        if (position < 1 || static_cast<std::size_t>(position) > items_.size())
            return wrong(expression, "types",
                         "there is no column " + std::to_string(position) + " in the SELECT, which has " +
                             std::to_string(items_.size()) + ".");
        return items_[static_cast<std::size_t>(position) - 1];
    }

    Result<void> add_key(const Expression& expression) {
        if (has_aggregate(expression))
            return wrong(expression, "types", "an aggregate cannot be a group. Expected a value of a row.");
        const auto at = static_cast<std::uint32_t>(plan_.keys.size());
        if (!keys_.emplace(spelling(expression), at).second) return {};
        TRY(Node node, over_rows(expression));
        plan_.keys.push_back(std::move(node));
        return {};
    }

    Result<void> keys() {
        if (select_.distinct) return distinct_keys();
        for (const auto& expression : select_.group_by) {
            TRY(const Expression key, meant(expression));
            TRY_VOID(add_key(key));
        }
        return {};
    }

    // SELECT DISTINCT a, b is SELECT a, b ... GROUP BY a, b.
    Result<void> distinct_keys() {
        if (!select_.group_by.empty() || std::ranges::any_of(items_, has_aggregate))
            return wrong(items_[0], "syntax",
                         "DISTINCT cannot stand beside GROUP BY or aggregates: groups are distinct already.");
        std::vector<Expression> items;
        for (const auto& item : items_) {
            if (item.kind != Kind::star) {
                items.push_back(item);
                continue;
            }
            for (const auto& field : schema_.fields())
                items.push_back(
                    {.kind = Kind::column, .begin = item.begin, .end = item.end, .name = field.name});
        }
        for (const auto& item : items)
            TRY_VOID(add_key(item));
        return {};
    }

    Result<void> outputs() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const auto& alias = select_.items[i].alias;
            if (items_[i].kind == Kind::star && (!plan_.grouped || select_.distinct)) {
                plan_.leaves_out_nulls = true;
                TRY_VOID(all_columns(items_[i]));
                continue;
            }
            TRY(Node node, bound(items_[i]));
            add_output(alias.empty() ? std::string(source_of(query_, select_.items[i].expression)) : alias,
                       std::move(node));
        }
        return {};
    }

    Result<void> all_columns(const Expression& star) {
        for (const auto& field : schema_.fields()) {
            TRY(Node node,
                bound({.kind = Kind::column, .begin = star.begin, .end = star.end, .name = field.name}));
            add_output(field.name, std::move(node));
        }
        return {};
    }

    // JSON objects want unlike names.
    void add_output(std::string name, Node value) {
        std::string unlike = name;
        for (std::size_t i = 2; !names_.emplace(unlike, true).second; ++i)
            unlike = name + "_" + std::to_string(i);
        plan_.outputs.push_back({std::move(unlike), std::move(value)});
    }

    Result<void> having() {
        if (!select_.having) return {};
        TRY(const Expression whole, with_aliases(*select_.having, Wins::alias));
        TRY(Node node, over_groups(whole));
        TRY(plan_.having, condition(binding_, whole, std::move(node)));
        return {};
    }

    Result<void> order() {
        for (const auto& [expression, descending, nulls_first] : select_.order_by) {
            TRY(const Expression whole, meant(expression));
            TRY(Node node, bound(whole));
            plan_.order.push_back({std::move(node), descending, nulls_first});
        }
        return {};
    }

    void number_all() {
        std::uint32_t next = 0;
        for (auto& node : plan_.where)
            number_memories(node, next);
        for (auto& node : plan_.keys)
            number_memories(node, next);
        for (auto& measure : plan_.measures)
            if (measure.argument) number_memories(*measure.argument, next);
        if (plan_.having) number_memories(*plan_.having, next);
        for (auto& output : plan_.outputs)
            number_memories(output.value, next);
        for (auto& order : plan_.order)
            number_memories(order.value, next);
        plan_.memories = next;
    }

    std::string_view query_;
    const Select& select_;
    const Schema& schema_;
    Plan plan_;
    std::vector<Node> text_inputs_;
    Binding binding_;
    std::unordered_map<std::string, Expression> aliases_;
    std::vector<Expression> items_;  // of the SELECT, with aliases put in
    std::unordered_map<std::string, std::uint32_t> inputs_, keys_, measures_;  // by name or spelling
    std::unordered_map<std::string, bool> names_;
    std::size_t expressions_ = 0;
};

}  // namespace

Result<Plan> bind(std::string_view query, const Select& select, const Schema& schema,
                  const BindOptions& options) {
    return Binder(query, select, schema, options).plan();
}

}  // namespace jebi::log_analytics::query
