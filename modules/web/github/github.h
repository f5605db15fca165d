// Signing in through GitHub: three pages and a form.
//
// GET /auth/github            sends the browser to GitHub. Signed in: to link the account, else to sign in.
// GET /auth/github/callback   is where GitHub sends it back to, with a code.
// GET and POST /auth/github/name  ask for a user name where GitHub's is taken here.
// POST /settings/github/unlink    takes the link off.
//
// What GitHub answers is believed for the browser that asked, and for no other: `state` and PKCE's verifier
// are in a sealed cookie of the browser, good once and for ten minutes. The account is found by GitHub's
// number, never by a name or an e-mail.
#pragma once

#include "modules/web/binder.h"
#include "modules/web/github/provider.h"

namespace jebi::web::github {

// The provider outlives what is bound.
void bind(http::Router& router, const Site& site, const Provider& provider, Failed failed);

}  // namespace jebi::web::github
