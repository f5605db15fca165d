// A segment on the disk, opened for queries. The file's format: segment_format.h.
#pragma once

#include <memory>
#include <string>

#include "kit/disk/disk.h"
#include "modules/log_analytics/store/cache.h"
#include "modules/log_analytics/store/part.h"
#include "modules/log_analytics/store/segment_format.h"

namespace jebi::log_analytics {

class Segment final : public Part {
public:
    // Reads the footer; blocks are read and checked when they are asked for. `internal` ("damaged") when the
    // file is none of ours or its footer is damaged; `not_found`. `cache` outlives the segment.
    static Result<std::shared_ptr<const Segment>> open(disk::Disk& disk, const std::string& path,
                                                       Cache& cache);
    ~Segment() override;

    const SegmentSpan& span() const { return footer_.span; }
    const std::string& path() const { return path_; }
    std::uint64_t file_bytes() const { return file_->size(); }
    WallMs newest_ms() const;

    std::uint64_t first_row() const override { return footer_.span.first_row; }
    std::uint64_t rows() const override { return footer_.span.rows; }
    std::span<const BlockInfo> blocks() const override { return footer_.blocks; }
    std::span<const Column> columns() const override { return footer_.names; }
    bool is_on_disk() const override { return true; }

    Result<TextBlock> texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const override;
    Result<IntegerBlock> integers(std::size_t column, std::size_t block, std::uint64_t& bytes) const override;
    Result<NumberBlock> numbers(std::size_t column, std::size_t block, std::uint64_t& bytes) const override;
    Result<std::shared_ptr<const Dictionary>> dictionary(std::size_t column,
                                                         std::uint64_t& bytes) const override;
    std::span<const std::uint32_t> counts(std::size_t column) const override {
        return footer_.columns[column].counts;
    }
    bool may_equal(std::size_t column, std::size_t block, std::string_view text) const override;
    bool may_contain(std::size_t column, std::size_t block, std::string_view piece) const override;
    std::optional<Range> range(std::size_t column, std::size_t block) const override;

    // For merges: a column as it is described, and a chunk's bytes as they stand in the file, checked.
    const SegmentColumn& described(std::size_t column) const { return footer_.columns[column]; }
    Result<std::string> stored(const Chunk& chunk) const;
    std::string filter(std::size_t column, std::size_t block) const;  // empty: none

    // Reads and checks every chunk: for those who want to know whether the file is whole.
    Result<void> verify() const;

private:
    Segment(std::string path, std::unique_ptr<disk::Input> file, SegmentFooter footer, Cache& cache);
    std::unexpected<Error> damaged(std::string_view what) const;
    Result<std::string> raw(const Chunk& chunk, std::uint64_t& bytes) const;
    Result<TextBlock> own_texts(const Chunk& chunk, std::uint32_t rows, std::uint64_t& bytes) const;
    Result<TextBlock> coded_texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const;
    Result<std::shared_ptr<const Dictionary>> read_dictionary(std::size_t column, std::uint64_t& bytes) const;
    std::string_view filter(std::size_t column, std::size_t block, std::shared_ptr<const void>& owner) const;

    std::string path_;
    std::unique_ptr<disk::Input> file_;
    SegmentFooter footer_;
    Cache& cache_;
    std::uint64_t cache_owner_;
};

}  // namespace jebi::log_analytics
