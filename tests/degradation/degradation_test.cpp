// docs/guides/degradation.md at its word: each cell of its tables, for a module that is down, slow, and
// answers errors. A row that is not as the guide says is printed as it was found.
#include "tests/degradation/look.h"
#include "tests/degradation/table.h"

using namespace jebi;
using namespace jebi::test;

namespace {

constexpr const char* guide = "docs/guides/degradation.md";
constexpr std::array faults{std::pair{Fault::down, "down"}, std::pair{Fault::slow, "slow"},
                            std::pair{Fault::errors, "errors"}};
constexpr int asked_max = 3;  // by one page, of a module that fails

// The word that is right for all three faults, or the words.
std::string found_in(Town& town, const Row& row, std::string_view module, bool knows_nobody) {
    std::map<std::string, std::string> words;
    for (const auto& [fault, name] : faults) {
        const Asked whole = row.begin(town)(town);
        CHECK_MESSAGE(whole.answer.status < 400, row.name, " while all is well: ", whole.answer.body);
        const auto ask = row.begin(town);
        if (knows_nobody) town.forget();
        town.fail(module, fault);
        const Asked asked = ask(town);
        if (module != "log-analytics") CHECK(town.neighbour(module).asked() <= asked_max);
        town.fail(module, Fault::none);
        words[word_for(row, whole, asked, fault)] += std::string(" ") + name;
    }
    if (words.size() == 1) return words.begin()->first;
    std::string all;
    for (const auto& [word, of] : words)
        all.append(word).append(" (").append(of).append(" ) ");
    return all;
}

// Tables name some rows or all of them, and each row once.
void check(const Table& table, bool knows_nobody) {
    const std::vector<Row> known = rows();
    for (const auto& [name, cells] : table.rows) {
        const auto row = std::ranges::find(known, name, &Row::name);
        REQUIRE_MESSAGE(row != known.end(), "nobody knows how to ask for: ", name);
        REQUIRE(cells.size() == table.columns.size());
        Town town;
        std::string found = "| " + name + " |";
        std::string said = found;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            INFO(name, " while ", table.columns[i], " fails");
            found += " " + found_in(town, *row, table.columns[i], knows_nobody) + " |";
            said += " " + cells[i] + " |";
        }
        CHECK(said == found);
    }
}

}  // namespace

TEST_CASE("pages and operations are what the guide says while a module is down, slow or answers errors") {
    const auto tables = tables_of(guide);
    REQUIRE(tables.contains("The table"));
    const Table& table = tables.at("The table");
    CHECK(table.columns == std::vector<std::string>{module_names.begin(), module_names.end()});
    for (const Row& row : rows())
        CHECK_MESSAGE(
            std::ranges::count(table.rows, row.name, [](const auto& line) { return line.first; }) == 1,
            "the guide has no line, or more than one, for: ", row.name);
    check(table, false);
}

TEST_CASE("a web that has just been started knows nobody, and is what the guide says") {
    const auto tables = tables_of(guide);
    REQUIRE(tables.contains("When web has just been started"));
    check(tables.at("When web has just been started"), true);
}

TEST_CASE("a tweet, a reply and a message of which nobody knows whether they arrived are there once") {
    Town town;
    const auto sent_twice = [&](const std::string& path, const std::string& module, const std::string& text) {
        const std::string token = Browser::token(town.minji.get("/settings"));
        town.fail(module, Fault::lost);
        const Answer kept = town.minji.post(
            path, {{"text", text}, {"key", "key-" + std::to_string(text.size())}, {"csrf", token}});
        CHECK(kept.status == 503);
        town.fail(module, Fault::none);
        std::smatch key, again;
        REQUIRE(std::regex_search(kept.body, key, std::regex{"name=\"key\" value=\"([^\"]+)\""}));
        REQUIRE(std::regex_search(kept.body, again,
                                  std::regex{"<form class=\"compose boxed\"[^>]*action=\"([^\"]+)\""}));
        return town.minji.post(again[1], {{"text", text}, {"key", key[1]}, {"csrf", Browser::token(kept)}});
    };
    CHECK(sent_twice("/tweets", "tweets", "once and once only").status == 303);
    CHECK(count_of(town.minji.get("/users/minji").body, "once and once only") == 1);
    const std::string thread = "/tweets/" + town.juns_tweet;
    CHECK(sent_twice(thread + "/comments", "tweets", "one answer").status == 303);
    CHECK(count_of(town.minji.get(thread).body, ">one answer<") == 1);
    CHECK(sent_twice("/messages/jun", "messages", "one message").status == 303);
    CHECK(count_of(town.minji.get("/messages/jun").body, "one message") == 1);
}

