// A tweet's text as HTML: everything escaped, its hashtags, mentions and links made to lead somewhere.
//
// This and modules/web/mastodon/content.h are the only places that make HTML outside the templates, so they
// are the places to look at for XSS.
#pragma once

#include <string>
#include <string_view>

#include "modules/tweets/tweets.jebi.h"

namespace jebi::web {

// Entities that do not fit the text (beyond its end, overlapping, a link that is no http) are shown as text.
std::string linkified(const tweets::Tweet& tweet);

// A text without entities as HTML: escaped, and what begins with http:// or https:// leads there.
std::string with_addresses_linked(std::string_view text);

}  // namespace jebi::web
