// What the service's files share.
#pragma once

#include "modules/tweets/service.h"

namespace jebi::tweets {

Tweet message_of(StoredTweet stored);
Marks message_of(const Store::Mark& mark);

// Refuses lists that are too long, naming the field.
Result<void> at_most_100(int count, std::string what, std::string field);

template <typename T>
bool has_reason(const Result<T>& result, std::string_view reason) {
    return !result && result.error().reason == reason;
}

}  // namespace jebi::tweets
