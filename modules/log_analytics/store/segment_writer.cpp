#include "modules/log_analytics/store/segment_writer.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "kit/base/compress.h"
#include "kit/base/hash.h"
#include "modules/log_analytics/store/bytes.h"
#include "modules/log_analytics/store/dictionary_builder.h"
#include "modules/log_analytics/store/filter.h"
#include "modules/log_analytics/store/number_encoding.h"
#include "modules/log_analytics/store/segment.h"
#include "modules/log_analytics/store/text_encoding.h"

namespace jebi::log_analytics {

namespace {

constexpr int zstd_level = 1;
constexpr std::size_t compressed_bytes_min = 64;  // less is not worth a frame
constexpr std::size_t compressed_percent_max =
    88;  // of the raw size; else the raw bytes are kept, which read quicker
constexpr std::size_t write_bytes = 256 * 1024;
// A column gets one dictionary for all blocks unless most of its values differ or the dictionary grows huge.
constexpr std::uint64_t distinct_in_ten_max = 6;
constexpr std::size_t dictionary_bytes_max = 16 * 1024 * 1024;
// Texts with white space are searched in; others (ids) are looked for as a whole.
constexpr std::size_t texts_looked_at = 64;

using Parts = std::span<const std::shared_ptr<const Part>>;

// A column of all parts: where each part has it.
struct Places {
    std::string name;
    Kind kind;
    std::vector<std::optional<std::size_t>> columns;  // by part
};

std::vector<Places> places_of(Parts parts) {
    Snapshot all{.parts = {parts.begin(), parts.end()}};
    std::vector<Places> places;
    for (const Column& column : all.columns()) {
        Places& place = places.emplace_back(Places{.name = column.name, .kind = column.kind});
        for (const auto& part : parts)
            place.columns.push_back(part->find(column.name, column.kind));
    }
    return places;
}

// Smallest and largest of the values that are there.
Part::Range range_of(const IntegerBlock& block) {
    Part::Range range{.min = INT64_MAX, .max = INT64_MIN};
    for (std::uint32_t row = 0; row < block.values.size(); ++row) {
        if (!is_present(block.present, row)) continue;
        range.min = std::min(range.min, block.values[row]);
        range.max = std::max(range.max, block.values[row]);
    }
    return range;
}

bool has_present(std::span<const std::uint64_t> present) {
    return present.empty() || std::ranges::any_of(present, [](std::uint64_t bits) { return bits != 0; });
}

// The texts of a block, and who is present (empty: all).
struct RowTexts {
    std::vector<std::string_view> texts;
    std::vector<std::uint64_t> present;
    bool any = false;
};

RowTexts row_texts(const TextBlock& block) {
    RowTexts rows;
    rows.texts.resize(block.codes.size());
    bool all = true;
    for (std::size_t row = 0; row < block.codes.size(); ++row) {
        if (block.codes[row] != 0) rows.texts[row] = block.dictionary->text(block.codes[row]);
        rows.any = rows.any || block.codes[row] != 0;
        all = all && block.codes[row] != 0;
    }
    if (all) return rows;
    rows.present.resize((block.codes.size() + 63) / 64);
    for (std::size_t row = 0; row < block.codes.size(); ++row)
        rows.present[row / 64] |= std::uint64_t{block.codes[row] != 0} << (row % 64);
    return rows;
}

std::string filter_of(std::span<const std::string_view> texts) {
    const auto looked_at = texts.first(std::min(texts.size(), texts_looked_at));
    const bool words =
        std::ranges::any_of(looked_at, [](std::string_view text) { return text.contains(' '); });
    std::string filter;
    if (words) {
        append_piece_filter(filter, texts);
    } else {
        append_value_filter(filter, texts);
    }
    return filter;
}

class Writer {
public:
    Writer(disk::Output& file, const SegmentSpan& span, Parts parts) : file_(file), parts_(parts) {
        footer_.span = span;
        for (const auto& part : parts)
            footer_.blocks.insert(footer_.blocks.end(), part->blocks().begin(), part->blocks().end());
        pending_ = segment_head;
    }

    Result<void> write() {
        for (const Places& place : places_of(parts_)) {
            footer_.names.push_back({.name = place.name, .kind = place.kind});
            footer_.columns.emplace_back();
            TRY_VOID(write_column(place));
        }
        write_end();
        TRY_VOID(flush());
        return file_.sync();
    }

private:
    SegmentColumn& column() { return footer_.columns.back(); }

