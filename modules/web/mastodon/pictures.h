// /headers/generated.svg: a wire under the sky. Clients want a picture behind everybody's name, and here
// nobody sets one.
#pragma once

#include "kit/http/router.h"

namespace jebi::web::mastodon {

void bind_pictures(http::Router& router);

}  // namespace jebi::web::mastodon
