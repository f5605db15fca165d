// A segment: some rows, in columns, in one file that is written once and never changed.
//
// The file (version 2; little endian; "varint" is LEB128, "text" a varint of its bytes and the bytes):
//     8 bytes   "JEBISEG2"
//     chunks    bytes of blocks, dictionaries and filters, in any order
//     footer    see below
//     u64 where the footer begins, u32 its bytes, u64 its hash (hash64), 8 bytes "JEBIEND1"
//
// Footer: u64 first row, u64 rows, u64 first and u64 last group of the write-ahead log that the rows come
// from;
//     varint blocks; for each: varint rows, i64 smallest and i64 largest time;
//     varint columns; for each:
//         text name, u8 kind, u8 flags (1: one dictionary for all blocks)
//         with a dictionary: varint texts, chunk of the texts, u8 1 and texts + 1 times varint rows (first
//         the
//             rows without) or u8 0
//         u8 1 and the chunk of the filters, or u8 0
//         for each block: chunk; integers and flags: i64 smallest, i64 largest value
//
// A chunk is named by: varint bytes in the file, 0 for "nothing, all rows are absent"; else also u64 where it
//     begins, varint bytes when decompressed, u64 hash (hash64) of the bytes in the file. When both sizes
//     differ it is one zstd frame.
// What a chunk holds: number_encoding.h for integers, flags (0 and 1) and numbers; text_encoding.h for texts,
//     dictionaries and codes (with a dictionary); filters: for each block a text with its filter (filter.h),
//     empty when it has none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics {

inline constexpr std::string_view segment_head = "JEBISEG2", segment_end = "JEBIEND1";
inline constexpr std::size_t segment_tail_bytes = 8 + 4 + 8 + 8;
inline constexpr std::uint32_t footer_bytes_max = 64 * 1024 * 1024;
inline constexpr std::uint32_t chunk_bytes_max = 256 * 1024 * 1024;  // decompressed
inline constexpr std::size_t counted_texts_max = 256;  // larger dictionaries have no counts in the footer

struct Chunk {
    std::uint64_t at = 0;
    std::uint32_t bytes = 0, raw_bytes = 0;
    std::uint64_t hash = 0;
};

struct SegmentBlock {
    Chunk chunk;
    Part::Range range{};  // of integers and flags
};

struct SegmentColumn {
    bool has_dictionary = false;
    std::uint32_t texts = 0;
    Chunk dictionary{}, filters{};
    std::vector<std::uint32_t> counts{};  // rows by code, first those without; empty: not known
    std::vector<SegmentBlock> blocks{};
};

// Which rows, from which groups of the write-ahead log.
struct SegmentSpan {
    std::uint64_t first_row = 0, rows = 0, first_group = 0, last_group = 0;
};

struct SegmentFooter {
    SegmentSpan span;
    std::vector<BlockInfo> blocks;
    std::vector<Column> names;
    std::vector<SegmentColumn> columns;  // as many as names
};

std::string bytes_of(const SegmentFooter& footer);
// False when the bytes are no footer.
bool read_footer(std::string_view bytes, SegmentFooter& footer);

}  // namespace jebi::log_analytics
