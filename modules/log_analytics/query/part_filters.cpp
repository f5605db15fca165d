// Which blocks need not be read: what is known about a block without its rows is asked first.
#include <algorithm>

#include "modules/log_analytics/query/part_reader.h"

namespace jebi::log_analytics::query {

bool PartReader::may_pass(const Node& condition, std::size_t block) const {
    const auto passes = [&](const Node& child) { return may_pass(child, block); };
    switch (condition.operation) {
        case Operation::constant:
            return !condition.is_null() && condition.constant.integer() != 0;
        case Operation::all_of:
            return std::ranges::all_of(condition.children, passes);
        case Operation::any_of:
            return std::ranges::any_of(condition.children, passes);
        case Operation::text_test:
            return may_pass_test(condition, block);
        case Operation::compare:
            return may_pass_comparison(condition, block);
        case Operation::one_of:
            return may_be_among(condition, block);
        default:
            return true;
    }
}

bool PartReader::may_pass_test(const Node& node, std::size_t block) const {
    const Node& text = node.children[0];
    if (text.operation != Operation::input) return true;
    if (stored_[text.input].empty()) return false;  // NULL in every row
    const auto column = only(text.input, Kind::text);
    if (!column) return true;
    const TextTest& test = *node.test;
    const auto may_equal = [&](const std::string& value) { return part_.may_equal(*column, block, value); };
    if (test.kind == TextTest::Kind::equals) return may_equal(test.texts[0]);
    if (test.kind == TextTest::Kind::one_of) return std::ranges::any_of(test.texts, may_equal);
    return test.piece.empty() || part_.may_contain(*column, block, test.piece);
}

std::optional<Part::Range> PartReader::range(const Node& input, std::size_t block) const {
    if (plan_.inputs[input.input].type == Type::time) {
        const auto& info = part_.blocks()[block];
        return Part::Range{info.ts_min, info.ts_max};
    }
    const auto& stored = stored_[input.input];
    if (stored.size() != 1 || stored[0].kind == Kind::text || stored[0].kind == Kind::number)
        return std::nullopt;
    return part_.range(stored[0].column, block);
}

bool PartReader::may_pass_comparison(const Node& node, std::size_t block) const {
    const Node &value = node.children[0], &bound = node.children[1];
    if (value.operation != Operation::input || !bound.is_constant() || bound.is_null() ||
        !is_whole(bound.type))
        return true;
    if (stored_[value.input].empty()) return false;
    const auto known = range(value, block);
    if (!known) return true;
    const std::int64_t wanted = bound.constant.integer();
    switch (node.comparison) {
        case Comparison::equal:
            return known->min <= wanted && wanted <= known->max;
        case Comparison::not_equal:
            return known->min != wanted || known->max != wanted;
        case Comparison::less:
            return known->min < wanted;
        case Comparison::less_or_equal:
            return known->min <= wanted;
        case Comparison::greater:
            return known->max > wanted;
        case Comparison::greater_or_equal:
            return known->max >= wanted;
    }
    return true;
}

bool PartReader::may_be_among(const Node& node, std::size_t block) const {
    const Node& value = node.children[0];
    if (value.operation != Operation::input || node.wholes.empty()) return true;
    if (stored_[value.input].empty()) return false;
    const auto known = range(value, block);
    if (!known) return true;
    const auto first = std::ranges::lower_bound(node.wholes, known->min);
    return first != node.wholes.end() && *first <= known->max;
}

}  // namespace jebi::log_analytics::query
