// GitHub as we ask it: who is it that came back with this code? (OAuth 2.0, RFC 6749, 4.1, with PKCE, RFC
// 7636; https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps)
//
// We ask for no scope: the public profile says who somebody is, and that is all we want to know. The token is
// forgotten when it has told us.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kit/http/client.h"
#include "kit/http/url.h"

namespace jebi::web::github {

// As the settings have it; the addresses are GitHub's own, or those of a GitHub Enterprise.
struct Configured {
    std::string client_id;
    std::string client_secret;
    std::string authorize_url;
    std::string token_url;
    std::string user_url;
    std::string roots_file;  // PEM, of those who sign the certificates; empty: the system's
};

struct Person {
    std::string id;     // a number: what stays the same when somebody takes another name
    std::string login;  // "octocat"
    std::string name;   // may be empty
};

inline constexpr Millis provider_max{5'000};  // for both questions together

// Thread-safe. Ends before the Loops that use it.
class Provider {
public:
    // Nothing when no client id is configured. `invalid`, with a hint, for half a configuration: an address
    // that is none, or that is not encrypted and not on this machine.
    static Result<std::optional<Provider>> from(const Configured& configured);

    // Where a browser is sent to. `challenge` is the SHA-256 of the verifier, in base64url.
    std::string address_to_ask(const std::string& redirect_uri, const std::string& state,
                               const std::string& challenge) const;
    // Who brought that code. `unavailable` (github_silent): no answer in time, or one that says nothing;
    // `invalid` (github_refused): the code is wrong, used or too old.
    Result<Person> person_of(const std::string& code, const std::string& verifier,
                             const std::string& redirect_uri, Deadline until) const;

    // Signs what a browser keeps for us; nobody but we and GitHub know it.
    const std::string& secret() const { return configured_.client_secret; }

private:
    struct Peer;
    Provider(Configured configured, std::shared_ptr<Peer> token, std::shared_ptr<Peer> user);
    Result<std::string> token_for(const std::string& code, const std::string& verifier,
                                  const std::string& redirect_uri, Deadline until) const;

    Configured configured_;
    std::shared_ptr<Peer> token_;  // shared by copies: a Peer has a pool of connections
    std::shared_ptr<Peer> user_;
};

}  // namespace jebi::web::github
