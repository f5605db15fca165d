#include "modules/log_analytics/store/rows.h"

#include <cassert>
#include <cstring>
#include <utility>

#include "modules/log_analytics/store/bytes.h"
#include "modules/log_analytics/store/equal.h"

namespace jebi::log_analytics {

namespace {

constexpr std::size_t row_head_bytes = 8 + 4;  // ts, shape

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
    in_shape_ = true;
    append_raw(rows_, ts_ms);
    append_raw(rows_, std::uint32_t{0});
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
    append_zigzag(rows_, value);
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
    if (name == "ts") name = "_ts";
    if (in_shape_ && fields_of_row_ < expected_.size()) {
        const Field& expected = fields_[expected_[fields_of_row_]];
        if (expected.kind == kind && is_equal(expected.name, name)) {
            ++fields_of_row_;
            return true;
        }
    }
    return begin_other_field(name, kind);
}

bool Rows::begin_other_field(std::string_view name, Kind kind) {
    if (name.empty() || name.size() > name_bytes_max || fields_of_row_ == row_fields_max) return false;
    if (in_shape_) leave_shape();
    const std::uint32_t field = field_of(name, kind);
    if (!note_use(field)) return false;
    order_.push_back(field);
    ++fields_of_row_;
    return true;
}

// The row has other fields than the row before: from here on it must be seen whether a name stands twice.
void Rows::leave_shape() {
    in_shape_ = false;
    ++row_number_;
    order_.assign(expected_.begin(), expected_.begin() + static_cast<std::ptrdiff_t>(fields_of_row_));
    for (const std::uint32_t field : order_)
        note_use(field);
}

// False: the row has the name already.
bool Rows::note_use(std::uint32_t field) {
    std::uint64_t& last_row = name_last_row_[fields_[field].name_id];
    return std::exchange(last_row, row_number_) != row_number_;
}

std::uint32_t Rows::field_of(std::string_view name, Kind kind) {
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
    if (!in_shape_ || fields_of_row_ < expected_.size() || count_ == 0) end_shape();
    std::memcpy(rows_.data() + row_begin_ + 8, &shape_, sizeof shape_);
    ++count_;
}

void Rows::end_shape() {
    if (in_shape_) leave_shape();
    std::string bytes;
    append_varint(bytes, order_.size());
    for (const std::uint32_t field : order_)
        append_varint(bytes, field);
    const auto next_id = static_cast<std::uint32_t>(shape_ids_.size());
    const auto [at, is_new] = shape_ids_.try_emplace(bytes, next_id);
    if (is_new) shapes_ += bytes;
    shape_ = at->second;
    expected_ = order_;
}

void Rows::cancel() {
    rows_.resize(row_begin_);
}

void Rows::clear() {
    *this = Rows{};
}

Result<RowsReader> RowsReader::open(std::string_view names, std::string_view shapes, std::string_view rows) {
    RowsReader reader;
    if (!reader.read_names(names) || !reader.read_shapes(shapes))
        return jebi::fail(error(Code::invalid, "The names of a batch are damaged.").because("damaged"));
    reader.rest_ = rows;
    return reader;
}

bool RowsReader::read_names(std::string_view names) {
    while (!names.empty()) {
        std::uint8_t kind = 0;
        std::string_view text;
        if (!take_raw(names, kind) || !is_kind(kind) || !take_text(names, text) || text.empty()) return false;
        names_.push_back({.name = text, .kind = static_cast<Kind>(kind)});
    }
    return true;
}

bool RowsReader::read_shapes(std::string_view shapes) {
    while (!shapes.empty()) {
        std::uint64_t fields = 0;
        if (!take_varint(shapes, fields) || fields > row_fields_max) return false;
        for (std::uint64_t i = 0; i < fields; ++i) {
            std::uint64_t field = 0;
            if (!take_varint(shapes, field) || field >= names_.size()) return false;
            shape_fields_.push_back(static_cast<std::uint32_t>(field));
        }
        shape_ends_.push_back(shape_fields_.size());
    }
    return true;
}

RowsReader RowsReader::of(const Rows& rows) {
    return std::move(*open(rows.names_bytes(), rows.shapes_bytes(), rows.rows_bytes()));
}

bool RowsReader::fail() {
    damaged_ = true;
    rest_ = {};
    return false;
}

bool RowsReader::next() {
    if (rest_.empty()) return false;
    std::uint32_t shape = 0;
    if (!take_raw(rest_, ts_ms_) || !take_raw(rest_, shape) || shape >= shape_ends_.size()) return fail();
    if (shape != shape_) expect(shape);
    for (Value& value : values_) {
        if (!take_value(value)) return fail();
    }
    return true;
}

void RowsReader::expect(std::uint32_t shape) {
    shape_ = shape;
    const std::size_t begin = shape == 0 ? 0 : shape_ends_[shape - 1];
    values_.resize(shape_ends_[shape] - begin);
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const std::uint32_t field = shape_fields_[begin + i];
        values_[i] = {.field = field, .kind = names_[field].kind};
    }
}

bool RowsReader::take_value(Value& value) {
    switch (value.kind) {
        case Kind::text:
            return take_text(rest_, value.text);
        case Kind::integer:
            return take_zigzag(rest_, value.integer);
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
