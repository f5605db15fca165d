// Rows on their way from an intake to the disk: a batch in one buffer, which is also what the write-ahead log
// keeps.
//
//     Rows rows;
//     rows.begin(ts_ms);
//     rows.text("path", "/users");
//     rows.integer("status", 200);
//     rows.end();
//
// A row is a time and fields; a field is a name and a value of one of four kinds. A name may stand only once
// in a row. The time's own name is "ts"; a field that is called so too becomes "_ts". The names of a batch
// are kept once, and so is its shape: which fields a row has, in which order. Rows of the shape that the row
// before had, as those of one sender are, are appended without looking names up.
//
// The bytes (version 2; little endian; "varint" is LEB128, "zigzag" one of (i << 1) ^ (i >> 63)):
//     names: for each field, in the order of first use:
//         u8      kind (1 text, 2 integer, 3 number, 4 flag)
//         varint  bytes of the name, and the name
//     shapes: for each, in the order of first use:
//         varint  how many fields; for each: varint index into the names
//     rows: for each row:
//         i64     ts, milliseconds since 1970
//         u32     index into the shapes
//         for each field of the shape, its value:
//             text: varint bytes, and the text    integer: zigzag    number: IEEE 754 binary64    flag: u8 0,
//             1
// The same name with two kinds stands twice among the names.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kit/base/clock.h"
#include "kit/base/result.h"

namespace jebi::log_analytics {

enum class Kind : std::uint8_t { text = 1, integer = 2, number = 3, flag = 4 };
std::string_view name(Kind kind);

// The bounds of one row; what is beyond is refused by intakes with a reason, never cut.
inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t text_bytes_max = 1024 * 1024;
inline constexpr std::size_t row_fields_max = 1'000;

class Rows {
public:
    void begin(WallMs ts_ms);
    // False when the name is empty, too long, or in this row already, the value too long, or the row full;
    // the row is then to be cancelled.
    bool text(std::string_view name, std::string_view value);
    bool integer(std::string_view name, std::int64_t value);
    bool number(std::string_view name, double value);
    bool flag(std::string_view name, bool value);
    // Sets the time of the row that was begun.
    void at(WallMs ts_ms);
    std::size_t fields_of_row() const { return fields_of_row_; }
    void end();
    void cancel();  // forgets the row that was begun

    std::size_t count() const { return count_; }
    std::size_t bytes() const { return names_.size() + shapes_.size() + rows_.size(); }
    bool empty() const { return count_ == 0; }
    std::string_view names_bytes() const { return names_; }
    std::string_view shapes_bytes() const { return shapes_; }
    std::string_view rows_bytes() const { return rows_; }
    void clear();
    // What the rows will take, about; for whoever knows.
    void reserve(std::size_t bytes) { rows_.reserve(bytes); }

private:
    struct Field {
        std::string name;
        Kind kind;
        std::uint64_t last_row = 0;  // in which it was used last, counted from 1
        std::uint32_t name_id = 0;   // the same for the kinds of one name
    };
    bool begin_field(std::string_view name, Kind kind);
    bool begin_other_field(std::string_view name, Kind kind);
    void leave_shape();
    bool note_use(std::uint32_t field);
    std::uint32_t field_of(std::string_view name, Kind kind);
    std::uint32_t add_field(std::string_view name, Kind kind);
    void end_shape();

    std::string names_, shapes_, rows_;
    std::vector<Field> fields_;
    std::unordered_map<std::string, std::uint32_t> by_name_;  // the kind's byte and the name
    std::unordered_map<std::string, std::uint32_t> name_ids_;
    std::vector<std::uint64_t> name_last_row_;  // by name_id
    std::vector<std::uint32_t> expected_;       // the fields of the row before, in their order
    std::uint32_t shape_ = 0;                   // of the row before
    bool in_shape_ = false;             // the row's fields so far are those that the row before began with
    std::vector<std::uint32_t> order_;  // else: the fields of the row
    std::unordered_map<std::string, std::uint32_t> shape_ids_;  // by their bytes
    std::size_t row_begin_ = 0;
    std::size_t fields_of_row_ = 0;
    std::uint64_t row_number_ = 0;
    std::size_t count_ = 0;
};

// Reads a batch; checks everything, as it may come from a damaged disk.
class RowsReader {
public:
    struct Name {
        std::string_view name;
        Kind kind;
    };
    struct Value {
        std::uint32_t field = 0;   // index into names()
        Kind kind = Kind::text;    // of that name
        std::string_view text{};   // for Kind::text
        std::int64_t integer = 0;  // for integer, flag
        double number = 0;         // for number
    };

    // `invalid` when names or shapes are damaged. The bytes outlive the reader.
    static Result<RowsReader> open(std::string_view names, std::string_view shapes, std::string_view rows);
    static RowsReader of(const Rows& rows);

    const std::vector<Name>& names() const { return names_; }
    // The next row; false at the end, or when what follows is no row (then damaged() is true).
    bool next();
    bool damaged() const { return damaged_; }
    WallMs ts_ms() const { return ts_ms_; }
    const std::vector<Value>& values() const { return values_; }

private:
    bool fail();
    bool read_names(std::string_view names);
    bool read_shapes(std::string_view shapes);
    void expect(std::uint32_t shape);
    bool take_value(Value& value);
    std::vector<Name> names_;
    std::vector<std::uint32_t> shape_fields_;  // of all shapes, one behind the other
    std::vector<std::size_t> shape_ends_;      // of each shape in shape_fields_
    std::string_view rest_;
    WallMs ts_ms_ = 0;
    std::uint32_t shape_ = UINT32_MAX;  // that values_ are made for
    std::vector<Value> values_;
    bool damaged_ = false;
};

}  // namespace jebi::log_analytics
