#include "kit/sql/sqlite.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>

#include "kit/sql/sqlite_backup.h"
#include "kit/sql/sqlite_connection.h"
#include "kit/sql/sqlite_file.h"
#include "kit/sql/sqlite_migrations.h"
#include "kit/sql/sqlite_readers.h"
#include "kit/sql/sqlite_writer.h"

namespace jebi::sql {

namespace {

constexpr Millis backup_ms_max{3'600'000};

class SqliteRoom final : public Room {
public:
    SqliteRoom(const std::string& module, const ConnectionOptions& options, Readers& readers, Writer& writer)
        : may_read_{Access::Level::read, module},
          may_write_{Access::Level::write, module},
          may_migrate_{Access::Level::migrate, module},
          options_(options),
          readers_(readers),
          writer_(writer) {}

    Result<Rows> read(const Call& call, std::string_view sql, std::vector<Value> parameters) override {
        if (call.expired()) return fail(Code::deadline, "This took too long, so it was not begun.");
        TRY(const auto connection, readers_.mine());
        TRY(Outcome::Done done, connection->run(may_read_, sql, parameters, call.until));
        return std::move(done.rows);
    }

    Result<Outcome> write(const Call& call, Batch batch) override {
        if (call.expired()) return fail(Code::deadline, "This took too long, so it was not begun.");
        return writer_.write(may_write_, call, std::move(batch));
    }

    // On a connection of its own: SQLite's lock keeps the writer out meanwhile.
    Result<void> migrate(std::span<const Embedded> files) override {
        TRY(const auto connection, Connection::open(options_, Connection::Mode::write));
        auto migrated = sql::migrate(*connection, may_migrate_, files);
        readers_.committed();
        return migrated;
    }

private:
    const Access may_read_;
    const Access may_write_;
    const Access may_migrate_;
    const ConnectionOptions& options_;
    Readers& readers_;
    Writer& writer_;
};

class SqliteDatabase final : public Database {
public:
    SqliteDatabase(FileLock lock, ConnectionOptions options, std::unique_ptr<Connection> connection,
                   GroupLimits limits)
        : lock_(std::move(lock)),
          options_(std::move(options)),
          readers_(options_),
          writer_(options_, std::move(connection), limits, readers_) {}

    ~SqliteDatabase() override {
        closing_ = true;
        readers_.close();
    }

    Room& room(std::string_view module) override {
        assert(is_module_name(module));
        const std::lock_guard lock{rooms_mutex_};
        if (const auto found = rooms_.find(module); found != rooms_.end()) return *found->second;
        for (const auto& [other, room] : rooms_)
            assert(!owns(other, module) && !owns(module, other));
        auto made = std::make_unique<SqliteRoom>(std::string{module}, options_, readers_, writer_);
        return *rooms_.emplace(module, std::move(made)).first->second;
    }

    Result<void> backup(const std::string& file) override {
        const auto work = [this, file] { return backup_sqlite(options_, file, closing_); };
        return backups_.run(in(backup_ms_max), work);
    }

    Result<void> check(const Call& call) override {
        TRY_VOID(read_something(call));
        return writer_.probe(call);
    }

    Stats stats() const override { return writer_.stats(); }

    void pretend_full(Deadline until) override { writer_.pretend_full(until); }

private:
    Result<void> read_something(const Call& call) {
        TRY(const auto connection, readers_.mine());
        TRY_VOID(connection->run(everything, "SELECT count(*) FROM jebi_migrations", {}, call.until));
        return {};
    }

    // In an order that matters: what stands lower ends first. The writer drains its queue, which points
    // into rooms; its connection is the last one to close, and so brings the log into the file.
    const FileLock lock_;
    const ConnectionOptions options_;
    std::mutex rooms_mutex_;
    std::map<std::string, std::unique_ptr<SqliteRoom>, std::less<>> rooms_;
    Readers readers_;
    Writer writer_;
    std::atomic<bool> closing_{false};
    fiber::Pool backups_{"sql-backup", 1, 1};
};

// Before the file is switched to WAL, so that its first page always says whose it is.
Result<void> stamp(Connection& connection) {
    TRY_VOID(connection.run("PRAGMA auto_vacuum = NONE"));
    TRY_VOID(connection.run("BEGIN IMMEDIATE"));
    TRY_VOID(connection.run("PRAGMA application_id = " + std::to_string(application_id)));
    TRY_VOID(connection.run("PRAGMA user_version = " + std::to_string(format_version)));
    TRY_VOID(connection.run(migrations_table));
    TRY_VOID(connection.run("COMMIT"));
    return {};
}

Result<void> prepare(Connection& connection, const std::string& file) {
    TRY(const std::int64_t pages, connection.integer("PRAGMA page_count"));
    if (pages == 0) TRY_VOID(stamp(connection));
    TRY(const std::int64_t application, connection.integer("PRAGMA application_id"));
    TRY(const std::int64_t format, connection.integer("PRAGMA user_version"));
    TRY_VOID(check_marks(file, application, format));
    TRY(const Outcome::Done mode, connection.run("PRAGMA journal_mode = WAL"));
    if (mode.rows[0].text(0) != "wal") {
        return fail(error(Code::unavailable, "The database " + file +
                                                 " cannot use a write-ahead log here."
                                                 " Put it on a local disk.")
                        .because("not_writable"));
    }
    // Reads every table's definition.
    TRY_VOID(connection.run("SELECT count(*) FROM jebi_migrations"));
    return sync_folder_of(file);
}

Error with_file(Error why, const std::string& file) {
    if (why.reason == "damaged") why.message = "The database " + file + " is damaged. Restore a backup.";
    return why;
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options) {
    TRY(const std::string file, absolute_path(options.file));
    TRY(FileLock lock, FileLock::take(file));
    TRY_VOID(check_header(file));
    TRY_VOID(make_file(file));
    const ConnectionOptions settings{file, options.cache_bytes, options.memory_map_bytes};
    auto connection = Connection::open(settings, Connection::Mode::write);
    if (!connection) return fail(with_file(connection.error(), file));
    if (auto prepared = prepare(**connection, file); !prepared)
        return fail(with_file(prepared.error(), file));
    const GroupLimits limits{std::max<std::size_t>(options.group_max, 1), options.group_ms_max};
    return std::make_unique<SqliteDatabase>(std::move(lock), settings, std::move(*connection), limits);
}

}  // namespace jebi::sql
