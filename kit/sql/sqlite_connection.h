// One connection to one SQLite file: statements prepared once and kept, $1 parameters, rows, errors.
//
// Used by one thread at a time. Only this, sqlite_access.cpp and sqlite_error.cpp include <sqlite3.h>.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kit/sql/database.h"
#include "kit/sql/sqlite_access.h"

struct sqlite3;
struct sqlite3_stmt;

namespace jebi::sql {

struct ConnectionOptions {
    std::string file;  // an absolute path: SQLite would read "file:..." as a URI
    std::size_t cache_bytes = 0;
    std::size_t memory_map_bytes = 0;
};

class Connection {
public:
    enum class Mode : std::uint8_t { read, write };
    // The file must be there. Another process that holds a lock is waited for, shortly.
    static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options, Mode mode);
    ~Connection();
    Connection(const Connection&) = delete;

    // Runs one statement to its end. Beyond `until` it is interrupted: `deadline`.
    Result<Outcome::Done> run(const Access& access, std::string_view sql, std::span<const Value> parameters,
                              Deadline until = Deadline::max());
    // One of the kit's own statements, without parameters.
    Result<Outcome::Done> run(std::string_view sql) { return run(everything, sql, {}); }
    // The one integer that a statement of the kit's own answers.
    Result<std::int64_t> integer(std::string_view sql);
    // Several statements, none of which is kept.
    Result<void> run_script(const Access& access, std::string_view sql);

    // Another file beside this one, its tables as `source.x`. For the kit's own statements only.
    Result<void> attach_source(const std::string& file);

    // False also when SQLite has rolled back by itself, as it does after some errors.
    bool in_transaction() const;
    // Pages in the write-ahead log after this connection's last commit.
    int log_pages() const { return log_pages_; }
    // Brings what it can from the write-ahead log into the file, waiting for nobody.
    Result<void> checkpoint();
    // Copies the whole database as it is now into `target`, whatever others write meanwhile.
    Result<void> copy_to(Connection& target, const std::atomic<bool>& stop);

private:
    struct Prepared {
        struct Finalize {
            void operator()(sqlite3_stmt* statement) const;
        };
        std::unique_ptr<sqlite3_stmt, Finalize> handle;
        std::vector<std::size_t> places;  // which of our parameters stands at which of SQLite's
        std::size_t parameters = 0;
        bool changes = false;
    };
    struct Key {
        const Access* access;  // what one room may is not what another may
        std::string sql;
    };
    struct KeyView {
        const Access* access;
        std::string_view sql;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const KeyView& key) const;
        std::size_t operator()(const Key& key) const { return (*this)(KeyView{key.access, key.sql}); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const auto& a, const auto& b) const { return a.access == b.access && a.sql == b.sql; }
    };

    Connection() = default;
    Result<void> configure(const ConnectionOptions& options, Mode mode);
    void install_callbacks();
    // Cuts the first statement off `sql`. Without a statement when only a comment was left.
    Result<Prepared> prepare(std::string_view& sql, unsigned flags);
    Result<Prepared*> prepared(const Access& access, std::string_view sql);
    Result<void> bind(const Prepared& prepared, std::span<const Value> parameters, std::string_view sql);
    Result<Rows> step_to_end(const Prepared& prepared, std::string_view sql);
    Error failure(int status, std::string_view sql) const;

    sqlite3* database_ = nullptr;
    Authorizer authorizer_;
    Deadline until_ = Deadline::max();
    int log_pages_ = 0;
    std::unordered_map<Key, Prepared, Hash, Equal> statements_;
};

}  // namespace jebi::sql
