#include "kit/sql/sqlite_schema.h"

#include <algorithm>
#include <array>

namespace jebi::sql {

namespace {

constexpr std::string_view create_table = "CREATE TABLE ";
constexpr std::string_view key_of_several = "PRIMARY KEY (";
constexpr std::array<std::string_view, 3> types_of_long_rows{" TEXT", " BLOB", " BYTEA"};

// Two dashes inside a literal are none.
std::string without_comments(std::string_view sql) {
    std::string out;
    bool in_literal = false;
    for (std::size_t at = 0; at < sql.size(); ++at) {
        if (!in_literal && sql.substr(at).starts_with("--")) at = std::min(sql.find('\n', at), sql.size());
        if (at == sql.size()) break;
        in_literal ^= sql[at] == '\'';
        out += sql[at];
    }
    return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

// A definition begins behind CREATE TABLE and ends with its statement.
bool is_kept_by_its_key(std::string_view definition) {
    const auto has = [definition](std::string_view words) { return definition.contains(words); };
    return has(key_of_several) && !has("WITHOUT ROWID") && std::ranges::none_of(types_of_long_rows, has);
}

}  // namespace

std::string schema_for_sqlite(std::string_view sql) {
    std::string out = without_comments(sql);
    replace_all(out, " BIGINT PRIMARY KEY", " INTEGER PRIMARY KEY");
    for (auto at = out.find(create_table); at != std::string::npos; at = out.find(create_table, at + 1)) {
        const auto end = std::min(out.find(';', at), out.size());
        if (is_kept_by_its_key(std::string_view(out).substr(at, end - at))) out.insert(end, " WITHOUT ROWID");
    }
    return out;
}

}  // namespace jebi::sql
