#include "tests/tidy/tidy.h"

#include <doctest/doctest.h>

using namespace jebi::tidy;

namespace {

using Rule = Faults (*)(const Tree&);

void expect_none(const Faults& faults) {
    for (const auto& fault : faults)
        FAIL_CHECK(fault);
}

// The whole tree, read once. The tests run in its root (tests/CMakeLists.txt).
const Tree& jebi_tree() {
    static const Tree tree = tree_at(std::filesystem::current_path());
    return tree;
}

// A small tree that keeps every rule, with one file put in or replaced.
Tree tree_with(const std::string& path, const std::string& text) {
    Tree tree{
        {"ARCHITECTURE.md", "kit/base kit/sql modules/cats modules/dogs app tests\n"},
        {"CMakeLists.txt", "foreach(room kit/base kit/sql modules/cats modules/dogs app tests)\n"},
        {"app/CMakeLists.txt", "\n"},
        {"app/zoo.cpp", "#include \"modules/cats/service.h\"\n#include <unistd.h>\n"},
        {"kit/base/CMakeLists.txt", "\n"},
        {"kit/base/text.h", "#include <string>\n"},
        {"kit/sql/CMakeLists.txt", "\n"},
        {"kit/sql/sqlite.cpp", "#include <sqlite3.h>\n#include \"kit/base/text.h\"\n"},
        {"modules/cats/CMakeLists.txt", "\n"},
        {"modules/cats/schema/0001_cats.sql",
         "CREATE TABLE cats (id INTEGER); -- from whom\nCREATE INDEX i ON cats (id);\n"},
        {"modules/cats/service.cpp",
         "#include \"modules/dogs/dogs.jebi.h\"\nauto q = \"SELECT id FROM cats\";\n"},
        {"modules/cats/service.h", "#include \"kit/base/text.h\"\n"},
        {"modules/dogs/CMakeLists.txt", "\n"},
        {"modules/dogs/service_test.cpp", "#include <doctest/doctest.h>\nTEST_CASE(\"barks\") {}\n"},
        {"tests/CMakeLists.txt", "journeys/zoo.mjs\n"},
        {"tests/journeys/zoo.mjs", "check();\n"},
    };
    tree[path] = text;
    return tree;
}

// The rule finds exactly this one fault in a tree that is tidy but for the one file.
void expect_fault(Rule rule, const std::string& path, const std::string& text, const std::string& words) {
    CAPTURE(path);
    CHECK(rule(tree_with("tests/CMakeLists.txt", "journeys/zoo.mjs\n")).empty());
    const auto faults = rule(tree_with(path, text));
    REQUIRE(faults.size() == 1);
    CHECK_MESSAGE(faults[0].contains(words), faults[0]);
}

}  // namespace

TEST_CASE("in this tree, arrows point down") {
    expect_none(arrows_point_down(jebi_tree()));
}

TEST_CASE("in this tree, modules know each other by their contracts alone") {
    expect_none(sideways_through_the_contract(jebi_tree()));
}

TEST_CASE("in this tree, each outside library is included in one place") {
    expect_none(outside_libraries_have_one_place(jebi_tree()));
}

TEST_CASE("in this tree, no module sees a header that compiles for seconds") {
    expect_none(modules_see_no_slow_headers(jebi_tree()));
}

TEST_CASE("in this tree, a module's SQL names only tables of its own") {
    expect_none(modules_keep_to_their_tables(jebi_tree()));
}

TEST_CASE("in this tree, ARCHITECTURE.md names every room and no file that is not there") {
    expect_none(the_map_is_true(jebi_tree()));
}

TEST_CASE("in this tree, files read well") {
    expect_none(files_read_well(jebi_tree()));
}

TEST_CASE("in this tree, scripts run on Debian 12's Node") {
    expect_none(scripts_keep_to_debians_node(jebi_tree()));
}

TEST_CASE("in this tree, everything is built, included and run") {
    expect_none(nothing_lies_about(jebi_tree()));
}

TEST_CASE("the tree that is checked is this one") {
    CHECK(jebi_tree().contains("kit/base/result.h"));
    CHECK(jebi_tree().contains("modules/tweets/tweets.proto"));
    CHECK(jebi_tree().size() > 50);
}

TEST_CASE("an arrow that points up is found") {
    expect_fault(arrows_point_down, "kit/base/text.h", "#include \"modules/cats/service.h\"\n",
                 "Arrows point down");
    expect_fault(arrows_point_down, "modules/cats/service.h", "#include \"app/zoo.h\"\n",
                 "Arrows point down");
    expect_fault(arrows_point_down, "modules/cats/service.h", "  #  include \"tests/zoo.h\"\n",
                 "Arrows point down");
}

TEST_CASE("rooms of the kit that stand on each other are found") {
    expect_fault(arrows_point_down, "kit/base/text.h", "#include \"kit/sql/database.h\"\n",
                 "kit/base and kit/sql stand on each other");
}

TEST_CASE("a look into another module is found") {
    expect_fault(sideways_through_the_contract, "modules/cats/service.cpp",
                 "#include \"modules/dogs/store.h\"\n", "modules/dogs/dogs.jebi.h");
    expect_fault(sideways_through_the_contract, "modules/cats/service_test.cpp",
                 "#include \"modules/dogs/cats.pb.h\"\n", "modules/dogs/dogs.jebi.h");
}

