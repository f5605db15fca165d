#include "modules/log_analytics/store/rows.h"

#include <cassert>
#include <cstring>

#include "modules/log_analytics/store/bytes.h"

namespace jebi::log_analytics {

namespace {

constexpr std::size_t row_head_bytes = 8 + 2;  // ts, how many fields

bool is_kind(std::uint8_t byte) {
    return byte >= static_cast<std::uint8_t>(Kind::text) && byte <= static_cast<std::uint8_t>(Kind::flag);
}

}  // namespace

std::string_view name(Kind kind) {
    switch (kind) {
        case Kind::text:
            return "text";
        case Kind::integer:
            return "integer";
        case Kind::number:
            return "number";
        case Kind::flag:
            return "flag";
    }
    return "";
}

void Rows::begin(WallMs ts_ms) {
    row_begin_ = rows_.size();
    fields_of_row_ = 0;
    ++row_number_;
    append_raw(rows_, ts_ms);
    append_raw(rows_, std::uint16_t{0});
}

void Rows::at(WallMs ts_ms) {
    std::memcpy(rows_.data() + row_begin_, &ts_ms, sizeof ts_ms);
}

bool Rows::text(std::string_view name, std::string_view value) {
    if (value.size() > text_bytes_max || !begin_field(name, Kind::text)) return false;
    append_varint(rows_, value.size());
    rows_ += value;
    return true;
}

bool Rows::integer(std::string_view name, std::int64_t value) {
    if (!begin_field(name, Kind::integer)) return false;
    append_raw(rows_, value);
    return true;
}

bool Rows::number(std::string_view name, double value) {
    if (!begin_field(name, Kind::number)) return false;
    append_raw(rows_, value);
    return true;
}

bool Rows::flag(std::string_view name, bool value) {
    if (!begin_field(name, Kind::flag)) return false;
    rows_ += value ? '\1' : '\0';
    return true;
}

bool Rows::begin_field(std::string_view name, Kind kind) {
    if (name.empty() || name.size() > name_bytes_max || fields_of_row_ == row_fields_max) return false;
    if (name == "ts") name = "_ts";
    const std::uint32_t index = field_of(name, kind);
    std::uint64_t& last_row = name_last_row_[fields_[index].name_id];
    if (last_row == row_number_) return false;
    last_row = row_number_;
    if (fields_of_row_ < order_.size()) {
        order_[fields_of_row_] = index;
    } else {
        order_.push_back(index);
    }
    ++fields_of_row_;
    append_varint(rows_, index);
    return true;
}

std::uint32_t Rows::field_of(std::string_view name, Kind kind) {
    if (fields_of_row_ < order_.size()) {
        const Field& expected = fields_[order_[fields_of_row_]];
        if (expected.kind == kind && expected.name == name) return order_[fields_of_row_];
    }
    std::string key(1, static_cast<char>(kind));
    key += name;
    const auto [at, is_new] = by_name_.try_emplace(std::move(key), 0);
    if (is_new) at->second = add_field(name, kind);
    return at->second;
}

std::uint32_t Rows::add_field(std::string_view name, Kind kind) {
    names_ += static_cast<char>(kind);
    append_varint(names_, name.size());
    names_ += name;
    const auto next_id = static_cast<std::uint32_t>(name_last_row_.size());
    const auto [at, is_new] = name_ids_.try_emplace(std::string(name), next_id);
    if (is_new) name_last_row_.push_back(0);
    fields_.push_back({.name = std::string(name), .kind = kind, .name_id = at->second});
    return static_cast<std::uint32_t>(fields_.size() - 1);
}

void Rows::end() {
    assert(rows_.size() >= row_begin_ + row_head_bytes);
    const auto fields = static_cast<std::uint16_t>(fields_of_row_);
    std::memcpy(rows_.data() + row_begin_ + 8, &fields, sizeof fields);
    ++count_;
}

void Rows::cancel() {
    rows_.resize(row_begin_);
}

void Rows::clear() {
    *this = Rows{};
}

Result<RowsReader> RowsReader::open(std::string_view names, std::string_view rows) {
    RowsReader reader;
    while (!names.empty()) {
        std::uint8_t kind = 0;
        std::string_view text;
        if (!take_raw(names, kind) || !is_kind(kind) || !take_text(names, text) || text.empty())
            return jebi::fail(error(Code::invalid, "The names of a batch are damaged.").because("damaged"));
        reader.names_.push_back({.name = text, .kind = static_cast<Kind>(kind)});
    }
    reader.rest_ = rows;
    return reader;
}

RowsReader RowsReader::of(const Rows& rows) {
    return std::move(*open(rows.names_bytes(), rows.rows_bytes()));
}

bool RowsReader::fail() {
    damaged_ = true;
    rest_ = {};
    return false;
}

bool RowsReader::next() {
    if (rest_.empty()) return false;
    std::uint16_t fields = 0;
    if (!take_raw(rest_, ts_ms_) || !take_raw(rest_, fields)) return fail();
    values_.resize(fields);
    for (Value& value : values_) {
        if (!take_value(value)) return fail();
    }
    return true;
}

bool RowsReader::take_value(Value& value) {
    std::uint64_t index = 0;
    if (!take_varint(rest_, index) || index >= names_.size()) return false;
    value.field = static_cast<std::uint32_t>(index);
    switch (names_[index].kind) {
        case Kind::text:
            return take_text(rest_, value.text);
        case Kind::integer:
            return take_raw(rest_, value.integer);
        case Kind::number:
            return take_raw(rest_, value.number);
        case Kind::flag:
            break;
    }
    std::uint8_t flag = 0;
    if (!take_raw(rest_, flag) || flag > 1) return false;
    value.integer = flag;
    return true;
}

}  // namespace jebi::log_analytics
