// Tweets and profiles as the HTML that Mastodon's clients show: <p>, <br> and <a> with whole addresses,
// everything else escaped. (modules/web/linkify.h does the same for our own pages; nothing else makes HTML.)
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "modules/tweets/tweets.jebi.h"

namespace jebi::web::mastodon {

// Is there somebody of that name (in lower case)? A mention of nobody is no link.
using IsKnown = std::function<bool(std::string_view username)>;

// A blank line parts paragraphs, another one is a <br>. Entities that do not fit the text are shown as text.
std::string content_of(const tweets::Tweet& tweet, std::string_view origin, const IsKnown& is_known);
// The text of a profile. Empty for an empty one.
std::string note_of(std::string_view text);
// A web address as a link.
std::string link_of(std::string_view address);

std::string account_url(std::string_view origin, std::string_view username);
std::string status_url(std::string_view origin, std::uint64_t id);
std::string hashtag_url(std::string_view origin, std::string_view hashtag);

}  // namespace jebi::web::mastodon
