// What the service's files share.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "modules/accounts/service.h"

namespace jebi::accounts {

std::unexpected<Error> account_gone();
std::unexpected<Error> key_reused();
std::unexpected<Error> out_of_range(std::string message, std::string field);

// The key of this call, with a digest of what it asks for.
Key key_of(const Call& call, std::string_view method, std::initializer_list<std::string_view> fields);

SessionReply session_reply(const User& user, const Session& session, const std::string& token);

// Of a text that is no token: a hash that no session has.
std::string hash_or_none(std::string_view token);

template <typename T>
bool has_reason(const Result<T>& result, std::string_view reason) {
    return !result && result.error().reason == reason;
}

// An empty reply, or the error.
template <typename T>
Result<Empty> done_if(const Result<T>& result) {
    TRY_VOID(result);
    return Empty{};
}

}  // namespace jebi::accounts
