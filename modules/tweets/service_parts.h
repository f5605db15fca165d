// What the service's files share.
#pragma once

#include <algorithm>
#include <cstdint>

#include "modules/tweets/service.h"

namespace jebi::tweets {

Tweet message_of(StoredTweet stored);
// Of all that can change of a tweet; never 0. The same for the same tweet in every process of one build.
std::uint64_t version_of(const StoredTweet& tweet);
Marks message_of(const Store::Mark& mark);

// An id as the database takes it; there is none beyond.
inline std::uint64_t bounded(std::uint64_t id) {
    return std::min<std::uint64_t>(id, INT64_MAX);
}

// Refuses lists that are too long, naming the field.
Result<void> at_most_100(int count, std::string what, std::string field);

template <typename T>
bool has_reason(const Result<T>& result, std::string_view reason) {
    return !result && result.error().reason == reason;
}

}  // namespace jebi::tweets