TEST_CASE("an outside library away from its home is found") {
    expect_fault(outside_libraries_have_one_place, "modules/cats/store.cpp", "#include <sqlite3.h>\n",
                 "only in kit/sql/");
    expect_fault(outside_libraries_have_one_place, "kit/base/a.h", "#include <boost/asio/io_context.hpp>\n",
                 "kit/fiber/");
    expect_fault(outside_libraries_have_one_place, "kit/base/a.h", "#include <nlohmann/json.hpp>\n",
                 "No table knows");
    expect_fault(outside_libraries_have_one_place, "modules/cats/service.cpp", "#include <sys/socket.h>\n",
                 "operating system");
    expect_fault(outside_libraries_have_one_place, "kit/base/text.cpp", "#include <doctest/doctest.h>\n",
                 "doctest is for tests");
}

TEST_CASE("a slow header that a module sees through another is found") {
    auto tree = tree_with("kit/base/text.h", "#include \"kit/base/loop.h\"\n");
    tree["kit/base/loop.h"] = "#include <boost/asio/io_context.hpp>\n";
    const auto faults = modules_see_no_slow_headers(tree);
    REQUIRE(faults.size() == 1);
    CHECK_MESSAGE(
        faults[0].starts_with("kit/base/loop.h includes boost/asio/io_context.hpp. modules/cats/service"),
        faults[0]);
}

TEST_CASE("a table of another module is found, however it is named") {
    const auto find = [](const std::string& sql) {
        expect_fault(modules_keep_to_their_tables, "modules/cats/store.cpp", sql,
                     "modules/cats/store.cpp names the table dogs");
    };
    find("auto a = \"SELECT id FROM dogs WHERE id = $1\";\n");
    find("auto a = \"SELECT c.id FROM cats c \"  // joined\n    \"JOIN dogs d ON d.id = c.id\";\n");
    find("auto a = R\"sql(INSERT INTO dogs_toys (id) VALUES (1))sql\";\n");
    find("auto a = \"UPDATE dogs SET id = 1\";\n");
    find("auto a = \"  delete\" \"\"; auto b = \"DELETE FROM dogs\";\n");
    find("auto a = \"WITH old AS (SELECT id FROM dogs) SELECT id FROM old\";\n");
    expect_fault(modules_keep_to_their_tables, "modules/cats/schema/0002_more.sql",
                 "CREATE TABLE more (id INTEGER);\n", "cats_more");
    expect_fault(modules_keep_to_their_tables, "modules/cats/schema/0002_more.sql",
                 "CREATE TABLE IF NOT EXISTS cats_more (dog INTEGER REFERENCES dogs (id));\n", "dogs");
}

TEST_CASE("SQL in comments, words that only look like SQL, and upserts are no faults") {
    CHECK(modules_keep_to_their_tables(
              tree_with("modules/cats/store.cpp",
                        "// \"SELECT id FROM dogs\"\n/* \"DELETE FROM dogs\" */ const int big = 10'000;\n"
                        "auto a = \"A letter from dogs\"; char b = '\"';\n"
                        "auto c = \"INSERT INTO cats (id) VALUES ($1) ON CONFLICT DO UPDATE SET id = 1\";\n"))
              .empty());
}

TEST_CASE("a map that lags behind the tree is found") {
    expect_fault(the_map_is_true, "kit/http/server.h", "\n", "does not name kit/http");
    expect_fault(the_map_is_true, "ARCHITECTURE.md",
                 "kit/base kit/sql modules/cats modules/dogs app tests kit/base/gone.h\n",
                 "names kit/base/gone.h");
    expect_fault(the_map_is_true, "ARCHITECTURE.md", "", "is missing");
}

TEST_CASE("files that do not read well are found") {
    expect_fault(files_read_well, "kit/base/long.h", std::string(701, '\n'), "701 lines");
    expect_fault(files_read_well, "kit/base/tab.h", "\tint a;\n", "tab");
    expect_fault(files_read_well, "kit/base/blank.h", "int a; \n", "blanks");
    expect_fault(files_read_well, "kit/base/end.h", "int a;", "line break");
}

TEST_CASE("a script that wants a newer Node is found") {
    expect_fault(scripts_keep_to_debians_node, "tests/journeys/zoo.mjs", "check(cats.toSorted());\n",
                 ".toSorted(");
}

TEST_CASE("what nobody builds, includes or runs is found") {
    expect_fault(nothing_lies_about, "kit/base/unused.h", "\n", "included by nobody");
    expect_fault(nothing_lies_about, "modules/dogs/empty_test.cpp", "\n", "neither a TEST_CASE");
    expect_fault(nothing_lies_about, "kit/http/server.cpp", "\n", "Give kit/http a CMakeLists.txt");
    expect_fault(nothing_lies_about, "kit/http/CMakeLists.txt", "\n", "not in CMakeLists.txt");
    expect_fault(nothing_lies_about, "tests/http/api_test.mjs", "\n", "Name it in tests/CMakeLists.txt");
}
