// The order of values of one type.
#pragma once

#include <cmath>
#include <compare>

#include "modules/log_analytics/query/value.h"

namespace jebi::log_analytics::query {

// Neither is NULL; both are of one type. Texts by their bytes.
inline std::weak_ordering ordered(const Value& a, const Value& b) {
    if (a.type() == Type::text) return a.text() <=> b.text();
    if (a.type() != Type::number) return a.integer() <=> b.integer();
    if (a.number() < b.number()) return std::weak_ordering::less;
    return a.number() > b.number() ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

// What has no place in the order: NULL, and what is no number.
inline bool is_unordered(const Value& value) {
    return value.is_null() || (value.type() == Type::number && std::isnan(value.number()));
}

// As ORDER BY has them.
inline std::weak_ordering ordered_for(const Value& a, const Value& b, bool descending, bool nulls_first) {
    const bool no_a = is_unordered(a), no_b = is_unordered(b);
    if (no_a || no_b) return nulls_first ? no_b <=> no_a : no_a <=> no_b;
    return descending ? ordered(b, a) : ordered(a, b);
}

}  // namespace jebi::log_analytics::query