TEST_CASE(
    "a reply and a message that are refused are kept also when the page with their form is away by then") {
    Town town;
    const auto refused = [&](const std::string& path, const std::string& module, std::size_t letters,
                             const std::string& why) {
        const std::string text = "begins so" + std::string(letters, 'x');
        const std::string token = Browser::token(town.minji.get("/settings"));
        town.neighbour(module).fail_with(Fault::down, 1);
        town.forget();
        const Answer kept = town.minji.post(path, {{"text", text}, {"key", "key"}, {"csrf", token}});
        CHECK(town.neighbour(module).asked() > 0);
        town.neighbour(module).fail_with(Fault::none);
        CHECK(kept.status == 422);
        CHECK(has(kept.body, "begins so"));
        CHECK(has(kept.body, why));
    };
    refused("/tweets/" + town.juns_tweet + "/comments", "tweets", 300, "Up to 280 characters");
    refused("/messages/jun", "messages", 1'200, "Up to 1,000 characters");
}

TEST_CASE("a session that ends is ended at once, and one that cannot be checked opens nothing") {
    Town town;
    const std::string session = town.minji.cookies.at("jebi");
    town.fail("accounts", Fault::down);
    CHECK(has(town.minji.get("/").body, "alert unknown"));
    CHECK_FALSE(has(town.minji.get("/").body, "action=\"/tweets\""));
    CHECK(town.minji.cookies.at("jebi") == session);
    town.fail("accounts", Fault::none);
    CHECK(has(town.minji.get("/").body, "action=\"/tweets\""));
    town.minji.submit("/logout", "/logout", {});
    town.minji.cookies["jebi"] = session;
    town.fail("accounts", Fault::down);
    CHECK(has(town.minji.get("/").body, "alert unknown"));
    town.fail("accounts", Fault::none);
    CHECK(has(town.minji.get("/").body, "class=\"hero\""));
}

TEST_CASE("a block that has just been made holds while follows is away") {
    Town town;
    CHECK(has(town.minji.get("/tweets").body, "jun&#39;s word"));
    town.minji.press("/users/jun/block");
    town.fail("follows", Fault::down);
    CHECK_FALSE(has(town.minji.get("/tweets").body, "jun&#39;s word"));
    CHECK_FALSE(has(town.jun.get("/tweets").body, "minji&#39;s first"));
}

TEST_CASE("what a page can do without, or replace, gets a share of its time") {
    Town town;
    const auto longest = [&](const std::string& path, const std::string& module) {
        town.fail(module, Fault::slow);
        town.minji.get(path);
        const int longest_ms = town.neighbour(module).longest_ms();
        town.fail(module, Fault::none);
        CHECK(longest_ms > 0);
        return longest_ms;
    };
    for (const char* module : {"notifications", "messages"})
        CHECK(longest("/", module) <= web::extras_max.count());
    for (const char* module : {"timelines", "follows", "accounts"})
        CHECK(longest("/", module) <= web::replaceable_max.count());
    CHECK(longest("/users/jun", "follows") <= web::replaceable_max.count());
    CHECK(longest("/notifications", "notifications") > web::replaceable_max.count());  // what it is for
}
