#include "modules/log_analytics/store/segment.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "kit/base/compress.h"
#include "kit/base/hash.h"
#include "modules/log_analytics/store/bytes.h"
#include "modules/log_analytics/store/filter.h"
#include "modules/log_analytics/store/number_encoding.h"
#include "modules/log_analytics/store/text_encoding.h"

namespace jebi::log_analytics {

namespace {

std::unexpected<Error> damaged_file(const std::string& path, std::string_view what) {
    return fail(error(Code::internal, path + " is damaged: " + std::string(what) + ".").because("damaged"));
}

// The codes of a block in which each row has a text of its own: 1, 2, 3, ...
std::span<const std::uint32_t> own_codes(std::uint32_t rows) {
    static const auto codes = [] {
        std::array<std::uint32_t, block_rows_max> all;
        std::iota(all.begin(), all.end(), 1U);
        return all;
    }();
    return std::span{codes}.first(rows);
}

// Texts that own what they refer to, as a dictionary wants them.
std::shared_ptr<const Dictionary> dictionary_of(const std::shared_ptr<const ReadTexts>& read) {
    std::vector<const std::string_view*> pages;
    for (std::size_t i = 0; i < read->texts.size(); i += Dictionary::page_size)
        pages.push_back(read->texts.data() + i);
    return std::make_shared<const Dictionary>(std::move(pages),
                                              static_cast<std::uint32_t>(read->texts.size()), read);
}

struct OwnTexts {
    std::string payload;
    ReadTexts read;
    std::vector<std::uint32_t> codes;  // empty: none is absent
};

struct ReadFilters {
    std::string payload;
    std::vector<std::string_view> filters;
};

// In which slot of the cache something of a column is kept.
std::uint64_t dictionary_slot(std::size_t column) {
    return column * 2;
}
std::uint64_t filters_slot(std::size_t column) {
    return column * 2 + 1;
}

}  // namespace

Segment::Segment(std::string path, std::unique_ptr<disk::Input> file, SegmentFooter footer, Cache& cache)
    : path_(std::move(path)),
      file_(std::move(file)),
      footer_(std::move(footer)),
      cache_(cache),
      cache_owner_(cache.new_owner()) {}

Segment::~Segment() {
    cache_.forget(cache_owner_);
}

Result<std::shared_ptr<const Segment>> Segment::open(disk::Disk& disk, const std::string& path,
                                                     Cache& cache) {
    TRY(auto file, disk.open(path));
    if (file->size() < segment_head.size() + segment_tail_bytes) return damaged_file(path, "it is too short");
    std::string head(segment_head.size(), '\0'), tail(segment_tail_bytes, '\0');
    TRY_VOID(file->read(0, head.data(), head.size()));
    TRY_VOID(file->read(file->size() - tail.size(), tail.data(), tail.size()));
    std::string_view rest = tail;
    std::uint64_t at = 0, hash = 0;
    std::uint32_t size = 0;
    const bool taken = take_raw(rest, at) && take_raw(rest, size) && take_raw(rest, hash);
    if (!taken || rest != segment_end || head != segment_head)
        return damaged_file(path, "it does not begin and end as a segment does");
    if (size > footer_bytes_max || at > file->size() || at + size + tail.size() != file->size())
        return damaged_file(path, "it has been cut or grown");
    std::string bytes(size, '\0');
    TRY_VOID(file->read(at, bytes.data(), bytes.size()));
    SegmentFooter footer;
    if (hash64(bytes) != hash || !read_footer(bytes, footer))
        return damaged_file(path, "its footer does not match");
    return std::shared_ptr<const Segment>(new Segment(path, std::move(file), std::move(footer), cache));
}

WallMs Segment::newest_ms() const {
    WallMs newest = INT64_MIN;
    for (const BlockInfo& block : footer_.blocks)
        newest = std::max(newest, block.ts_max);
    return newest;
}

std::unexpected<Error> Segment::damaged(std::string_view what) const {
    return damaged_file(path_, what);
}

Result<std::string> Segment::stored(const Chunk& chunk) const {
    std::string bytes(chunk.bytes, '\0');
    if (chunk.at + chunk.bytes > file_->size()) return damaged("a part of it lies behind its end");
    if (auto done = file_->read(chunk.at, bytes.data(), bytes.size()); !done)
        return damaged(done.error().message);
    if (hash64(bytes) != chunk.hash) return damaged("a checksum does not match");
    return bytes;
}

Result<std::string> Segment::raw(const Chunk& chunk, std::uint64_t& bytes) const {
    bytes += chunk.bytes;
    TRY(std::string content, stored(chunk));
    if (chunk.bytes == chunk.raw_bytes) return content;
    std::string expanded(chunk.raw_bytes, '\0');
    if (!unzstd(content, expanded.data(), expanded.size()))
        return damaged("a part of it cannot be decompressed");
    return expanded;
}

Result<TextBlock> Segment::texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const {
    const SegmentColumn& about = footer_.columns[column];
    if (about.has_dictionary) return coded_texts(column, block, bytes);
    return own_texts(about.blocks[block].chunk, footer_.blocks[block].rows, bytes);
}

Result<TextBlock> Segment::own_texts(const Chunk& chunk, std::uint32_t rows, std::uint64_t& bytes) const {
    auto own = std::make_shared<OwnTexts>();
    if (chunk.bytes == 0) {
        own->codes.resize(rows);
        return TextBlock{.codes = own->codes,
                         .dictionary = std::make_shared<const Dictionary>(
                             std::vector<const std::string_view*>{}, 0U, nullptr),
                         .owner = own};
    }
    TRY(own->payload, raw(chunk, bytes));
    if (!read_texts(own->payload, rows, own->read)) return damaged("texts in it make no sense");
    TextBlock block{.codes = own_codes(rows), .joined = own->read.joined, .owner = own};
    if (!own->read.present.empty()) {
        own->codes.resize(rows);
        for (std::uint32_t row = 0; row < rows; ++row)
            own->codes[row] = is_present(own->read.present, row) ? row + 1 : 0;
        block.codes = own->codes;
    }
    block.dictionary = dictionary_of({own, &own->read});
    return block;
}

Result<TextBlock> Segment::coded_texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const {
    const SegmentColumn& about = footer_.columns[column];
    const auto codes = std::make_shared<std::vector<std::uint32_t>>(footer_.blocks[block].rows);
    TRY(auto texts, dictionary(column, bytes));
    if (const Chunk& chunk = about.blocks[block].chunk; chunk.bytes > 0) {
        TRY(const std::string payload, raw(chunk, bytes));
        if (!read_codes(payload, *codes, about.texts)) return damaged("codes in it make no sense");
    }
    return TextBlock{.codes = *codes, .dictionary = std::move(texts), .owner = codes};
}

Result<std::shared_ptr<const Dictionary>> Segment::dictionary(std::size_t column,
                                                              std::uint64_t& bytes) const {
    if (!footer_.columns[column].has_dictionary) return nullptr;
    const Cache::Key key{cache_owner_, dictionary_slot(column)};
    if (auto known = cache_.find(key)) return std::static_pointer_cast<const Dictionary>(std::move(known));
    TRY(auto read, read_dictionary(column, bytes));
    const std::size_t size =
        footer_.columns[column].dictionary.raw_bytes + read->size() * sizeof(std::string_view);
    cache_.put(key, read, size);
    return read;
}

Result<std::shared_ptr<const Dictionary>> Segment::read_dictionary(std::size_t column,
                                                                   std::uint64_t& bytes) const {
    const SegmentColumn& about = footer_.columns[column];
    auto own = std::make_shared<OwnTexts>();
    TRY(own->payload, raw(about.dictionary, bytes));
    if (!read_texts(own->payload, about.texts, own->read) || !own->read.present.empty())
        return damaged("a dictionary in it makes no sense");
    return dictionary_of({own, &own->read});
}

Result<IntegerBlock> Segment::integers(std::size_t column, std::size_t block, std::uint64_t& bytes) const {
    struct Values {
        std::vector<std::int64_t> values;
        std::vector<std::uint64_t> present;
    };
    const std::uint32_t rows = footer_.blocks[block].rows;
    const auto own = std::make_shared<Values>();
    own->values.resize(rows);
    if (const Chunk& chunk = footer_.columns[column].blocks[block].chunk; chunk.bytes == 0) {
        own->present.resize((rows + 63) / 64);
    } else {
        TRY(const std::string payload, raw(chunk, bytes));
        if (!read_integers(payload, own->values, own->present))
            return damaged("integers in it make no sense");
    }
    return IntegerBlock{.values = own->values, .present = own->present, .owner = own};
}

Result<NumberBlock> Segment::numbers(std::size_t column, std::size_t block, std::uint64_t& bytes) const {
    struct Values {
        std::vector<double> values;
        std::vector<std::uint64_t> present;
    };
    const std::uint32_t rows = footer_.blocks[block].rows;
    const auto own = std::make_shared<Values>();
    own->values.resize(rows);
    if (const Chunk& chunk = footer_.columns[column].blocks[block].chunk; chunk.bytes == 0) {
        own->present.resize((rows + 63) / 64);
    } else {
        TRY(const std::string payload, raw(chunk, bytes));
        if (!read_numbers(payload, own->values, own->present)) return damaged("numbers in it make no sense");
    }
    return NumberBlock{.values = own->values, .present = own->present, .owner = own};
}

std::string_view Segment::filter(std::size_t column, std::size_t block,
                                 std::shared_ptr<const void>& owner) const {
    const Chunk& chunk = footer_.columns[column].filters;
    if (chunk.bytes == 0) return {};
    const Cache::Key key{cache_owner_, filters_slot(column)};
    owner = cache_.find(key);
    if (owner == nullptr) {
        std::uint64_t bytes = 0;
        auto payload = raw(chunk, bytes);
        if (!payload) return {};  // whoever then reads the block sees whether it is damaged too
        const auto read = std::make_shared<ReadFilters>(std::move(*payload));
        std::string_view rest = read->payload;
        for (std::string_view one; take_text(rest, one);)
            read->filters.push_back(one);
        cache_.put(key, read, chunk.raw_bytes);
        owner = read;
    }
    const auto& filters = static_cast<const ReadFilters*>(owner.get())->filters;
    return block < filters.size() ? filters[block] : std::string_view{};
}

std::string Segment::filter(std::size_t column, std::size_t block) const {
    std::shared_ptr<const void> owner;
    return std::string(filter(column, block, owner));
}

bool Segment::may_equal(std::size_t column, std::size_t block, std::string_view text) const {
    if (footer_.columns[column].blocks[block].chunk.bytes == 0) return false;
    std::shared_ptr<const void> owner;
    return log_analytics::may_equal(filter(column, block, owner), text);
}

bool Segment::may_contain(std::size_t column, std::size_t block, std::string_view piece) const {
    if (footer_.columns[column].blocks[block].chunk.bytes == 0) return false;
    std::shared_ptr<const void> owner;
    return log_analytics::may_contain(filter(column, block, owner), piece);
}

std::optional<Part::Range> Segment::range(std::size_t column, std::size_t block) const {
    const Kind kind = footer_.names[column].kind;
    const SegmentBlock& about = footer_.columns[column].blocks[block];
    if (about.chunk.bytes == 0 || (kind != Kind::integer && kind != Kind::flag)) return std::nullopt;
    return about.range;
}

Result<void> Segment::verify() const {
    std::vector<const Chunk*> chunks;
    for (const SegmentColumn& column : footer_.columns) {
        chunks.push_back(&column.dictionary);
        chunks.push_back(&column.filters);
        for (const SegmentBlock& block : column.blocks)
            chunks.push_back(&block.chunk);
    }
    for (const Chunk* chunk : chunks) {
        if (chunk->bytes == 0) continue;
        TRY([[maybe_unused]] const auto bytes, stored(*chunk));
    }
    return {};
}

}  // namespace jebi::log_analytics
