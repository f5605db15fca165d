#include "modules/log_analytics/store/tail.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <mutex>
#include <unordered_map>

#include "modules/log_analytics/store/tail_column.h"

namespace jebi::log_analytics {

// What the tail and its snapshots share.
struct TailState {
    std::mutex mutex;  // of all below, and of the columns' lists of pages
    std::vector<std::unique_ptr<TailColumn>> columns;
    std::unordered_map<std::string, TailColumn*> by_name;  // the kind's byte and the name
    std::vector<BlockInfo> blocks;                         // of what is published
    std::uint64_t rows = 0;
};

namespace {

std::span<const std::uint64_t> bits_of(const std::uint8_t* present, std::uint32_t rows,
                                       std::vector<std::uint64_t>& bits) {
    bits.assign((rows + 63) / 64, 0);
    std::uint32_t count = 0;
    for (std::uint32_t row = 0; present != nullptr && row < rows; ++row) {
        bits[row / 64] |= std::uint64_t{present[row]} << (row % 64);
        count += present[row];
    }
    if (count == rows) return {};
    return bits;
}

template <typename T>
const T* page_at(const std::vector<const T*>& pages, std::size_t block) {
    return block < pages.size() ? pages[block] : nullptr;
}

// Rows whose texts wait to be looked up, column by column.
constexpr std::uint64_t staged_rows_max = 256;

// For blocks in which nobody has the column.
template <typename T>
const T* nothing() {
    static const std::array<T, block_rows_max> zeros{};
    return zeros.data();
}

class TailPart final : public Part {
public:
    TailPart(std::uint64_t first_row, std::shared_ptr<TailState> state)
        : first_row_(first_row), state_(std::move(state)) {
        const std::lock_guard lock{state_->mutex};
        rows_ = state_->rows;
        blocks_ = state_->blocks;
        for (const auto& column : state_->columns) {
            columns_.push_back({.name = column->name(), .kind = column->kind()});
            pages_.push_back(column->pages());
        }
    }

    std::uint64_t first_row() const override { return first_row_; }
    std::uint64_t rows() const override { return rows_; }
    std::span<const BlockInfo> blocks() const override { return blocks_; }
    std::span<const Column> columns() const override { return columns_; }
    bool is_on_disk() const override { return false; }

    Result<TextBlock> texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const override {
        TRY(auto all, dictionary(column, bytes));
        const std::uint32_t* codes = page_at(pages_[column].codes, block);
        if (codes == nullptr) codes = nothing<std::uint32_t>();
        return TextBlock{.codes = {codes, blocks_[block].rows}, .dictionary = std::move(all)};
    }

    Result<IntegerBlock> integers(std::size_t column, std::size_t block,
                                  std::uint64_t& /*bytes*/) const override {
        return values<IntegerBlock>(pages_[column].integers, column, block);
    }
    Result<NumberBlock> numbers(std::size_t column, std::size_t block,
                                std::uint64_t& /*bytes*/) const override {
        return values<NumberBlock>(pages_[column].numbers, column, block);
    }

    Result<std::shared_ptr<const Dictionary>> dictionary(std::size_t column,
                                                         std::uint64_t& /*bytes*/) const override {
        const TailColumn::Pages& pages = pages_[column];
        return std::make_shared<const Dictionary>(pages.texts, pages.texts_count, state_);
    }
    std::span<const std::uint32_t> counts(std::size_t /*column*/) const override { return {}; }

    bool may_equal(std::size_t column, std::size_t block, std::string_view /*text*/) const override {
        return page_at(pages_[column].codes, block) != nullptr;
    }
    bool may_contain(std::size_t column, std::size_t block, std::string_view /*piece*/) const override {
        return page_at(pages_[column].codes, block) != nullptr;
    }
    std::optional<Range> range(std::size_t column, std::size_t block) const override {
        if (column != 0) return std::nullopt;
        return Range{.min = blocks_[block].ts_min, .max = blocks_[block].ts_max};
    }

private:
    template <typename Block, typename T>
    Result<Block> values(const std::vector<const T*>& pages, std::size_t column, std::size_t block) const {
        const std::uint32_t rows = blocks_[block].rows;
        const T* found = page_at(pages, block);
        const auto bits = std::make_shared<std::vector<std::uint64_t>>();
        return Block{.values = {found == nullptr ? nothing<T>() : found, rows},
                     .present = bits_of(page_at(pages_[column].present, block), rows, *bits),
                     .owner = bits};
    }

    std::uint64_t first_row_;
    std::shared_ptr<TailState> state_;  // shared with the tail: keeps the pages
    std::uint64_t rows_ = 0;
    std::vector<BlockInfo> blocks_;
    std::vector<Column> columns_;
    std::vector<TailColumn::Pages> pages_;
};

}  // namespace

Tail::Tail(std::uint64_t first_row) : first_row_(first_row), state_(std::make_shared<TailState>()) {
    time_ = column(time_column, Kind::integer);
}

Tail::~Tail() = default;

TailColumn* Tail::column(std::string_view name, Kind kind) {
    std::string key(1, static_cast<char>(kind));
    key += name;
    if (const auto known = state_->by_name.find(key); known != state_->by_name.end()) return known->second;
    auto made = std::make_unique<TailColumn>(state_->mutex, std::string(name), kind);
    TailColumn* column = made.get();
    const std::lock_guard lock{state_->mutex};
    state_->columns.push_back(std::move(made));
    state_->by_name.emplace(std::move(key), column);
    return column;
}

void Tail::append(const RowsReader& row, Places& places) {
    note_time(row.ts_ms());
    time_->integer(rows_, row.ts_ms());
    for (const RowsReader::Value& value : row.values()) {
        TailColumn*& place = places[value.field];
        if (place == nullptr) place = column(row.names()[value.field].name, row.names()[value.field].kind);
        switch (value.kind) {
            case Kind::text:
                place->stage(rows_, value.text);
                break;
            case Kind::number:
                place->number(rows_, value.number);
                break;
            case Kind::integer:
            case Kind::flag:
                place->integer(rows_, value.integer);
                break;
        }
    }
    ++rows_;
    if (rows_ % staged_rows_max == 0) finish_batch(places);
}

void Tail::finish_batch(const Places& places) {
    for (TailColumn* column : places) {
        if (column != nullptr) column->append_staged();
    }
}

void Tail::note_time(WallMs ts_ms) {
    if (rows_ % block_rows_max == 0) {
        blocks_.push_back({.rows = 1, .ts_min = ts_ms, .ts_max = ts_ms});
        return;
    }
    BlockInfo& block = blocks_.back();
    ++block.rows;
    block.ts_min = std::min(block.ts_min, ts_ms);
    block.ts_max = std::max(block.ts_max, ts_ms);
}

void Tail::publish() {
    const std::lock_guard lock{state_->mutex};
    state_->rows = rows_;
    state_->blocks = blocks_;
    for (const auto& column : state_->columns)
        column->publish();
}

std::size_t Tail::bytes() const {
    std::size_t sum = 0;
    for (const auto& column : state_->columns)
        sum += column->bytes();
    return sum;
}

std::size_t Tail::columns() const {
    return state_->columns.size();
}

std::shared_ptr<const Part> Tail::snapshot() const {
    return std::make_shared<TailPart>(first_row_, state_);
}

}  // namespace jebi::log_analytics