    Result<void> write_column(const Places& place) {
        filters_.clear();
        if (place.kind != Kind::text) return write_blocks(place);
        TRY(const bool one_dictionary, fits_one_dictionary(place));
        if (one_dictionary) return write_with_dictionary(place);
        TRY_VOID(write_blocks(place));
        return write_filters();
    }

    // ---- Columns whose blocks stand for themselves ----
    Result<void> write_blocks(const Places& place) {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const std::size_t count = parts_[i]->blocks().size();
            for (std::size_t block = 0; block < count; ++block) {
                SegmentBlock written;
                filter_.clear();
                if (place.columns[i]) TRY_VOID(write_block(place, i, block, written));
                column().blocks.push_back(written);
                filters_.push_back(filter_);
            }
        }
        return {};
    }

    Result<void> write_block(const Places& place, std::size_t i, std::size_t block, SegmentBlock& written) {
        const Part& part = *parts_[i];
        const std::size_t at = *place.columns[i];
        if (const auto* segment = dynamic_cast<const Segment*>(&part);
            segment != nullptr && !segment->described(at).has_dictionary)
            return copy_block(*segment, at, block, written);
        if (place.kind == Kind::text) return write_texts(part, at, block, written);
        if (place.kind == Kind::number) return write_numbers(part, at, block, written);
        return write_integers(part, at, block, written);
    }

    Result<void> write_texts(const Part& part, std::size_t at, std::size_t block, SegmentBlock& written) {
        TRY(const TextBlock texts, part.texts(at, block, bytes_read_));
        const RowTexts rows = row_texts(texts);
        if (!rows.any) return {};
        std::string payload;
        append_texts(payload, rows.texts, rows.present);
        filter_ = filter_of(rows.texts);
        TRY(written.chunk, write_chunk(payload));
        return {};
    }

    Result<void> write_numbers(const Part& part, std::size_t at, std::size_t block, SegmentBlock& written) {
        TRY(const NumberBlock numbers, part.numbers(at, block, bytes_read_));
        if (!has_present(numbers.present)) return {};
        std::string packed, planes;
        append_numbers(packed, numbers.values, numbers.present, Layout::packed);
        append_numbers(planes, numbers.values, numbers.present, Layout::planes);
        TRY(written.chunk, write_smaller(packed, planes));
        return {};
    }

    Result<void> write_integers(const Part& part, std::size_t at, std::size_t block, SegmentBlock& written) {
        TRY(const IntegerBlock integers, part.integers(at, block, bytes_read_));
        if (!has_present(integers.present)) return {};
        std::string packed, planes;
        append_integers(packed, integers.values, integers.present, Layout::packed);
        append_integers(planes, integers.values, integers.present, Layout::planes);
        written.range = range_of(integers);
        TRY(written.chunk, write_smaller(packed, planes));
        return {};
    }

    Result<void> copy_block(const Segment& segment, std::size_t at, std::size_t block,
                            SegmentBlock& written) {
        written = segment.described(at).blocks[block];
        if (written.chunk.bytes == 0) return {};
        TRY(const std::string stored, segment.stored(written.chunk));
        written.chunk.at = place();
        if (footer_.names.back().kind == Kind::text) filter_ = segment.filter(at, block);
        return append(stored);
    }

    Result<void> write_filters() {
        std::string payload;
        for (const std::string& filter : filters_)
            append_text(payload, filter);
        filters_.clear();
        TRY(column().filters, write_stored(payload, payload.size()));
        return {};
    }

    // ---- Columns with one dictionary ----
    Result<bool> fits_one_dictionary(const Places& place) {
        std::uint64_t texts = 0, rows = 0;
        std::size_t text_bytes = 0;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (!place.columns[i]) continue;
            TRY(const auto dictionary, parts_[i]->dictionary(*place.columns[i], bytes_read_));
            if (dictionary == nullptr) return false;
            for (std::uint32_t code = 1; code <= dictionary->size(); ++code)
                text_bytes += dictionary->text(code).size();
            texts = std::max<std::uint64_t>(texts, dictionary->size());
            rows = std::max(rows, parts_[i]->rows());
        }
        return texts * 10 <= rows * distinct_in_ten_max && text_bytes <= dictionary_bytes_max;
    }

    Result<void> write_with_dictionary(const Places& place) {
        DictionaryBuilder builder{parts_.size()};
        std::vector<std::shared_ptr<const Dictionary>> dictionaries;  // kept while the builder refers to them
        TRY(const auto blocks, read_codes_of(place, builder, dictionaries));
        builder.finish();
        SegmentColumn& about = column();
        about.has_dictionary = true;
        about.texts = static_cast<std::uint32_t>(builder.texts().size());
        if (about.texts <= counted_texts_max)
            about.counts.assign(builder.counts().begin(), builder.counts().end());
        std::string payload;
        append_texts(payload, builder.texts(), {});
        TRY(about.dictionary, write_chunk(payload));
        for (const CodedBlock& block : blocks)
            TRY_VOID(write_codes(block, builder));
        return {};
    }

