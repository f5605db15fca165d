// Which columns a snapshot has for a query, and of which type.
//
// A name whose values are all of one kind has that type. Integers and numbers together are numbers. Any other
// mix is text, in which integers, numbers and flags stand as JSON writes them (200, 0.5, true).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "modules/log_analytics/query/value.h"
#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics::query {

struct Field {
    std::string name;
    Type type;
    std::vector<Kind> kinds;
};

class Schema {
public:
    explicit Schema(const Snapshot& snapshot);

    const std::vector<Field>& fields() const { return fields_; }  // the time is the first
    const Field* find(std::string_view name) const;
    // May a query name this column although no row has it? In an empty store every name may stand, otherwise
    // the fields that applications usually send; its values are NULL.
    bool may_be_absent(std::string_view name) const;

private:
    std::vector<Field> fields_;
    std::unordered_map<std::string, std::size_t> by_name_;
    bool empty_;
};

}  // namespace jebi::log_analytics::query
