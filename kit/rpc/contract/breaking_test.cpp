#include "kit/rpc/contract/breaking.h"

#include <doctest/doctest.h>

#include "kit/rpc/contract/descriptors.h"
#include "kit/rpc/contract/testing/compiled.h"
#include "kit/rpc/contract/testing/pairs.h"

using namespace jebi;
using namespace jebi::contract;
using contract::testing::Pair;

namespace {

constexpr std::string_view pairs_file = "kit/rpc/contract/testing/pairs.txt";

std::vector<std::string> rules_and_places(const std::vector<Finding>& found) {
    std::vector<std::string> lines;
    lines.reserve(found.size());
    for (const auto& finding : found)
        lines.push_back(finding.rule + " " + finding.where);
    return lines;
}

}  // namespace

TEST_CASE("every kind of change is found, and what breaks nobody is not") {
    const auto pairs = contract::testing::pairs_in(std::string(pairs_file));
    CHECK(pairs.size() > 50);
    for (const Pair& pair : pairs) {
        CAPTURE(pair.name);
        const auto found =
            breaking(contract::testing::compiled(pair.before), contract::testing::compiled(pair.after));
        REQUIRE(found);
        CHECK(rules_and_places(*found) == pair.finds);
    }
}

TEST_CASE("a contract breaks nobody who has the same one") {
    for (const Pair& pair : contract::testing::pairs_in(std::string(pairs_file))) {
        const auto set = contract::testing::compiled(pair.after);
        CHECK(breaking(set, set).value().empty());
    }
}

TEST_CASE("a finding says where, what has changed, and whom it breaks") {
    const auto found = breaking(contract::testing::compiled("message M { int64 id = 1; }"),
                                contract::testing::compiled("message M { string id = 1; }"));
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(line_of(found->front()) ==
          "jebi.pairs.v1.M.id: Its type was int64 and is string: in protobuf or in JSON one side misreads "
          "what the other writes. (FIELD_WIRE_JSON_COMPATIBLE_TYPE)");
}

TEST_CASE("what is no set of contracts is refused") {
    const auto set = contract::testing::compiled("message M {}");
    CHECK(breaking("<html>", set).error().code == Code::invalid);
    CHECK(breaking(set, std::string(set_bytes_max + 1, 'a')).error().code == Code::invalid);
    for (std::size_t length = 1; length < set.size(); ++length)
        static_cast<void>(breaking(set.substr(0, length), set));  // cut off anywhere: no crash
}
