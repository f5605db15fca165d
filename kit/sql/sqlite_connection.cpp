#include "kit/sql/sqlite_connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <charconv>

#include "kit/sql/sqlite_error.h"

namespace jebi::sql {

namespace {

constexpr int busy_wait_ms = 1'000;
constexpr std::size_t statements_max = 512;  // kept per connection; beyond, they start over
constexpr std::size_t sql_bytes_max = 100'000;
constexpr int steps_between_looks_at_the_clock = 20'000;  // well under a millisecond of SQLite's machine
constexpr int copied_pages_at_once = 1'024;

struct Setting {
    int id;
    int value;
};
// What no statement may exceed, whoever wrote it.
constexpr Setting limits[] = {
    {SQLITE_LIMIT_LENGTH, row_bytes_max},
    {SQLITE_LIMIT_SQL_LENGTH, sql_bytes_max},
    {SQLITE_LIMIT_VARIABLE_NUMBER, parameters_max},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

constexpr Setting switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},  // "x" is a name and never a string, as in PostgreSQL
    {SQLITE_DBCONFIG_DQS_DML, 0},
};

// "$12" -> 12; nothing for any other way of writing a parameter.
std::optional<std::size_t> parameter_number(const char* name) {
    const std::string_view digits = name == nullptr || *name != '$' ? std::string_view{} : name + 1;
    std::size_t number = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = !digits.empty() && status == std::errc{} && end == digits.data() + digits.size();
    if (!whole || digits.front() == '0' || number > parameters_max) return std::nullopt;
    return number;
}

struct Binder {
    sqlite3_stmt* statement;
    int place;

    int operator()(std::monostate) const { return sqlite3_bind_null(statement, place); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, place, number); }
    int operator()(double number) const { return sqlite3_bind_double(statement, place, number); }
    // The values outlive the statement's run, so SQLite need not copy them.
    int operator()(const std::string& text) const {
        return sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob& blob) const {
        static constexpr std::uint8_t nothing = 0;  // a null pointer would bind NULL instead of no bytes
        return sqlite3_bind_blob64(statement, place, blob.empty() ? &nothing : blob.data(), blob.size(),
                                   SQLITE_STATIC);
    }
};

// An unprotected value may be read, as no other thread uses the connection meanwhile.
void add_column(Rows& rows, sqlite3_stmt* statement, int index) {
    sqlite3_value* const value = sqlite3_column_value(statement, index);
    switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            return rows.add<std::int64_t>(sqlite3_value_int64(value));
        case SQLITE_FLOAT:
            return rows.add<double>(sqlite3_value_double(value));
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
            return rows.add<std::string>(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
        }
        case SQLITE_BLOB: {
            const auto* first = static_cast<const std::uint8_t*>(sqlite3_value_blob(value));
            return rows.add<Blob>(first, first + sqlite3_value_bytes(value));
        }
        default:
            return rows.add<std::monostate>();
    }
}

// Once per process, before SQLite starts: its memory statistics take one lock for all threads.
void configure_library() {
    [[maybe_unused]] static const int status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// Ends a statement's run, so that its read transaction ends as well.
struct Reset {
    sqlite3_stmt* statement;
    ~Reset() { sqlite3_reset(statement); }
};

}  // namespace

void Connection::Prepared::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