    struct CodedBlock {
        std::size_t part;  // as the builder numbers it
        TextBlock texts;   // without rows' codes: nobody has the column
    };
    Result<std::vector<CodedBlock>> read_codes_of(
        const Places& place, DictionaryBuilder& builder,
        std::vector<std::shared_ptr<const Dictionary>>& dictionaries) {
        std::vector<CodedBlock> blocks;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            std::size_t number = 0;
            if (place.columns[i]) {
                TRY(dictionaries.emplace_back(), parts_[i]->dictionary(*place.columns[i], bytes_read_));
                number = builder.add(*dictionaries.back());
            }
            for (std::size_t block = 0; block < parts_[i]->blocks().size(); ++block) {
                CodedBlock& coded = blocks.emplace_back(CodedBlock{.part = number, .texts = {}});
                if (!place.columns[i]) {
                    builder.count_absent(parts_[i]->blocks()[block].rows);
                    continue;
                }
                TRY(coded.texts, parts_[i]->texts(*place.columns[i], block, bytes_read_));
                builder.count(number, coded.texts.codes);
            }
        }
        return blocks;
    }

    Result<void> write_codes(const CodedBlock& block, const DictionaryBuilder& builder) {
        SegmentBlock written;
        if (std::ranges::any_of(block.texts.codes, [](std::uint32_t code) { return code != 0; })) {
            std::vector<std::uint32_t> codes(block.texts.codes.size());
            builder.recode(block.part, block.texts.codes, codes);
            std::string payload, planes;
            append_packed_codes(payload, codes);
            append_code_planes(planes, codes);
            TRY(written.chunk, write_smaller(payload, planes));
        }
        column().blocks.push_back(written);
        return {};
    }

    // ---- Chunks ----
    std::uint64_t place() const { return file_.size() + pending_.size(); }

    Result<Chunk> write_chunk(std::string_view payload) {
        std::string frame;
        if (payload.size() >= compressed_bytes_min) append_zstd(frame, payload, zstd_level);
        const bool worth = !frame.empty() && frame.size() * 100 <= payload.size() * compressed_percent_max;
        return write_stored(worth ? std::string_view{frame} : payload, payload.size());
    }

    // Packed as it is, or planes as a frame, which is smaller when some values are frequent.
    Result<Chunk> write_smaller(std::string_view packed, std::string_view planes) {
        std::string frame;
        append_zstd(frame, planes, zstd_level);
        if (frame.size() * 100 <= packed.size() * compressed_percent_max && frame.size() != planes.size())
            return write_stored(frame, planes.size());
        return write_stored(packed, packed.size());
    }

    Result<Chunk> write_stored(std::string_view stored, std::size_t raw_bytes) {
        assert(!stored.empty() && raw_bytes <= chunk_bytes_max);
        const Chunk chunk{.at = place(),
                          .bytes = static_cast<std::uint32_t>(stored.size()),
                          .raw_bytes = static_cast<std::uint32_t>(raw_bytes),
                          .hash = hash64(stored)};
        TRY_VOID(append(stored));
        return chunk;
    }

    Result<void> append(std::string_view bytes) {
        pending_ += bytes;
        return pending_.size() < write_bytes ? Result<void>{} : flush();
    }

    Result<void> flush() {
        TRY_VOID(file_.append(pending_));
        pending_.clear();
        return {};
    }

    void write_end() {
        const std::uint64_t at = place();
        const std::string footer = bytes_of(footer_);
        pending_ += footer;
        append_raw(pending_, at);
        append_raw(pending_, static_cast<std::uint32_t>(footer.size()));
        append_raw(pending_, hash64(footer));
        pending_ += segment_end;
    }

    disk::Output& file_;
    Parts parts_;
    SegmentFooter footer_;
    std::string pending_;
    std::uint64_t bytes_read_ = 0;      // nobody asks what a merge has read
    std::vector<std::string> filters_;  // of the column that is written, by block; empty: none
    std::string filter_;                // of the block that is written
};

}  // namespace

Result<void> write_segment(disk::Disk& disk, const std::string& path, const SegmentSpan& span, Parts parts) {
    TRY(const auto file, disk.create(path));
    return Writer{*file, span, parts}.write();
}

}  // namespace jebi::log_analytics
