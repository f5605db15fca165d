#include "kit/sql/sqlite_access.h"

#include <array>

#include "kit/sql/test_folder.h"

using namespace jebi;
using namespace jebi::sql;

namespace {

// Two modules in one file, as in a monolith.
struct Monolith {
    Folder folder;
    std::unique_ptr<Database> database = opened(folder / "x.db");
    Room& users = database->room("users");
    Room& tweets = database->room("tweets");
    std::vector<Embedded> files{schema("0001_tweets.sql",
                                       "CREATE TABLE tweets (id INTEGER PRIMARY KEY, text TEXT);"
                                       "CREATE TABLE tweets_tags (tag TEXT UNIQUE, tweet INTEGER);"
                                       "CREATE VIEW tweets_latest AS SELECT id FROM tweets;")};

    Monolith() {
        REQUIRE(answer_of(migrate(users, {schema("0001_users.sql",
                                                 "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);"
                                                 "CREATE INDEX users_by_name ON users (name);"
                                                 "INSERT INTO users VALUES (1, 'kim');")})) == "ok");
        REQUIRE(answer_of(tweets.migrate(files)) == "ok");
    }

    std::string next_file(std::string_view sql) {
        auto more = files;
        more.push_back(schema("0002_more.sql", sql));
        return answer_of(tweets.migrate(more));
    }
};

}  // namespace

TEST_CASE("a name is owned when it is the module's or begins with it and an underscore") {
    CHECK(owns("tweets", "tweets"));
    CHECK(owns("tweets", "tweets_tags"));
    CHECK(owns("tweets", "TWEETS_tags"));
    CHECK_FALSE(owns("tweets", "tweetstorm"));
    CHECK_FALSE(owns("tweets", "tweet"));
    CHECK_FALSE(owns("tweets", "_tweets"));
    CHECK_FALSE(owns("tweets", ""));
}

TEST_CASE("a module is not named like what is SQLite's or the kit's") {
    CHECK(is_module_name("log_analytics"));
    for (const std::string_view name :
         {"", "sqlite", "sqlite_x", "jebi", "jebi_x", "Tweets", "tweets-x", "1x", "_x"}) {
        CHECK_FALSE(is_module_name(name));
    }
}

TEST_CASE("a room reads and writes its own tables") {
    Monolith monolith;
    for (const std::string_view sql : {
             "SELECT id, text FROM tweets",
             "SELECT count(*) FROM TWEETS",
             "SELECT id FROM tweets_latest",
             "SELECT t.id FROM (SELECT id FROM tweets) AS t",
             "WITH mine AS (SELECT id FROM tweets) SELECT id FROM mine",
             "SELECT id FROM tweets WHERE EXISTS (SELECT 1 FROM tweets_tags WHERE tweet = id)",
             "SELECT lower(text), count(*) OVER (ORDER BY id) FROM tweets",
         }) {
        CAPTURE(sql);
        CHECK(answer_of(monolith.tweets.read(patient(), sql, {})) == "ok");
        CHECK(answer_of(write_one(monolith.tweets, sql)) == "ok");
    }
    for (const std::string_view sql : {
             "INSERT INTO tweets VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET text = excluded.text "
             "RETURNING id",
             "UPDATE tweets SET text = (SELECT tag FROM tweets_tags LIMIT 1)",
             "DELETE FROM tweets WHERE id IN (SELECT tweet FROM tweets_tags)",
         }) {
        CAPTURE(sql);
        CHECK(answer_of(write_one(monolith.tweets, sql)) == "ok");
    }
}

TEST_CASE("a room reaches nothing else") {
    Monolith monolith;
    for (const std::string_view sql : {
             "SELECT name FROM users",
             "SELECT count(*) FROM users",
             "SELECT 1 FROM main.users",
             "SELECT id FROM tweets UNION SELECT id FROM users",
             "SELECT id FROM tweets WHERE id IN (SELECT id FROM users)",
             "SELECT (SELECT name FROM users WHERE users.id = tweets.id) FROM tweets",
             "WITH tweets_x AS (SELECT name FROM users) SELECT name FROM tweets_x",
             "SELECT tweets.id FROM tweets JOIN users USING (id)",
             "SELECT module FROM jebi_migrations",
             "SELECT name FROM sqlite_master",
             "SELECT name FROM sqlite_schema",
             "SELECT name FROM sqlite_temp_master",
             "SELECT * FROM pragma_table_info('users')",
             "SELECT * FROM json_each('[1]')",
             "SELECT load_extension('x')",
             "SELECT fts3_tokenizer('simple')",
             "PRAGMA table_info(tweets)",
             "PRAGMA query_only = OFF",
             "PRAGMA user_version",
             "ATTACH ':memory:' AS other",
             "EXPLAIN SELECT name FROM users",
             "INSERT INTO users VALUES (2, 'lee')",
             "INSERT INTO tweets SELECT id, name FROM users",
             "UPDATE users SET name = 'lee'",
             "UPDATE tweets SET text = users.name FROM users",
             "DELETE FROM users",
             "DELETE FROM jebi_migrations",
             "INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 2, 'x')",
             "CREATE TABLE tweets_more (id INTEGER)",
             "CREATE TEMP TABLE tweets_more (id INTEGER)",
             "CREATE INDEX tweets_more ON tweets (text)",
             "CREATE VIRTUAL TABLE tweets_search USING fts5(text)",
             "CREATE TRIGGER tweets_then AFTER INSERT ON tweets BEGIN DELETE FROM tweets_tags; END",
             "DROP TABLE tweets",
             "ALTER TABLE tweets ADD COLUMN more TEXT",
             "ANALYZE tweets",
             "REINDEX tweets_tags",
             "VACUUM",
         }) {
        CAPTURE(sql);
        CHECK(answer_of(monolith.tweets.read(patient(), sql, {})) == "internal");
        CHECK(answer_of(write_one(monolith.tweets, sql)) == "internal");
    }
    const auto refused = monolith.tweets.read(patient(), "SELECT name FROM users", {});
    CHECK(refused.error().detail.find("access to users.name is prohibited") != std::string::npos);
    CHECK(refused.error().message.find("users") == std::string::npos);
    CHECK(count_of(monolith.users, "users") == 1);
}