std::size_t Connection::Hash::operator()(const KeyView& key) const {
    return std::hash<std::string_view>{}(key.sql) ^ std::hash<const void*>{}(key.access);
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options, Mode mode) {
    assert(options.file.starts_with('/'));
    configure_library();
    std::unique_ptr<Connection> connection{new Connection};
    const int how = mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int status = sqlite3_open_v2(options.file.c_str(), &connection->database_,
                                       how | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (status != SQLITE_OK) return fail(connection->failure(status, "open " + options.file));
    TRY_VOID(connection->configure(options, mode));
    connection->install_callbacks();
    return connection;
}

Connection::~Connection() {
    statements_.clear();
    sqlite3_close(database_);
}

Result<void> Connection::configure(const ConnectionOptions& options, Mode mode) {
    sqlite3_busy_timeout(database_, busy_wait_ms);
    for (const auto& [id, value] : limits)
        sqlite3_limit(database_, id, value);
    for (const auto& [id, value] : switches)
        sqlite3_db_config(database_, id, value, nullptr);
    return run_script(everything,
                      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;"
                      "PRAGMA journal_size_limit = 67108864;"
                      "PRAGMA cache_size = -" +
                          std::to_string(options.cache_bytes / 1024) +
                          ";"
                          "PRAGMA mmap_size = " +
                          std::to_string(options.memory_map_bytes) + ";" +
                          (mode == Mode::read ? "PRAGMA query_only = ON;" : ""));
}

void Connection::install_callbacks() {
    sqlite3_set_authorizer(
        database_,
        [](void* self, int action, const char* first, const char* second, const char* database, const char*) {
            auto& authorizer = static_cast<Connection*>(self)->authorizer_;
            return authorizer.allows(action, first, second, database) ? SQLITE_OK : SQLITE_DENY;
        },
        this);
    sqlite3_progress_handler(
        database_, steps_between_looks_at_the_clock,
        [](void* self) {
            return std::chrono::steady_clock::now() >= static_cast<Connection*>(self)->until_ ? 1 : 0;
        },
        this);
    // Also switches SQLite's own checkpoints off, which would run inside a commit.
    sqlite3_wal_hook(
        database_,
        [](void* self, sqlite3*, const char*, int pages) {
            static_cast<Connection*>(self)->log_pages_ = pages;
            return SQLITE_OK;
        },
        this);
}

Result<Outcome::Done> Connection::run(const Access& access, std::string_view sql,
                                      std::span<const Value> parameters, Deadline until) {
    until_ = until;
    authorizer_.use(access);
    TRY(const Prepared* statement, prepared(access, sql));
    TRY_VOID(bind(*statement, parameters, sql));
    TRY(Rows rows, step_to_end(*statement, sql));
    return Outcome::Done{std::move(rows), statement->changes ? sqlite3_changes64(database_) : 0};
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
    TRY(const Outcome::Done done, run(sql));
    return done.rows[0].integer(0);
}

Result<void> Connection::run_script(const Access& access, std::string_view sql) {
    until_ = Deadline::max();
    while (!sql.empty()) {
        authorizer_.use(access);
        const std::string_view rest = sql;
        TRY(const Prepared statement, prepare(sql, 0));
        if (statement.handle == nullptr) continue;
        TRY_VOID(bind(statement, {}, rest));
        TRY_VOID(step_to_end(statement, rest));
    }
    return {};
}

Result<void> Connection::attach_source(const std::string& file) {
    sqlite3_limit(database_, SQLITE_LIMIT_ATTACHED, 1);
    TRY_VOID(run(everything, "ATTACH $1 AS source", std::vector{value(file)}));
    return {};
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(database_) == 0;
}

Result<void> Connection::checkpoint() {
    const int status =
        sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (status != SQLITE_OK && status != SQLITE_BUSY) return fail(failure(status, "checkpoint"));
    return {};
}

Result<void> Connection::copy_to(Connection& target, const std::atomic<bool>& stop) {
    // A read transaction of our own: without one every commit of the writer would start the copy over.
    TRY_VOID(run("BEGIN"));
    TRY_VOID(run("SELECT count(*) FROM sqlite_schema"));
    sqlite3_backup* copy = sqlite3_backup_init(target.database_, "main", database_, "main");
    if (copy == nullptr) return fail(target.failure(sqlite3_extended_errcode(target.database_), "copy"));
    int status = SQLITE_OK;
    while (status == SQLITE_OK && !stop)
        status = sqlite3_backup_step(copy, copied_pages_at_once);
    const int finished = sqlite3_backup_finish(copy);
    if (stop) return fail(Code::unavailable, "The database is being closed.");
    if (status != SQLITE_DONE || finished != SQLITE_OK) return fail(target.failure(status, "copy"));
    TRY_VOID(run("COMMIT"));
    return {};
}

Result<Connection::Prepared> Connection::prepare(std::string_view& sql, unsigned flags) {
    if (sql.size() > sql_bytes_max) return fail(mistake("the text is too long", sql));
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const int status =
        sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), flags, &made, &rest);
    if (status != SQLITE_OK) return fail(failure(status, sql));
    Prepared prepared;
    prepared.handle.reset(made);
    const std::string_view all = std::exchange(sql, sql.substr(static_cast<std::size_t>(rest - sql.data())));
    for (int place = 1; place <= sqlite3_bind_parameter_count(made); ++place) {
        const auto number = parameter_number(sqlite3_bind_parameter_name(made, place));
        if (!number) return fail(mistake("a parameter that is not $1, $2, ...", all));
        prepared.places.push_back(*number - 1);
        prepared.parameters = std::max(prepared.parameters, *number);
    }
    prepared.changes = made != nullptr && sqlite3_stmt_readonly(made) == 0;
    return prepared;
}

Result<Connection::Prepared*> Connection::prepared(const Access& access, std::string_view sql) {
    if (const auto found = statements_.find(KeyView{&access, sql}); found != statements_.end())
        return &found->second;
    std::string_view rest = sql;
    TRY(Prepared made, prepare(rest, SQLITE_PREPARE_PERSISTENT));
    if (made.handle == nullptr) return fail(mistake("no statement", sql));
    if (rest.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
        return fail(mistake("more than one statement", sql));
    }
    if (statements_.size() >= statements_max) statements_.clear();
    return &statements_.emplace(Key{&access, std::string{sql}}, std::move(made)).first->second;
}

Result<void> Connection::bind(const Prepared& prepared, std::span<const Value> parameters,
                              std::string_view sql) {
    if (prepared.parameters != parameters.size()) {
        return fail(mistake(std::to_string(parameters.size()) + " values for " +
                                std::to_string(prepared.parameters) + " parameters",
                            sql));
    }
    for (std::size_t i = 0; i < prepared.places.size(); ++i) {
        const Binder binder{prepared.handle.get(), static_cast<int>(i + 1)};
        const int status = std::visit(binder, parameters[prepared.places[i]]);
        if (status != SQLITE_OK) return fail(failure(status, sql));
    }
    return {};
}

Result<Rows> Connection::step_to_end(const Prepared& prepared, std::string_view sql) {
    sqlite3_stmt* statement = prepared.handle.get();
    const Reset reset{statement};
    Rows rows;
    int status = sqlite3_step(statement);
    // Only now: the first step prepares anew when the schema has changed, perhaps to other columns.
    const int columns = sqlite3_column_count(statement);
    rows.start(static_cast<std::size_t>(columns));
    for (; status == SQLITE_ROW; status = sqlite3_step(statement)) {
        if (rows.size() == rows_max) {
            return fail(error(Code::invalid, "This answers too much at once.").because("too_many_rows"));
        }
        for (int index = 0; index < columns; ++index)
            add_column(rows, statement, index);
    }
    if (status != SQLITE_DONE) return fail(failure(status, sql));
    return rows;
}

Error Connection::failure(int status, std::string_view sql) const {
    return error_of(status, database_ == nullptr ? sqlite3_errstr(status) : sqlite3_errmsg(database_), sql);
}

}  // namespace jebi::sql
