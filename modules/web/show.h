// Filling pages: what several of them show alike, and the answers that a page's handler gives.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "modules/web/stats.h"
#include "modules/web/visit.h"

namespace jebi::web {

// The page in its layout, with the visit's cookies. `here` is the page's own address without a query.
http::Response shown(const Site& site, Visit& visit, int status, std::string_view name, Page& page);
// 303, with the visit's cookies and a notice to be shown there (a key of the words without "notice_").
http::Response redirected(const Site& site, Visit& visit, std::string location, std::string_view notice = "");
// The page for an error: sign in first, 404, 429, 500, ...
http::Response refused(const Site& site, Visit& visit, const Error& error);

// The error in the visit's language.
std::string words_of(const Site& site, const Visit& visit, const Error& error);
// Puts it beside its field ("USERNAME_ERROR"), or above the form ("FORM_ERROR") when it has none.
void show_error(const Site& site, const Visit& visit, Section page, const Error& error);
// May the person mend it by typing something else? Then the form is shown again, otherwise refused().
bool is_for_the_form(const Error& error);
int form_status(const Error& error);

void show_stats(const Site& site, const Visit& visit, Section page);
void show_person(const Site& site, const Visit& visit, Section section, const accounts::User& user);
// INITIAL and HUE.
void show_avatar(Section section, const accounts::User& user);
// The colour of a person's bird: 0 to 11.
std::size_t hue_of(const accounts::User& user);
// The compose box's values.
void show_compose(Section page, std::string_view text);
void show_tweet(const Site& site, const Visit& visit, Section section, const tweets::Tweet& tweet,
                const accounts::User& author);

// A page of tweets with their authors, which are asked for in one call. Tweets whose author is gone are left
// out.
struct List {
    std::string address;  // "/users/minji"
    std::uint64_t cursor = 0;
    std::uint32_t page = 0;
};
List list_of(const Visit& visit, std::string address);
tweets::Position position_of(const List& list);
Result<void> show_tweets(const Site& site, const Visit& visit, Section page, const List& list,
                         const tweets::TweetPage& tweets);

// Numbered pages with gaps: 1 … 4 5 6 … 20.
void show_pager(Section page, const std::string& address, std::uint32_t here, std::uint32_t last);
// "?page=3" -> 3; anything else: 1.
std::uint32_t page_of(const Visit& visit);

}  // namespace jebi::web
