// The newest rows, in memory, ready to be queried at any moment while more arrive.
//
// One thread appends; any thread takes snapshots. A snapshot sees the rows that were published when it was
// taken, and costs some microseconds: what is appended later goes behind what it sees, into memory that never
// moves.
//
// Texts are kept once per column (a dictionary); a column in which most values are new (ids, messages) stops
// looking for equal ones, and keeps each value.
#pragma once

#include <memory>
#include <vector>

#include "modules/log_analytics/store/part.h"
#include "modules/log_analytics/store/rows.h"

namespace jebi::log_analytics {

class TailColumn;
struct TailState;

class Tail {
public:
    explicit Tail(std::uint64_t first_row);
    ~Tail();

    // Where the fields of a batch go; for append(). A field that no row has (its row was refused) makes no
    // column.
    using Places = std::vector<TailColumn*>;  // null: not known yet
    static Places places(const RowsReader& batch) { return Places(batch.names().size()); }
    // Appends the row that the reader stands on. What it refers to must live until finish_batch().
    void append(const RowsReader& row, Places& places);
    void finish_batch(const Places& places);
    // Makes what was appended visible to snapshots taken from now on.
    void publish();

    std::uint64_t first_row() const { return first_row_; }
    std::uint64_t rows() const { return rows_; }  // appended
    std::size_t bytes() const;                    // of memory, about
    std::size_t columns() const;

    // The rows that are published. Thread-safe, also while another thread appends.
    std::shared_ptr<const Part> snapshot() const;

private:
    TailColumn* column(std::string_view name, Kind kind);
    void note_time(WallMs ts_ms);

    std::uint64_t first_row_;
    std::uint64_t rows_ = 0;
    std::vector<BlockInfo> blocks_;  // of all that is appended
    TailColumn* time_;
    std::shared_ptr<TailState> state_;  // shared with snapshots, which outlive the tail
};

}  // namespace jebi::log_analytics
