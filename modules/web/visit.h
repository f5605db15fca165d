// One request of a browser: who it is, in which language, and how its answer is dressed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/http/message.h"
#include "modules/web/site.h"

namespace jebi::web {

struct Visit {
    const http::Request& request;
    Call call;
    Language language = Language::english;
    std::string theme = "auto";
    std::optional<accounts::User> user;
    // Why nobody can tell who it is, although the browser has a session. They see what visitors see, keep
    // their cookie, and can do nothing: a session that nobody has checked might have ended.
    std::optional<Error> unknown;
    std::uint64_t session_id = 0;
    // The session's token, or for visitors a random text of their browser's: what CSRF tokens hang on.
    std::string secret;
    std::string notice;                // a key of the words, from before a redirect
    std::vector<std::string> cookies;  // Set-Cookie fields that the answer will carry
    // The address that opens the page whose form was sent, for when it is shown again; empty: there is none.
    std::string opens_at;

    std::string client_address;
    accounts::Client client() const;  // for signing in
    std::string query(std::string_view name) const;
    std::string_view host() const;  // this site's, as the browser calls it: "jebi.example:3000"
};

// Reads the cookies and asks whose session it is, each time: one that has ended makes a visitor at once.
// While accounts cannot be asked, whoever has a session is `unknown`.
Result<Visit> open_visit(const Site& site, const http::Request& request);

// Who asks, for calls of the JSON API: from the Authorization field. No token: nobody. A wrong one:
// `unauthenticated`.
Call call_of(const http::Request& request);
std::string client_address_of(const Site& site, const http::Request& request);
accounts::Client client_of(const Site& site, const http::Request& request);
// "https://example.org:8443": where the client found us, from its Host field; for addresses in answers. A
// Host that is none (anything but letters, digits and ".-:[]") gives "localhost".
std::string origin_of(const Site& site, const http::Request& request);

// Is it a path of this site, safe to lead a browser to? "//host" and "/\\host" are other sites.
bool is_own_path(std::string_view path);

// The name of a cookie that only we may set: "__Host-" binds it to this host and to https. (Over plain http
// no such name can be set.)
std::string hosted(const Site& site, std::string_view name);
// Set-Cookie fields. A session's token lives in one that scripts cannot read.
std::string session_cookie(const Site& site, std::string_view token);
std::string ended_session_cookie(const Site& site);
std::string plain_cookie(const Site& site, std::string_view name, std::string_view value,
                         std::int64_t seconds);

// Who is signed in, or why not: `unauthenticated`, or what `unknown` says (session_unknown).
Result<UserId> signed_in(const Visit& visit);

// Is the form ours? Checks where the browser says that the request comes from (Sec-Fetch-Site, Origin)
// and the token. `forbidden` with reason "csrf" otherwise. A page that came by http is none of ours where
// the site is `secure`: anybody on the way could have written it.
Result<void> check_csrf(const SiteOptions& options, const Visit& visit, std::string_view token);
// A token for this visit's forms: HMAC of its secret, masked anew for each answer, so that compression of
// a page does not leak it (BREACH, 2013).
std::string csrf_token(const Visit& visit);

}  // namespace jebi::web