TEST_CASE("the same text is judged for each room, though it was prepared for another") {
    Monolith monolith;
    const auto* sql = "SELECT name FROM users";
    CHECK(answer_of(monolith.users.read(patient(), sql, {})) == "ok");
    CHECK(answer_of(monolith.tweets.read(patient(), sql, {})) == "internal");
    CHECK(answer_of(write_one(monolith.users, sql)) == "ok");
    CHECK(answer_of(write_one(monolith.tweets, sql)) == "internal");
    CHECK(answer_of(monolith.users.read(patient(), sql, {})) == "ok");
}

TEST_CASE("migrations define what is the module's own") {
    Monolith monolith;
    CHECK(monolith.next_file("CREATE TABLE tweets_more (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT);"
                             "CREATE UNIQUE INDEX tweets_more_by_b ON tweets_more (b) WHERE a IS NOT NULL;"
                             "INSERT INTO tweets_more (id, a) SELECT id, text FROM tweets;"
                             "ALTER TABLE tweets_more ADD COLUMN c INTEGER NOT NULL DEFAULT 0;"
                             "ALTER TABLE tweets_more RENAME COLUMN c TO d;"
                             "ALTER TABLE tweets_more DROP COLUMN d;"
                             "ALTER TABLE tweets_more RENAME TO tweets_other;"
                             "CREATE VIEW tweets_view AS SELECT a FROM tweets_other;"
                             "DROP VIEW tweets_view; DROP INDEX tweets_more_by_b; DROP TABLE tweets_other;"
                             "CREATE TABLE tweets_copy AS SELECT id FROM tweets;") == "ok");
}

TEST_CASE("migrations define nothing else") {
    Monolith monolith;
    for (const std::string_view sql : {
             "CREATE TABLE tweetstorm (id INTEGER)",
             "CREATE TABLE users_more (id INTEGER)",
             "CREATE TEMP TABLE tweets_more (id INTEGER)",
             "CREATE TABLE tweets_more (id INTEGER PRIMARY KEY AUTOINCREMENT)",
             "CREATE INDEX users_more ON tweets (text)",
             "CREATE INDEX tweets_more ON users (name)",
             "CREATE VIEW users_more AS SELECT id FROM tweets",
             "CREATE TRIGGER tweets_then AFTER INSERT ON tweets BEGIN DELETE FROM users; END",
             "CREATE VIRTUAL TABLE tweets_search USING fts5(text)",
             "CREATE TABLE tweets_more AS SELECT name FROM users",
             "DROP TABLE users",
             "DROP INDEX users_by_name",
             "ALTER TABLE users ADD COLUMN more TEXT",
             "ALTER TABLE tweets RENAME TO users_more",
             "ALTER TABLE tweets RENAME TO tweetstorm",
             "INSERT INTO users VALUES (2, 'lee')",
             "DELETE FROM jebi_migrations",
             "SELECT name FROM sqlite_master",
             "UPDATE sqlite_master SET name = 'x'",
             "PRAGMA writable_schema = ON",
             "ATTACH ':memory:' AS other",
             "DETACH main",
             "ANALYZE",
             "BEGIN",
             "ROLLBACK",
         }) {
        CAPTURE(sql);
        CHECK(monolith.next_file(sql) == "internal");
    }
    CHECK(monolith.next_file("CREATE TABLE tweets_more (id INTEGER)") == "ok");
}

TEST_CASE("a view that reaches elsewhere is of no use") {
    Monolith monolith;
    REQUIRE(monolith.next_file("CREATE VIEW tweets_spy AS SELECT name FROM users") == "ok");
    CHECK(answer_of(monolith.tweets.read(patient(), "SELECT name FROM tweets_spy", {})) == "internal");
    CHECK(answer_of(monolith.tweets.read(patient(), "SELECT count(*) FROM tweets_spy", {})) == "internal");
    CHECK(answer_of(write_one(monolith.tweets, "INSERT INTO tweets SELECT 1, name FROM tweets_spy")) ==
          "internal");
}

// The statement is prepared and kept while the view is harmless, and prepared anew by SQLite itself, inside
// a step, after the view has changed.
TEST_CASE("a statement is judged again when the schema has changed") {
    Monolith monolith;
    const auto* sql = "SELECT id FROM tweets_latest";
    REQUIRE(answer_of(monolith.tweets.read(patient(), sql, {})) == "ok");
    REQUIRE(answer_of(write_one(monolith.tweets, sql)) == "ok");
    REQUIRE(monolith.next_file(
                "DROP VIEW tweets_latest; CREATE VIEW tweets_latest AS SELECT id FROM users;") == "ok");
    CHECK(answer_of(monolith.tweets.read(patient(), sql, {})) == "internal");
    CHECK(answer_of(write_one(monolith.tweets, sql)) == "internal");
}
