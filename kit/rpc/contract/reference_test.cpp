#include "kit/rpc/contract/reference.h"

#include <doctest/doctest.h>

#include "kit/rpc/contract/testing/compiled.h"

using namespace jebi;
using namespace jebi::contract;

namespace {

constexpr std::string_view walks = R"(
// People who walk.
//
// A second paragraph
// over two lines.
service Walks {
    // Goes for a walk.
    rpc Go(GoRequest) returns (Way) { option idempotency_level = IDEMPOTENT; }
    rpc Return(GoRequest) returns (Way);
    // Where one is.
    rpc Where(Nothing) returns (Way) { option idempotency_level = NO_SIDE_EFFECTS; }
}

// What is asked for.
message GoRequest {
    // So many steps.
    uint32 steps = 1;
    uint64 from_id = 2;  // 0: from home
    repeated string notes = 3;
    Way.Kind kind = 4;
    oneof with {
        uint64 person_id = 5;
        string dog = 6;
    }
    map<string, Way> ways = 7;
    optional bool slowly = 8;
    Way way = 9;
}
message Way {
    enum Kind {
        KIND_UNSPECIFIED = 0;
        KIND_STRAIGHT = 1;  // no corners
    }
    Kind kind = 1;
    Way next = 2;
}
message Nothing {}
)";

Reference walks_reference() {
    const auto all = references_in(contract::testing::compiled(std::string(walks)));
    REQUIRE(all);
    REQUIRE(all->size() == 1);
    return all->front();
}

}  // namespace

TEST_CASE("a contract is described with its comments as paragraphs") {
    const auto reference = walks_reference();
    CHECK(reference.name == "pairs");
    REQUIRE(reference.services.size() == 1);
    const auto& service = reference.services.front();
    CHECK(service.full_name == "jebi.pairs.v1.Walks");
    CHECK(service.comment == Comment{"People who walk.", "A second paragraph over two lines."});
}

TEST_CASE(
    "a method says what it asks, answers and promises, and one without a comment stands under another's") {
    const auto methods = walks_reference().services.front().methods;
    REQUIRE(methods.size() == 3);
    CHECK(methods[0].comment == Comment{"Goes for a walk."});
    CHECK(methods[0].request == "GoRequest");
    CHECK(methods[0].path == "/jebi.pairs.v1.Walks/Go");
    CHECK(methods[0].repeatable == Repeatable::yes);
    CHECK(methods[1].like == "Go");
    CHECK(methods[1].repeatable == Repeatable::not_said);
    CHECK(methods[2].like.empty());
    CHECK(methods[2].repeatable == Repeatable::reads_only);
}

TEST_CASE("types come in the order of the file, those inside another after it") {
    const auto types = walks_reference().types;
    REQUIRE(types.size() == 4);
    CHECK(types[0].name == "GoRequest");
    CHECK(types[1].name == "Way");
    CHECK(types[2].name == "Way.Kind");
    CHECK(types[2].is_enum);
    CHECK(types[2].fields[1].comment == Comment{"no corners"});
    CHECK(types[3].name == "Nothing");
}

TEST_CASE("a field says its type, where that is described, and what it excludes") {
    const auto fields = walks_reference().types.front().fields;
    REQUIRE(fields.size() == 9);
    CHECK(fields[0].comment == Comment{"So many steps."});
    CHECK(fields[1].comment == Comment{"0: from home"});
    CHECK(fields[2].type == "repeated string");
    CHECK(fields[3].type == "Way.Kind");
    CHECK(fields[3].described == "Way.Kind");
    CHECK(fields[5].oneof == "with");
    CHECK(fields[6].type == "map<string, Way>");
    CHECK(fields[6].described == "Way");
    CHECK(fields[7].type == "optional bool");
    CHECK(fields[8].type == "Way");
}

TEST_CASE("an example has every field, one of an either, and ends where messages go round") {
    const auto methods = walks_reference().services.front().methods;
    CHECK(
        methods[0].example ==
        R"({"steps":1,"fromId":"0","notes":["notes"],"kind":"KIND_STRAIGHT","personId":"1","ways":{},"slowly":true,)"
        R"("way":{"kind":"KIND_STRAIGHT","next":{"kind":"KIND_STRAIGHT","next":{"kind":"KIND_STRAIGHT","next":{}}}}})");
    CHECK(methods[2].example == "{}");
}
