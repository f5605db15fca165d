#include "kit/sql/sqlite_schema.h"

#include "kit/sql/database_cases.h"
#include "kit/sql/sqlite_connection.h"

using namespace jebi;
using namespace jebi::sql;

TEST_CASE("a number that is the key is the rowid") {
    CHECK(schema_for_sqlite("CREATE TABLE a (id BIGINT PRIMARY KEY, n BIGINT);") ==
          "CREATE TABLE a (id INTEGER PRIMARY KEY, n BIGINT);");
}

TEST_CASE("numbers by a key of several columns are kept by it") {
    CHECK(schema_for_sqlite(
              "CREATE TABLE a (x BIGINT, y BIGINT, PRIMARY KEY (x, y));\nCREATE INDEX i ON a (y);") ==
          "CREATE TABLE a (x BIGINT, y BIGINT, PRIMARY KEY (x, y)) WITHOUT ROWID;\nCREATE INDEX i ON a (y);");
    CHECK(schema_for_sqlite("CREATE TABLE a (x BIGINT, y BIGINT, PRIMARY KEY (x, y))") ==
          "CREATE TABLE a (x BIGINT, y BIGINT, PRIMARY KEY (x, y)) WITHOUT ROWID");
}

TEST_CASE("rows that may be long, and what is no table, stay as they are") {
    for (const std::string_view sql :
         {"CREATE TABLE a (x BIGINT, y TEXT, PRIMARY KEY (x, y));",
          "CREATE TABLE a (x BIGINT, y BLOB, PRIMARY KEY (x));", "CREATE TABLE a (x TEXT PRIMARY KEY);",
          "ALTER TABLE a ADD COLUMN n BIGINT NOT NULL DEFAULT 0;", "CREATE INDEX i ON a (y);",
          "CREATE TABLE a (x TEXT PRIMARY KEY, y TEXT DEFAULT 'it''s -- no comment');",
          "UPDATE a SET y = 'PRIMARY KEY (';"})
        CHECK(schema_for_sqlite(sql) == sql);
}

TEST_CASE("each table is looked at by itself, and comments are not") {
    CHECK(schema_for_sqlite(
              "-- One; has TEXT.\nCREATE TABLE a (x BIGINT, -- a key; TEXT\n y BIGINT, PRIMARY KEY (x, y));\n"
              "CREATE TABLE b (x BIGINT, y TEXT, PRIMARY KEY (x, y));") ==
          "\nCREATE TABLE a (x BIGINT, \n y BIGINT, PRIMARY KEY (x, y)) WITHOUT ROWID;\n"
          "CREATE TABLE b (x BIGINT, y TEXT, PRIMARY KEY (x, y));");
}

TEST_CASE("SQLite has one tree for each such table") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    const std::string sql =
        "CREATE TABLE trees_a (id BIGINT PRIMARY KEY);"
        "CREATE TABLE trees_b (x BIGINT NOT NULL, y BIGINT NOT NULL, PRIMARY KEY (x, y));";
    const Embedded file{"0001_trees.sql", sql};
    REQUIRE(database->room("trees").migrate({&file, 1}).has_value());
    const auto connection = Connection::open({.file = folder / "x.db"}, Connection::Mode::read).value();
    CHECK(connection
              ->integer("SELECT count(*) FROM sqlite_schema WHERE tbl_name LIKE 'trees%' AND type = 'index'")
              .value() == 0);
}
