// What an intake made of a body: the rows to keep, and which events it refused and why.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "modules/log_analytics/store/rows.h"

namespace jebi::log_analytics {

struct Refusal {
    std::size_t index;  // of the event in the body, counted from 0
    std::string why;    // a sentence for the sender
};

struct Batch {
    static constexpr std::size_t refusals_max = 100;  // listed; all are counted
    // Of different field names in one body; from there on its events are refused. Keeps a small body from
    // becoming many megabytes of names.
    static constexpr std::size_t names_bytes_max = 256 * 1024;

    // Of rows; from there on events are refused. A body repeats what is common to its events (labels,
    // resources) only once, rows repeat it each.
    static constexpr std::size_t bytes_max = 64 * 1024 * 1024;

    Rows rows;
    std::size_t refused = 0;
    std::vector<Refusal> refusals;
    std::string refused_last;  // why the last one was

    std::size_t events() const { return rows.count() + refused; }
    void refuse(std::string why);
};

// `invalid`, with the first refusal, when nothing in the body was fit to be kept.
Result<void> has_rows(const Batch& batch);

// Makes the rows of a batch, and refuses the row whose fields break a bound of rows.h.
//
//     maker.begin(arrived);
//     maker.add("path", std::string_view{"/users"});
//     maker.end();
//
// After the first thing that is wrong with a row its other fields do not count. Texts are UTF-8. Not
// thread-safe.
class RowMaker {
public:
    explicit RowMaker(Batch& batch) : batch_(batch) {}

    void begin(WallMs arrived);
    void add(std::string_view name, std::string_view value) {
        if (!is_refused() && !batch_.rows.text(name, value)) failed(name, value.size());
    }
    void add(std::string_view name, std::int64_t value) {
        if (!is_refused() && !batch_.rows.integer(name, value)) failed(name, 0);
    }
    void add(std::string_view name, double value) {
        if (!is_refused() && !batch_.rows.number(name, value)) failed(name, 0);
    }
    void add(std::string_view name, bool value) {
        if (!is_refused() && !batch_.rows.flag(name, value)) failed(name, 0);
    }
    // The same for a field that must not clash: when the row has it already, it becomes `name` + `suffix`,
    // and is left out when that is there as well.
    template <typename Value>
    void add_or(std::string_view name, std::string_view suffix, Value value);
    void at(WallMs ts_ms);
    // What is wrong with the row that was begun; the first thing counts.
    void refuse(std::string why);
    bool is_refused() const { return !why_.empty(); }
    // Keeps the row, or refuses it: also when it has no field at all. False: refused.
    bool end();
    // Forgets the row, as if it had not been begun.
    void abandon();

private:
    void failed(std::string_view name, std::size_t value_bytes);
    Batch& batch_;
    std::string why_;
};

// For messages: `text` in quotes, cut after 60 bytes.
std::string quoted(std::string_view text);

}  // namespace jebi::log_analytics
