// What a query reads: the rows as parts of blocks of columns, the same face for a segment on the disk and for
// the tail in memory.
//
// Rows have a number, counted from 1 in the order in which they were taken; it never changes. A Snapshot is
// the rows at one moment: parts in the order of their rows, without gaps but for what retention or damage
// took. A part is a run of rows in blocks of at most `block_rows_max`. A column is a name with one kind; a
// name whose values are of several kinds has several columns, of which a row has at most one. A row without a
// value is absent in the column.
//
// Everything here is immutable and thread-safe; what a block's spans refer to lives as long as the block.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "modules/log_analytics/store/rows.h"

namespace jebi::log_analytics {

inline constexpr std::uint32_t block_rows_max = 8'192;
// Every row has it, an integer: the event's time in milliseconds since 1970. Always column 0 of a part.
inline constexpr std::string_view time_column = "ts";

// Texts by code, 1 to size(). Code 0 stands for "absent" and has no text.
class Dictionary {
public:
    static constexpr std::uint32_t page_bits = 13, page_size = 1U << page_bits;

    std::uint32_t size() const { return size_; }
    std::string_view text(std::uint32_t code) const {
        return pages_[(code - 1) >> page_bits][(code - 1) & (page_size - 1)];
    }

    // `pages` of page_size texts each but for the last; `owner` keeps them alive.
    Dictionary(std::vector<const std::string_view*> pages, std::uint32_t size,
               std::shared_ptr<const void> owner)
        : pages_(std::move(pages)), size_(size), owner_(std::move(owner)) {}

private:
    std::vector<const std::string_view*> pages_;
    std::uint32_t size_;
    std::shared_ptr<const void> owner_;  // shared with the tail or segment that the texts lie in
};

// A column's values in one block.
struct TextBlock {
    std::span<const std::uint32_t> codes;          // a code for each row
    std::shared_ptr<const Dictionary> dictionary;  // of the whole part, or of this block alone
    // For a block whose dictionary is its own and in which code i+1, or 0 where absent, stands in row i: the
    // texts in their order, each followed by a zero byte that is not part of it, so that one search covers
    // them all. Empty otherwise.
    std::string_view joined{};
    std::shared_ptr<const void> owner{};
};
struct IntegerBlock {  // also of flags: 0 and 1
    std::span<const std::int64_t> values;
    std::span<const std::uint64_t> present{};  // a bit for each row, lowest first; empty: all are present
    std::shared_ptr<const void> owner{};
};
struct NumberBlock {
    std::span<const double> values;
    std::span<const std::uint64_t> present{};
    std::shared_ptr<const void> owner{};
};
inline bool is_present(std::span<const std::uint64_t> bits, std::uint32_t row) {
    return bits.empty() || ((bits[row / 64] >> (row % 64)) & 1U) != 0;
}

struct Column {
    std::string name;
    Kind kind;
};

struct BlockInfo {
    std::uint32_t rows;
    WallMs ts_min, ts_max;
};

// What a query has cost so far; added to from several threads.
struct Cost {
    std::uint64_t parts = 0, blocks = 0, rows = 0, bytes = 0;
    void add(const Cost& other) {
        parts += other.parts, blocks += other.blocks, rows += other.rows, bytes += other.bytes;
    }
};

// Errors of all reads: `internal` with the reason "damaged" and a message that names the file. Then the other
// blocks can still be read.
class Part {
public:
    virtual ~Part() = default;

    virtual std::uint64_t first_row() const = 0;
    virtual std::uint64_t rows() const = 0;
    virtual std::span<const BlockInfo> blocks() const = 0;
    virtual std::span<const Column> columns() const = 0;  // 0 is the time
    virtual bool is_on_disk() const = 0;

    // `column` is an index into columns(), of a fitting kind; `block` into blocks(). `bytes` grows by what
    // was read from the disk.
    virtual Result<TextBlock> texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const = 0;
    virtual Result<IntegerBlock> integers(std::size_t column, std::size_t block,
                                          std::uint64_t& bytes) const = 0;
    virtual Result<NumberBlock> numbers(std::size_t column, std::size_t block,
                                        std::uint64_t& bytes) const = 0;

    // The dictionary that all of the column's blocks share; null when each block has its own.
    virtual Result<std::shared_ptr<const Dictionary>> dictionary(std::size_t column,
                                                                 std::uint64_t& bytes) const = 0;
    // How many rows have each code of that dictionary (counts[0]: absent); empty when that is not known.
    virtual std::span<const std::uint32_t> counts(std::size_t column) const = 0;

    // False only when no row of the block has exactly this text in this column.
    virtual bool may_equal(std::size_t column, std::size_t block, std::string_view text) const = 0;
    // False only when no row of the block has a text with this in it.
    virtual bool may_contain(std::size_t column, std::size_t block, std::string_view piece) const = 0;
    // The smallest and largest value of an integer or flag column in the block; nothing when not known.
    struct Range {
        std::int64_t min, max;
    };
    virtual std::optional<Range> range(std::size_t column, std::size_t block) const = 0;

    // The column of that name and kind; nothing when the part has none.
    std::optional<std::size_t> find(std::string_view name, Kind kind) const;
};

struct Snapshot {
    std::vector<std::shared_ptr<const Part>> parts;  // in the order of their rows; the newest last
    std::vector<std::string> damaged;  // what is known to be missing or unreadable: file and why

    // All columns of all parts, each name and kind once, in the order of their first use.
    std::vector<Column> columns() const;
};

}  // namespace jebi::log_analytics
