// One column of the tail: pages of values that never move, so that whoever took a snapshot reads them while
// the one thread that appends goes on behind. Adding a page, and copying the list of pages, happen under the
// tail's mutex; values of published rows are never written again.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/trace.h"
#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics {

// Texts, appended and never moved.
class TextArena {
public:
    std::string_view keep(std::string_view text);
    std::size_t bytes() const { return bytes_; }

private:
    static constexpr std::size_t chunk_bytes_min = 16 * 1024, chunk_bytes_max = 1024 * 1024;
    std::vector<std::unique_ptr<char[]>> chunks_;
    std::size_t left_ = 0, next_chunk_bytes_ = chunk_bytes_min, bytes_ = 0;
    char* at_ = nullptr;
};

// From a text to its code, while that is worth its memory. Open addressing, linear probing.
class CodeTable {
public:
    std::uint32_t hash_of(std::string_view text) const;
    // Makes room for so many more texts, so that no place moves until they are in.
    void reserve(std::size_t more);
    void prefetch(std::uint32_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
    // The code that a text with this hash most likely has; 0: none. Too many to stay in the cache?
    std::uint32_t likely_code(std::uint32_t hash) const;
    bool is_large() const { return slots_.size() > large_slots_min; }
    // The code of an equal text, or 0; then the place is remembered for insert().
    std::uint32_t find(std::string_view text, std::uint32_t hash,
                       const std::vector<std::unique_ptr<std::string_view[]>>& texts);
    void insert(std::uint32_t code);
    std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

private:
    static constexpr std::size_t large_slots_min = 4'096;
    struct Slot {
        std::uint32_t hash = 0, code = 0;
    };
    void grow();
    std::vector<Slot> slots_;
    std::size_t used_ = 0, place_ = 0;
    std::uint32_t hash_ = 0;
    std::uint64_t seed_ = random_bits();
};

class TailColumn {
public:
    TailColumn(std::mutex& mutex, std::string name, Kind kind)
        : mutex_(mutex), name_(std::move(name)), kind_(kind) {}

    // `row` counts from the tail's beginning, and rises. By the appending thread only.
    // A text waits until append_staged(), as looking up many of one column at once keeps its table in the
    // cache.
    void stage(std::uint64_t row, std::string_view value) { staged_.push_back({.row = row, .text = value}); }
    void append_staged();
    void integer(std::uint64_t row, std::int64_t value);
    void number(std::uint64_t row, double value);
    std::size_t bytes() const { return bytes_ + arena_.bytes() + table_.bytes(); }

    // What a snapshot copies, under the mutex.
    struct Pages {
        std::vector<const std::uint32_t*> codes;  // null: absent in the whole page
        std::vector<const std::int64_t*> integers;
        std::vector<const double*> numbers;
        std::vector<const std::uint8_t*> present;  // a byte for each row
        std::vector<const std::string_view*> texts;
        std::uint32_t texts_count = 0;
    };
    Pages pages() const;
    void publish() { texts_published_ = texts_count_; }  // under the mutex
    const std::string& name() const { return name_; }
    Kind kind() const { return kind_; }

private:
    template <typename T>
    using Owned = std::vector<std::unique_ptr<T[]>>;
    template <typename T>
    T* page(Owned<T>& pages, std::uint64_t row);
    struct Staged {
        std::uint64_t row;
        std::string_view text;
        std::uint32_t hash = 0;
        std::uint32_t likely_code = 0;
    };
    void fetch_staged();
    const std::string_view& text_of(std::uint32_t code) const {
        return texts_[(code - 1) >> Dictionary::page_bits][(code - 1) & (Dictionary::page_size - 1)];
    }
    std::uint32_t code_of(const Staged& staged);
    std::uint32_t new_code(std::string_view text);
    void consider_table();

    std::mutex& mutex_;
    std::string name_;
    Kind kind_;
    std::vector<Staged> staged_;
    Owned<std::uint32_t> codes_;
    Owned<std::int64_t> integers_;
    Owned<double> numbers_;
    Owned<std::uint8_t> present_;
    Owned<std::string_view> texts_;
    std::uint32_t texts_count_ = 0, texts_published_ = 0;
    std::uint64_t values_ = 0;
    bool uses_table_ = true;
    CodeTable table_;
    TextArena arena_;
    std::size_t bytes_ = 0;
};

}  // namespace jebi::log_analytics
