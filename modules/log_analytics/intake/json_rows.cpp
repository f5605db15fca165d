#include "modules/log_analytics/intake/json_rows.h"

#include <array>
#include <utility>

#include "modules/log_analytics/intake/times.h"

namespace jebi::log_analytics {

namespace {

constexpr std::array<std::string_view, 5> time_names{"ts", "timestamp", "@timestamp", "time", "_time"};
constexpr std::size_t no_time = time_names.size();

// Its place in time_names; most names are told by their length alone.
std::size_t time_rank(std::string_view name) {
    switch (name.size()) {
        case 2:
            return name == time_names[0] ? 0 : no_time;
        case 9:
            return name == time_names[1] ? 1 : no_time;
        case 10:
            return name == time_names[2] ? 2 : no_time;
        case 4:
            return name == time_names[3] ? 3 : no_time;
        case 5:
            return name == time_names[4] ? 4 : no_time;
        default:
            return no_time;
    }
}

}  // namespace

void JsonRows::expect(WallMs arrived, bool or_array) {
    arrived_ = arrived;
    array_allowed_ = or_array;
    fields_only_ = false;
    with_time_ = true;
    suffix_.clear();
    depth_ = 0;
}

void JsonRows::expect_fields(std::string_view suffix, bool with_time) {
    expect(0);
    fields_only_ = true;
    with_time_ = with_time;
    suffix_ = suffix;
}

void JsonRows::broken(const Error& error) {
    if (fields_only_ || depth_ == 0) return refuse(error.message);
    depth_ = 0;
    maker_.refuse(error.message);
    maker_.end();
}

void JsonRows::refuse(std::string why) {
    if (fields_only_) return maker_.refuse(std::move(why));
    batch_.refuse(std::move(why));
}

void JsonRows::refuse_other(std::string_view kind) {
    refuse("A log event is a JSON object; this is " + std::string(kind) + ".");
}

void JsonRows::begin_event() {
    prefix_bytes_ = 0;
    outer_prefixes_.clear();
    time_rank_ = no_time;
    if (!fields_only_) maker_.begin(arrived_);
}

void JsonRows::end_event() {
    if (!fields_only_) maker_.end();
}

void JsonRows::begin_object() {
    if (depth_++ == 0) return begin_event();
    outer_prefixes_.push_back(prefix_bytes_);
    if (prefix_bytes_ == 0) path_ = name_;
    path_ += '.';
    prefix_bytes_ = path_.size();
}

void JsonRows::key(std::string_view name) {
    if (name.empty()) maker_.refuse("A field's name is empty.");
    name_ = name;
    if (prefix_bytes_ == 0) return;
    path_.resize(prefix_bytes_);
    path_ += name;
    name_ = path_;
}

void JsonRows::end_object() {
    if (--depth_ == 0) return end_event();
    prefix_bytes_ = outer_prefixes_.back();
    outer_prefixes_.pop_back();
}

bool JsonRows::begin_array() {
    return depth_ == 0 && std::exchange(array_allowed_, false);
}

// Takes the value for the row's time when it is one and no better one was there. True: the field is not kept.
template <typename Value>
bool JsonRows::is_row_time(Value value) {
    if (prefix_bytes_ != 0 || !with_time_) return false;
    const std::size_t rank = time_rank(name_);
    if (rank >= time_rank_) return false;
    const auto time = time_of(value);
    if (!time || maker_.is_refused()) return false;
    time_rank_ = rank;
    maker_.at(*time);
    return rank == 0;
}

template <typename Value>
void JsonRows::put(Value value) {
    if (suffix_.empty()) return maker_.add(name_, value);
    maker_.add_or(name_, suffix_, value);
}

void JsonRows::array_text(std::string_view compact) {
    if (depth_ == 0) return refuse_other("an array");
    put(compact);
}

void JsonRows::text(std::string_view value) {
    if (depth_ == 0) return refuse_other("a text");
    if (!is_row_time(value)) put(value);
}

void JsonRows::integer(std::int64_t value) {
    if (depth_ == 0) return refuse_other("a number");
    if (!is_row_time(value)) put(value);
}

void JsonRows::long_integer(std::string_view digits) {
    if (depth_ == 0) return refuse_other("a number");
    put(digits);
}

void JsonRows::number(double value) {
    if (depth_ == 0) return refuse_other("a number");
    if (!is_row_time(value)) put(value);
}

void JsonRows::flag(bool value) {
    if (depth_ == 0) return refuse_other("true or false");
    put(value);
}

void JsonRows::null() {
    if (depth_ == 0) refuse_other("null");
}

}  // namespace jebi::log_analytics
