// Filling pages: what several of them show alike, and the answers that a page's handler gives.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "modules/web/reading.h"
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
// May the person mend it by typing something else, or by sending it again? Then the form is shown again,
// otherwise refused().
bool is_for_the_form(const Error& error);
int form_status(const Error& error);

void show_stats(const Site& site, const Visit& visit, Section page);
// PEOPLE and TWEETS, where they are known.
void show_totals(Section section, const Stats::Counted& counted);
void show_hashtag(Section section, const std::string& hashtag, std::uint64_t tweets);
void show_person(const Site& site, const Visit& visit, Section section, const accounts::User& user);
// Where somebody's picture is: the one they have set, or else their bird.
std::string avatar_address(const accounts::User& user);
// The colour of somebody's bird, in degrees.
unsigned hue_of(const accounts::User& user);
// A section AVATAR: the person's picture, or a bird with their initial.
void show_avatar(Section section, const accounts::User& user);
// A text's beginning on one line, not cut inside a character.
std::string excerpt_of(const std::string& text, std::size_t bytes_max);
// The compose box's values.
void show_compose(Section page, std::string_view text);
// An idempotency key for a form.
std::string new_key();

// What somebody wrote that could not be sent now, or nobody knows whether it was.
struct Unsent {
    std::string address;  // of the form: "/tweets"
    std::string text;
    std::string key;  // the form's own; empty: what it does may be repeated anyhow
};
// A page that has the text, and sends it again with the same key, so that it is there once whatever became of
// the first time.
http::Response kept(const Site& site, Visit& visit, const Unsent& unsent, const Error& error);

// `again`, the page with the form and what is wrong with it; where that page is away by now, the text is
// kept.
Result<http::Response> form_or_kept(const Site& site, Visit& visit, Result<http::Response> again,
                                    const Unsent& unsent, const Error& wrong);

// A tweet's values as post.fragment.html wants them, for a page of its own; a gap is not for here.
void show_post(const Site& site, const Visit& visit, Section section, const Post& post);
// POST_HTML: the same in a list, as it was made for somebody else, where nothing in it is different.
enum class Standing : std::uint8_t { as_written, pinned };
void show_in_list(const Site& site, const Visit& visit, Section section, const Post& post,
                  Standing standing = Standing::as_written);

// A list of tweets, and where the reader is in it.
struct List {
    std::string address;  // "/users/minji"
    std::uint64_t cursor = 0;
    std::uint32_t page = 0;
};
List list_of(const Visit& visit, std::string address);
tweets::Position position_of(const List& list);
// The tweets as this reader may see them, and the ways to older ones and back to the newest. EMPTY when there
// are none.
Result<void> show_tweets(const Site& site, const Visit& visit, Section page, const List& list,
                         tweets::TweetPage tweets, Reading::Muted muted = Reading::Muted::hidden);
// The same for what is read already; `next`: the cursor of the next page, 0 at the end.
void show_posts(const Site& site, const Visit& visit, Section page, const List& list, const Posts& posts,
                std::uint64_t next);
// NEWEST and OLDER of _older.html.
void show_older(Section page, const List& list, std::uint64_t next);

// The page's status: 200, or 503 when its list cannot be had now, which it says in the list's place with the
// id of the trace (section AWAY). Other errors are given back.
Result<int> show_away(const Visit& visit, Section page, const Result<void>& shown);
// MISSING, when something is left out of a list because it cannot be told whether it may be shown, or whose
// it is.
void show_missing(const Site& site, const Visit& visit, Section page, const std::optional<Error>& missing);

// People with what they are to the reader: PERSON sections as _people.html wants them.
void show_people(const Site& site, const Visit& visit, Section page, const std::vector<Person>& people);
// FOLLOW or UNFOLLOW, where the reader may; FOLLOWS_YOU. Nothing when it cannot be told.
void show_relationship(Section section, const Person& person);

// One of the lists beside each other (see _tabs.html), named by its words.
void show_tab(const Site& site, const Visit& visit, Section page, std::string_view words,
              std::string_view address, bool is_here);

// Numbered pages with gaps: 1 … 4 5 6 … 20.
void show_pager(Section page, const std::string& address, std::uint32_t here, std::uint32_t last);
// "?page=3" -> 3; anything else: 1.
std::uint32_t page_of(const Visit& visit);

// The page of this site that the reader came from (Referer), or `otherwise`, whose fragment ("#t12") counts
// in either case: where a button leads back to.
std::string came_from(const Visit& visit, std::string otherwise);
// Does a script ask, which wants to know what has become of it, and no page?
bool wants_json(const Visit& visit);
// What a button's press answers: JSON to a script, and to a browser the page that it came from.
http::Response done(const Site& site, Visit& visit, std::string json, std::string otherwise,
                    std::string_view notice = "");

}  // namespace jebi::web
