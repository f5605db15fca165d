// One request of the public API: who asks, in whose name, and with what.
#pragma once

#include <optional>
#include <string>

#include "kit/base/call.h"
#include "kit/http/message.h"
#include "modules/web/api/parameters.h"
#include "modules/web/site.h"

namespace jebi::web::api {

struct Asked {
    const Site& site;
    const http::Request& request;
    Parameters given;
    Call call;
    std::string token;                   // as sent; empty: none
    std::optional<accounts::User> user;  // nothing: nobody, or a program's own token
    std::string scopes;                  // of a program's token; empty: a session, which may do everything
    accounts::App app;                   // id 0: none

    // The id in the path: `not_found` when it is none.
    Result<std::uint64_t> id_in_path() const;
    // The user whose name, or id, is in the path; `not_found`.
    Result<accounts::User> user_in_path() const;
    // The same for who reads about them: `not_found` also when they block who asks, unless the block goes
    // both ways (whoever blocks has to see whom). `unavailable` when that cannot be told.
    Result<accounts::User> person_in_path() const;
    // The signed-in user. Operations for persons have one: an assert.
    const accounts::User& me() const;
    // "https://host", as the client sees us: for addresses in answers.
    std::string origin() const;
};

// Reads the token ("Authorization: Bearer ...") and asks whose it is; cookies count for nothing here, so no
// page of another site can act for its visitor. `unauthenticated` for a wrong token; `invalid` for what
// cannot be read.
Result<Asked> asked_of(const Site& site, const http::Request& request);

// Do these scopes ("read write:statuses") hold that one? "write" holds "write:statuses", and "follow" what
// Mastodon's does: read and write of blocks, follows and mutes. Empty: a session, which holds all.
bool holds(std::string_view scopes, std::string_view needed);

// `not_found` for nobody of that name.
Result<accounts::User> user_named(const Site& site, const Call& call, std::string_view name);
Result<accounts::User> user_with_id(const Site& site, const Call& call, std::uint64_t id);

}  // namespace jebi::web::api
