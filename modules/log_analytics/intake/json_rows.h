// JSON objects to rows.
//
// Members of nested objects get names with dots: {"req": {"method": "GET"}} has the field "req.method". An
// array is kept as a text, its compact JSON. null is the same as no such member; so is {}. An integer beyond
// 64 bits is kept as a text with all its digits. An empty key and a doubled one are refused.
//
// The row's time is that of the first of these top-level members that has a time (times.h): ts, timestamp,
// @timestamp, time, _time; else the arrival. They are kept as fields too, but for ts, which the row has
// anyway; a ts that is no time is kept as "_ts".
#pragma once

#include <string>
#include <vector>

#include "kit/base/json_reader.h"
#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

// Shown to a json::Reader. Not thread-safe.
class JsonRows final : public json::Visitor {
public:
    explicit JsonRows(Batch& batch) : batch_(batch), maker_(batch) {}

    // What comes next is an event, or, when `or_array`, an array of them.
    void expect(WallMs arrived, bool or_array = false);
    // The reader has failed in the middle: the event it was in is refused.
    void broken(const Error& error);

    // Instead: what comes next is an object whose members go into the row that maker() has begun and will
    // end; one whose name is there already gets `suffix`, when there is one.
    void expect_fields(std::string_view suffix, bool with_time);
    RowMaker& maker() { return maker_; }

    void begin_object() override;
    void key(std::string_view name) override;
    void end_object() override;
    bool begin_array() override;
    void end_array() override {}
    void array_text(std::string_view compact) override;
    void text(std::string_view value) override;
    void integer(std::int64_t value) override;
    void long_integer(std::string_view digits) override;
    void number(double value) override;
    void flag(bool value) override;
    void null() override;

private:
    void refuse_other(std::string_view kind);
    void refuse(std::string why);
    void begin_event();
    void end_event();
    template <typename Value>
    void put(Value value);
    template <typename Value>
    bool is_row_time(Value value);

    Batch& batch_;
    RowMaker maker_;
    WallMs arrived_ = 0;
    bool array_allowed_ = false;
    bool fields_only_ = false, with_time_ = true;
    std::string suffix_;

    std::size_t depth_ = 0;         // objects that are open
    std::string path_;              // "req." inside of req, and the key of the value that comes next
    std::size_t prefix_bytes_ = 0;  // of path_: "req."; 0 at the top
    std::vector<std::size_t> outer_prefixes_;
    std::string_view name_;      // of the value that comes next
    std::size_t time_rank_ = 0;  // of the time that the event has so far; 0 is the best
};

}  // namespace jebi::log_analytics
