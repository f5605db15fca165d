#include "modules/web/id_table.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace jebi::web;

namespace {

std::optional<std::string> there(const IdTable<std::string>& table, std::uint64_t id) {
    const std::string* entry = table.find(id);
    return entry == nullptr ? std::nullopt : std::optional(*entry);
}

}  // namespace

TEST_CASE("what was put last under an id is there") {
    IdTable<std::string> table{1024};
    CHECK(there(table, 1) == std::nullopt);
    CHECK(there(table, 0) == std::nullopt);
    table.put(1, "one");
    table.put(UINT64_MAX, "last");
    table.put(1, "another one");
    CHECK(there(table, 1) == "another one");
    CHECK(there(table, UINT64_MAX) == "last");
    CHECK(there(table, 2) == std::nullopt);
}

TEST_CASE("of ids that meet, the one put longest ago gives way") {
    IdTable<std::string> table{4};  // all meet
    for (const std::uint64_t id : {11u, 12u, 13u, 14u})
        table.put(id, std::to_string(id));
    table.put(11, "again");
    table.put(15, "15");
    CHECK(there(table, 12) == std::nullopt);
    CHECK(there(table, 11) == "again");
    CHECK(there(table, 13) == "13");
    CHECK(there(table, 14) == "14");
    CHECK(there(table, 15) == "15");
    table.put(16, "16");
    CHECK(there(table, 13) == std::nullopt);
}

TEST_CASE("a table that is an eighth full has lost next to nothing") {
    IdTable<std::string> table{8'192};
    const std::uint64_t ids = 1'024;
    for (std::uint64_t i = 1; i <= ids; ++i)
        table.put(i << 22, "here");  // as ids of one time are
    std::uint64_t lost = 0;
    for (std::uint64_t i = 1; i <= ids; ++i)
        lost += there(table, i << 22) ? 0u : 1u;
    CHECK(lost <= ids / 100);
}
