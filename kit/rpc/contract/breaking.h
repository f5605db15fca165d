// What a new version of a contract breaks for neighbours that still have the old one, and the other way
// round: callers and servers one version apart, in JSON and in protobuf.
//
// The rules are those of buf's category WIRE_JSON and carry its names
// (https://buf.build/docs/breaking/rules/), with three differences, of which
// tests/contracts/breaking_test.mjs keeps account.
//
// A service or method that is gone is a finding (SERVICE_NO_DELETE, RPC_NO_DELETE): somebody may call it. buf
// finds that in other categories, and that a file has another package (FILE_SAME_PACKAGE) is the same to us.
//
// A method may promise more than it did (idempotency_level), but not less: callers repeat by what they were
// promised.
//
// Contracts are proto3: required fields, defaults and groups are not looked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::contract {

struct Finding {
    std::string rule;   // "FIELD_SAME_NAME"
    std::string where;  // "jebi.tweets.v1.Tweet.text"
    std::string text;   // what has changed and whom that breaks, a sentence or two

    friend bool operator==(const Finding&, const Finding&) = default;
};

// "jebi.tweets.v1.Tweet.text: its name was ... (FIELD_SAME_NAME)", for a terminal.
std::string line_of(const Finding& finding);

// What breaks when `after` takes the place of `before`: two descriptor sets (descriptors.h), in the order of
// `before`. Empty: neighbours of either version understand each other. `invalid`, as Descriptors::from, for
// what is no set.
Result<std::vector<Finding>> breaking(std::string_view before, std::string_view after);

}  // namespace jebi::contract
