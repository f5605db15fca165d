// The page on which people let a program act for them: /oauth/authorize.
//
// It never leads anywhere that the program did not register: a program or an address that is not known ends
// on an error page (RFC 9700, 4.11). What else is wrong goes back to the program, with its `state`. A visitor
// signs in first and comes back.
#pragma once

#include "modules/web/binder.h"

namespace jebi::web::mastodon {

void bind_authorize_page(Binder& binder);

}  // namespace jebi::web::mastodon
