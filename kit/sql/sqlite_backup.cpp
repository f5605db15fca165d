#include "kit/sql/sqlite_backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "kit/sql/sqlite.h"
#include "kit/sql/sqlite_file.h"

namespace jebi::sql {

namespace {

constexpr std::size_t copy_cache_bytes = 8 * 1024 * 1024;

void remove_database(const std::string& file) {
    for (const char* part : {"", "-wal", "-shm", "-journal"})
        ::unlink((file + part).c_str());
}

// A half-made copy; gone at the end unless it was moved to its place.
struct Draft {
    explicit Draft(std::string name) : file(std::move(name)) { remove_database(file); }
    Draft(const Draft&) = delete;
    ~Draft() { remove_database(file); }
    const std::string file;
};

Error exists(const std::string& file) {
    return error(Code::conflict,
                 "The file " + file + " is there already. Name a new one; nothing was written.")
        .because("file_exists");
}

Error damaged(const std::string& file, const std::string& detail) {
    return error(Code::unavailable,
                 "The backup " + file + " is damaged. Use another one; nothing was replaced.")
        .because("damaged")
        .detailed(detail);
}

// One file, without a log beside it, and on the disk.
Result<void> copy(const ConnectionOptions& source, const std::string& file, const std::atomic<bool>& stop) {
    TRY_VOID(make_file(file));
    TRY(const auto from, Connection::open(source, Connection::Mode::read));
    TRY(const auto to,
        Connection::open({.file = file, .cache_bytes = copy_cache_bytes}, Connection::Mode::write));
    TRY_VOID(to->run("PRAGMA synchronous = OFF"));  // one fsync at the end does
    TRY_VOID(from->copy_to(*to, stop));
    TRY_VOID(to->run("PRAGMA journal_mode = DELETE"));
    return {};
}

// The name appears at once and whole; with RENAME_NOREPLACE only where there was none.
Result<void> move_into_place(const std::string& draft, const std::string& file, unsigned how) {
    TRY_VOID(sync_file(draft));
    if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, file.c_str(), how) != 0) {
        if (errno == EEXIST) return fail(exists(file));
        return fail(
            file_error("The file " + file + " cannot be put in its place", "Look at its folder.", errno));
    }
    return sync_folder_of(file);
}

Result<void> check_ours(Connection& connection, const std::string& named) {
    TRY(const std::int64_t application, connection.integer("PRAGMA application_id"));
    TRY(const std::int64_t format, connection.integer("PRAGMA user_version"));
    return check_marks(named, application, format);
}

// Is it ours, and is every page of it what it should be?
Result<void> verify(const std::string& file, const std::string& named) {
    TRY(const auto connection,
        Connection::open({.file = file, .cache_bytes = copy_cache_bytes}, Connection::Mode::read));
    TRY_VOID(check_ours(*connection, named));
    TRY(const Outcome::Done report, connection->run("PRAGMA integrity_check(1)"));
    if (report.rows[0].text(0) != "ok") return fail(damaged(named, report.rows[0].text(0)));
    return {};
}

// What SQLite cannot read is told as what it is for the person who restores.
Result<void> checked_copy(const std::string& backup, const std::string& draft) {
    const std::atomic<bool> never{false};
    auto done = copy({.file = backup, .cache_bytes = copy_cache_bytes}, draft, never);
    if (done) done = verify(draft, backup);
    if (!done && done.error().reason == "damaged") return fail(damaged(backup, done.error().detail));
    return done;
}

// Brings the write-ahead log of the file that will be replaced into it: were we cut off between the
// two steps of a replacement, the old log would be taken for one of the new file, or the old file
// would lack its end. A file too damaged for that loses its log.
void fold_log(const std::string& file) {
    {
        const auto old =
            Connection::open({.file = file, .cache_bytes = copy_cache_bytes}, Connection::Mode::write);
        // Closing the only connection brings in the log and removes it.
        if (old) static_cast<void>((*old)->run("SELECT count(*) FROM sqlite_schema"));
    }
    for (const char* part : {"-wal", "-shm", "-journal"})
        ::unlink((file + part).c_str());
}

}  // namespace

Result<void> backup_sqlite(const ConnectionOptions& source, const std::string& file,
                           const std::atomic<bool>& stop) {
    TRY(const std::string target, absolute_path(file));
    if (std::filesystem::exists(target)) return fail(exists(target));
    const Draft draft{target + ".part"};
    TRY_VOID(copy(source, draft.file, stop));
    return move_into_place(draft.file, target, RENAME_NOREPLACE);
}

Result<void> backup_sqlite(const std::string& file, const std::string& backup) {
    TRY(const std::string from, absolute_path(file));
    if (!std::filesystem::exists(from)) {
        return fail(error(Code::invalid, "There is no database " + from + ". Name its folder with --data.")
                        .because("database_missing"));
    }
    const ConnectionOptions source{.file = from, .cache_bytes = copy_cache_bytes};
    TRY(auto reader, Connection::open(source, Connection::Mode::read));
    TRY_VOID(check_ours(*reader, from));
    // When nobody else has it open, this one is the last to close and clears the log's files away, which
    // one that only reads leaves behind.
    TRY(const auto last, Connection::open(source, Connection::Mode::write));
    TRY_VOID(last->run("SELECT count(*) FROM sqlite_schema"));
    reader.reset();
    const std::atomic<bool> never{false};
    return backup_sqlite(source, backup, never);
}

Result<void> restore_sqlite(const std::string& backup, const std::string& file) {
    TRY(const std::string source, absolute_path(backup));
    TRY(const std::string target, absolute_path(file));
    if (!std::filesystem::exists(source)) {
        return fail(error(Code::not_found, "There is no backup " + source + ". Name one that is there.")
                        .because("backup_missing"));
    }
    TRY(const FileLock lock, FileLock::take(target));
    TRY_VOID(check_header(target));
    const Draft draft{target + ".part"};
    TRY_VOID(checked_copy(source, draft.file));
    if (std::filesystem::exists(target)) fold_log(target);
    TRY_VOID(sync_folder_of(target));
    return move_into_place(draft.file, target, 0);
}

}  // namespace jebi::sql
