// Pictures for people who have none, as files of their own: clients want an address of a picture for
// everybody.
//
//   /avatars/{id}/generated.svg   the person's bird with their initial, as our own pages draw it
//   /headers/generated.svg        a wire under the sky, the same for all
#pragma once

#include "kit/http/router.h"
#include "modules/web/site.h"

namespace jebi::web::mastodon {

// Both outlive what is bound.
void bind_pictures(http::Router& router, const Site& site);

}  // namespace jebi::web::mastodon
