// What is to be done for a query: made by the binder, run by the executor. Immutable then, and used by
// several threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kit/base/clock.h"
#include "modules/log_analytics/query/node.h"
#include "modules/log_analytics/query/schema.h"
#include "modules/log_analytics/query/syntax.h"

namespace jebi::log_analytics::query {

// An aggregate of one column of values.
struct Measure {
    enum class Kind : std::uint8_t {
        count,
        sum,
        average,
        smallest,
        largest,
        first,
        distinct,
        quantile,
        quantile_exact
    };
    Kind kind = Kind::count;
    Type type = Type::integer;       // of the result
    std::optional<Node> argument{};  // none: count()
    double level = 0.5;
};

struct Plan {
    struct Output {
        std::string name;
        Node value;
    };
    struct Order {
        Node value;
        bool descending = false;
        bool nulls_first = false;
    };

    std::vector<Field> inputs;  // the columns that the rows' expressions name
    std::vector<Node> where;    // all of them must hold; the cheap ones first

    // A grouped query's outputs, `having` and `order` are over its groups: input i is the i-th key, or,
    // behind the keys, a measure. A plain query's are over its rows.
    bool grouped = false;
    std::vector<Node> keys;
    std::vector<Measure> measures;
    std::optional<Node> having{};
    std::vector<Output> outputs;
    std::vector<Order> order;

    bool leaves_out_nulls = false;  // SELECT *
    bool explain = false;
    std::optional<std::uint64_t> limit{};
    std::uint64_t offset = 0;
    std::string format{};
    std::uint32_t memories = 0;                                // how many nodes there are
    std::shared_ptr<Arena> texts = std::make_shared<Arena>();  // of constants; shared with folded ones
};

struct BindOptions {
    WallMs now_ms;
};

// `query` is what `select` was parsed from, for messages.
Result<Plan> bind(std::string_view query, const Select& select, const Schema& schema,
                  const BindOptions& options);

}  // namespace jebi::log_analytics::query
