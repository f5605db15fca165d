#include "modules/accounts/oauth/scopes.h"

#include <doctest/doctest.h>

namespace jebi::accounts {

TEST_CASE("scopes are kept once each, in the order given") {
    CHECK(accepted_scopes("read write follow push").value() == "read write follow push");
    CHECK(accepted_scopes("  write   read write ").value() == "write read");
    CHECK(accepted_scopes("read:statuses write:media profile").value() ==
          "read:statuses write:media profile");
}

TEST_CASE("words that are not on the list are refused") {
    for (const std::string scopes :
         {"", " ", "reads", "read:", "read:everything", "Read", "read,write", "admin:read", "read\twrite",
          "read\nwrite", "write:search", "read:media", "읽기"}) {
        CAPTURE(scopes);
        const auto answer = accepted_scopes(scopes);
        REQUIRE(!answer);
        CHECK(answer.error().code == Code::invalid);
        CHECK(answer.error().reason == "scope_invalid");
        CHECK(answer.error().field == "scopes");
    }
    std::string many;
    for (int i = 0; i < 201; ++i)
        many += "read ";
    CHECK(!accepted_scopes(many));
    CHECK(!accepted_scopes(std::string_view("read\0write", 10)));
}

TEST_CASE("a coarse scope holds its finer ones, and nothing else") {
    CHECK(are_within("read:statuses read:search profile", "read"));
    CHECK(are_within("write:statuses", "read write"));
    CHECK(are_within("read write follow", "read write"));
    CHECK(are_within("read:mutes write:blocks", "follow"));
    CHECK(are_within("follow", "read:blocks read:follows read:mutes write:blocks write:follows write:mutes"));
    CHECK(are_within("push", "read push"));
    CHECK(!are_within("read", "read:statuses"));
    CHECK(!are_within("write:statuses", "read"));
    CHECK(!are_within("follow", "read"));
    CHECK(!are_within("read:statuses", "follow"));
    CHECK(!are_within("push", "read write follow"));
    CHECK(!are_within("read write", "write"));
    CHECK(!are_within("read:accounts", "profile"));
}

}  // namespace jebi::accounts
