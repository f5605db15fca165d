#include "modules/log_analytics/store/segment_format.h"

#include <algorithm>

#include "modules/log_analytics/store/bytes.h"

namespace jebi::log_analytics {

namespace {

enum ColumnFlags : std::uint8_t { one_dictionary = 1 };
constexpr std::uint64_t blocks_max = 1'000'000, columns_max = 1'000'000;

bool has_range(Kind kind) {
    return kind == Kind::integer || kind == Kind::flag;
}

void append_chunk(std::string& out, const Chunk& chunk) {
    append_varint(out, chunk.bytes);
    if (chunk.bytes == 0) return;
    append_raw(out, chunk.at);
    append_varint(out, chunk.raw_bytes);
    append_raw(out, chunk.hash);
}

void append_dictionary(std::string& out, const SegmentColumn& column) {
    append_varint(out, column.texts);
    append_chunk(out, column.dictionary);
    out += column.counts.empty() ? '\0' : '\1';
    for (const std::uint32_t count : column.counts)
        append_varint(out, count);
}

void append_column(std::string& out, const Column& name, const SegmentColumn& column) {
    append_text(out, name.name);
    out += static_cast<char>(name.kind);
    out += column.has_dictionary ? static_cast<char>(one_dictionary) : '\0';
    if (column.has_dictionary) append_dictionary(out, column);
    out += column.filters.bytes > 0 ? '\1' : '\0';
    if (column.filters.bytes > 0) append_chunk(out, column.filters);
    for (const SegmentBlock& block : column.blocks) {
        append_chunk(out, block.chunk);
        if (!has_range(name.kind) || block.chunk.bytes == 0) continue;
        append_raw(out, block.range.min);
        append_raw(out, block.range.max);
    }
}

// Reads a footer; every step answers whether the bytes were right.
class FooterReader {
public:
    FooterReader(std::string_view bytes, SegmentFooter& footer) : rest_(bytes), footer_(footer) {}

    bool read() {
        SegmentSpan& span = footer_.span;
        if (!take_raw(rest_, span.first_row) || !take_raw(rest_, span.rows)) return false;
        if (!take_raw(rest_, span.first_group) || !take_raw(rest_, span.last_group)) return false;
        return read_blocks() && read_columns() && rest_.empty();
    }

private:
    bool read_blocks() {
        std::uint64_t count = 0, sum = 0;
        if (!take_varint(rest_, count) || count > blocks_max) return false;
        for (std::uint64_t i = 0; i < count; ++i) {
            std::uint32_t rows = 0;
            BlockInfo block{};
            if (!take_small(rows, block_rows_max) || rows == 0) return false;
            if (!take_raw(rest_, block.ts_min) || !take_raw(rest_, block.ts_max)) return false;
            block.rows = rows;
            sum += rows;
            footer_.blocks.push_back(block);
        }
        return sum == footer_.span.rows;
    }

    bool read_columns() {
        std::uint64_t count = 0;
        if (!take_varint(rest_, count) || count == 0 || count > columns_max) return false;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (!read_column()) return false;
        }
        return footer_.names[0].name == time_column && footer_.names[0].kind == Kind::integer;
    }

    bool read_column() {
        std::string_view name;
        std::uint8_t kind = 0, flags = 0, filtered = 0;
        if (!take_text(rest_, name) || name.empty() || !take_raw(rest_, kind) || !take_raw(rest_, flags))
            return false;
        if (kind < 1 || kind > 4 || flags > one_dictionary) return false;
        footer_.names.push_back({.name = std::string(name), .kind = static_cast<Kind>(kind)});
        SegmentColumn& column = footer_.columns.emplace_back();
        column.has_dictionary = flags == one_dictionary;
        if (column.has_dictionary && (static_cast<Kind>(kind) != Kind::text || !read_dictionary(column)))
            return false;
        if (!take_raw(rest_, filtered) || filtered > 1) return false;
        if (filtered == 1 && !take_chunk(column.filters)) return false;
        column.blocks.resize(footer_.blocks.size());
        return std::ranges::all_of(column.blocks, [&](SegmentBlock& block) {
            return take_chunk(block.chunk) &&
                   (!has_range(static_cast<Kind>(kind)) || block.chunk.bytes == 0 ||
                    (take_raw(rest_, block.range.min) && take_raw(rest_, block.range.max)));
        });
    }

    bool read_dictionary(SegmentColumn& column) {
        std::uint8_t counted = 0;
        if (!take_small(column.texts, UINT32_MAX - 1) || !take_chunk(column.dictionary)) return false;
        if (!take_raw(rest_, counted) || counted > 1) return false;
        if (counted == 0) return true;
        if (column.texts > counted_texts_max) return false;
        column.counts.resize(column.texts + 1);
        return std::ranges::all_of(column.counts,
                                   [&](std::uint32_t& count) { return take_small(count, UINT32_MAX); });
    }

    bool take_small(std::uint32_t& value, std::uint64_t max) {
        std::uint64_t wide = 0;
        if (!take_varint(rest_, wide) || wide > max) return false;
        value = static_cast<std::uint32_t>(wide);
        return true;
    }

    bool take_chunk(Chunk& chunk) {
        if (!take_small(chunk.bytes, chunk_bytes_max)) return false;
        if (chunk.bytes == 0) return true;
        return take_raw(rest_, chunk.at) && take_small(chunk.raw_bytes, chunk_bytes_max) &&
               take_raw(rest_, chunk.hash);
    }

    std::string_view rest_;
    SegmentFooter& footer_;
};

}  // namespace

std::string bytes_of(const SegmentFooter& footer) {
    std::string out;
    append_raw(out, footer.span.first_row);
    append_raw(out, footer.span.rows);
    append_raw(out, footer.span.first_group);
    append_raw(out, footer.span.last_group);
    append_varint(out, footer.blocks.size());
    for (const BlockInfo& block : footer.blocks) {
        append_varint(out, block.rows);
        append_raw(out, block.ts_min);
        append_raw(out, block.ts_max);
    }
    append_varint(out, footer.columns.size());
    for (std::size_t i = 0; i < footer.columns.size(); ++i)
        append_column(out, footer.names[i], footer.columns[i]);
    return out;
}

bool read_footer(std::string_view bytes, SegmentFooter& footer) {
    return FooterReader{bytes, footer}.read();
}

}  // namespace jebi::log_analytics
