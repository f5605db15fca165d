// One face for SQL, whatever engine stands behind it: SQLite now (kit/sql/sqlite.h), PostgreSQL later.
//
// A module talks to its own tables through a Room. Reads run at once on the caller's thread, on a
// read-only connection of that thread; each sees everything that was acknowledged before it began, and
// two reads may see two states. A write is a Batch: a short list of statements that happen all or not at
// all. One thread per database commits batches in groups: whatever arrived during the last fsync shares
// the next one ("group commit", DeWitt et al., SIGMOD 1984). When write() answers, the batch is on disk
// and survives a power cut.
//
// SQL text is the common subset of both engines: one statement a text; parameters $1, $2, ...; ON
// CONFLICT; RETURNING; no triggers, no AUTOINCREMENT, no virtual tables. A list is IN ($1, $2, ...): few
// texts for many lengths come from repeating the last value. (LIKE ignores ASCII case on SQLite only.)
//
//     TRY(const Rows rows, room.read(call, "SELECT name FROM users WHERE id = $1", {value(id)}));
//     for (const Row row : rows) names.push_back(row.text(0));
//
// Thread-safe. Statements are prepared once per connection and kept.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kit/base/call.h"
#include "kit/base/embedded.h"
#include "kit/base/ids.h"
#include "kit/base/result.h"

namespace jebi::sql {

using Blob = std::vector<std::uint8_t>;
// What a column or a parameter holds.
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

// What C++ does not turn into a Value by itself.
template <typename Kind>
Value value(Id<Kind> id) {
    return static_cast<std::int64_t>(id.value);
}
inline Value value(std::string_view text) {
    return std::string{text};
}

// One row of an answer; borrowed from its Rows. Reading a column as something that it is not is our
// mistake: an assert.
class Row {
public:
    explicit Row(const Value* first, std::size_t columns) : first_(first), columns_(columns) {}
    std::size_t columns() const { return columns_; }
    bool is_null(std::size_t column) const;
    std::int64_t integer(std::size_t column) const;
    std::uint64_t id(std::size_t column) const;  // an Id's value
    double number(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    const Blob& blob(std::size_t column) const;
    bool flag(std::size_t column) const;  // an integer that is 0 or 1

private:
    const Value& at(std::size_t column) const;
    const Value* first_;
    std::size_t columns_;
};

// All rows of an answer, owned.
class Rows {
public:
    std::size_t size() const { return columns_ == 0 ? 0 : values_.size() / columns_; }
    bool empty() const { return values_.empty(); }
    Row operator[](std::size_t index) const;  // an assert when there is no such row
    // Also for (const Row row : rows).
    class Iterator;
    Iterator begin() const;
    Iterator end() const;

    // For engines: first the number of columns, then the values, row by row.
    void start(std::size_t columns);
    template <typename Kind, typename... Parts>
    void add(Parts&&... parts) {
        values_.emplace_back(std::in_place_type<Kind>, std::forward<Parts>(parts)...);
    }

private:
    std::size_t columns_ = 0;
    std::vector<Value> values_;
};

// What must hold after a statement for its batch to go on.
enum class Expect : std::uint8_t {
    anything,
    a_row,  // at least one row was changed or returned, otherwise the whole batch is undone
};

struct Statement {
    std::string_view sql;  // needs to live until write() answers; it is the key of the statement cache
    std::vector<Value> parameters{};
    Expect expect = Expect::anything;
    // The answer when `expect` does not hold, or when a uniqueness rule refuses the statement.
    // Without one it is `conflict`, with the constraint's name in the detail.
    std::optional<Error> otherwise{};
};

struct Batch {
    std::vector<Statement> statements;
    Batch& add(Statement statement) {
        statements.push_back(std::move(statement));
        return *this;
    }
};

// What a batch left: per statement, the rows it RETURNed (or SELECTed) and how many rows it changed.
struct Outcome {
    struct Done {
        Rows rows;
        std::int64_t changed = 0;
    };
    std::vector<Done> statements;
};

inline constexpr std::size_t rows_max = 10'000;  // a statement that would answer more fails with `invalid`
inline constexpr std::size_t row_bytes_max = 16 * 1024 * 1024;  // and so does a larger row
inline constexpr std::size_t parameters_max = 1'000;
inline constexpr std::size_t batch_statements_max = 1'000;  // beyond: `invalid`
inline constexpr std::size_t write_queue_max = 4'096;       // batches that wait; beyond: `exhausted`

// A module's door to its own tables: those named like the module or beginning with its name and an
// underscore. Any other table answers `internal` ("no access"), in a shared database too, so that a
// monolith can be split.
class Room {
public:
    virtual ~Room() = default;

    // Errors: `deadline` (also in the middle of a long query), `unavailable`, `invalid` (too many rows),
    // `internal` (the SQL is wrong, it would change something, or it reaches for another's table).
    virtual Result<Rows> read(const Call& call, std::string_view sql, std::vector<Value> parameters) = 0;

    // Answers after the commit is on disk. Errors: the failing statement's `otherwise`; `conflict`;
    // `exhausted` (the queue is full, nothing was done); `deadline` (may have been done);
    // `unavailable` (disk full or broken: may have been done, see the idempotency key); `invalid` and
    // `internal` as above (nothing was done).
    virtual Result<Outcome> write(const Call& call, Batch batch) = 0;

    // Brings the module's tables up to date: applies, in order and once each, the numbered files
    // ("0001_tweets.sql") that are not applied yet, each in one transaction. Refuses, before touching
    // anything, when an applied file has changed (`conflict`) or when the database knows a number that
    // this program does not (`conflict`: a newer version wrote it). Blocks; for the start of a process.
    virtual Result<void> migrate(std::span<const Embedded> files) = 0;
};

// For /metrics and for tests.
struct Stats {
    std::uint64_t batches = 0;  // that were committed
    std::uint64_t commits = 0;  // that committed them: batches / commits is the mean group
    std::uint64_t commit_failures = 0;
    std::uint64_t checkpoint_failures = 0;
    std::size_t queued = 0;
    std::uint64_t commit_us_total = 0;  // begin to fsynced
};

// Made by an engine, see kit/sql/sqlite.h. Outlives its rooms' callers and the reads of every thread.
class Database {
public:
    virtual ~Database() = default;  // commits what is queued, closes
    // The door of the module of that name (lower-case letters, digits and underscores). Owned by the
    // database; the same name gives the same door. A name that begins like another's tables (`log`
    // beside `log_analytics`) is our mistake: an assert.
    virtual Room& room(std::string_view module) = 0;
    // A consistent copy into a new file, while the database is in use; waits for it. `conflict` when the
    // file exists, `exhausted` while another backup runs.
    virtual Result<void> backup(const std::string& file) = 0;
    // Can it read and write now? For /readyz. After a failed commit it tries a real one.
    virtual Result<void> check(const Call& call) = 0;
    virtual Stats stats() const = 0;
    // Until then every write fails as on a full disk, and nothing is written: for trials of what happens
    // then (kit/chaos). A time that has passed ends it.
    virtual void pretend_full(Deadline until) = 0;
};

class Rows::Iterator {
public:
    Iterator(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
        ++index_;
        return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

private:
    const Rows* rows_;
    std::size_t index_;
};
inline Rows::Iterator Rows::begin() const {
    return {*this, 0};
}
inline Rows::Iterator Rows::end() const {
    return {*this, size()};
}

}  // namespace jebi::sql
