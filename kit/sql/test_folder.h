// For the tests of this room: a folder that goes with the test, schema files, and what an answer was.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "kit/sql/sqlite.h"

namespace jebi::sql {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "jebi-sql-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline void write_file(const std::string& file, const std::string& content) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << content;
}

inline std::string content_of(const std::string& file) {
    std::ostringstream content;
    content << std::ifstream{file, std::ios::binary}.rdbuf();
    return content.str();
}

inline Embedded schema(std::string_view path, std::string_view sql) {
    return {.path = path, .content = sql};
}

inline Result<void> migrate(Room& room, std::vector<Embedded> files) {
    return room.migrate(files);
}

// "ok", or the name of the code.
template <typename T>
std::string answer_of(const Result<T>& result) {
    return result ? "ok" : std::string{name(result.error().code)};
}

inline Call patient() {
    return Call{.until = in(Millis{60'000})};
}

inline Result<Outcome> write_one(Room& room, std::string_view sql, std::vector<Value> parameters = {},
                                 const Call& call = patient()) {
    Batch batch;
    batch.add({.sql = sql, .parameters = std::move(parameters)});
    return room.write(call, std::move(batch));
}

inline std::int64_t count_of(Room& room, std::string_view table) {
    const auto rows = room.read(patient(), "SELECT count(*) FROM " + std::string{table}, {});
    REQUIRE(answer_of(rows) == "ok");
    return (*rows)[0].integer(0);
}

inline std::unique_ptr<Database> opened(const std::string& file, SqliteOptions options = {}) {
    options.file = file;
    auto database = open_sqlite(options);
    REQUIRE_MESSAGE(database.has_value(), (database ? "" : database.error().message));
    return std::move(*database);
}

}  // namespace jebi::sql
