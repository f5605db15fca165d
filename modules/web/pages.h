// The pages, a function each: what a browser gets, and what happens when it sends a form.
//
// An error that a function returns is shown by refused(); what a person can mend in the form is not returned
// but shown in the form again, with what was typed. A text that could not be sent is shown by kept(). Forms
// have passed the CSRF check when they arrive here.
#pragma once

#include "kit/http/multipart.h"
#include "modules/web/show.h"

namespace jebi::web {

using Form = http::Fields<std::string>;
using Shown = Result<http::Response>;

// A button that sets something, or unsets it: by the method DELETE, or, as forms know only POST, by a field
// _method. Pressed twice is the same as once.
enum class Act : std::uint8_t { set, unset };

// home_page.cpp
Shown home(const Site& site, Visit& visit);
Shown everybody(const Site& site, Visit& visit);
Shown hashtag(const Site& site, Visit& visit);

// thread_page.cpp
Shown tweet(const Site& site, Visit& visit);
Shown comments(const Site& site, Visit& visit);
Shown reply(const Site& site, Visit& visit, const Form& form, Act act);
Shown who_likes(const Site& site, Visit& visit);
Shown who_reposted(const Site& site, Visit& visit);

// tweet_acts.cpp
Shown like(const Site& site, Visit& visit, const Form& form, Act act);
Shown repost(const Site& site, Visit& visit, const Form& form, Act act);
Shown pin(const Site& site, Visit& visit, const Form& form, Act act);

// tweet_pages.cpp
Shown compose(const Site& site, Visit& visit);
Shown write_tweet(const Site& site, Visit& visit, const Form& form);
Shown edit(const Site& site, Visit& visit);
Shown change_tweet(const Site& site, Visit& visit, const Form& form, Act act);  // unset: deletes
Shown ask_delete(const Site& site, Visit& visit);
Shown delete_tweet(const Site& site, Visit& visit, const Form& form);

// people_page.cpp
Shown people(const Site& site, Visit& visit);

// profile_pages.cpp
Shown profile(const Site& site, Visit& visit);
Shown profile_replies(const Site& site, Visit& visit);
Shown profile_likes(const Site& site, Visit& visit);
Shown followers(const Site& site, Visit& visit);
Shown following(const Site& site, Visit& visit);

// person_acts.cpp
Shown follow(const Site& site, Visit& visit, const Form& form, Act act);
Shown block(const Site& site, Visit& visit, const Form& form, Act act);
Shown mute(const Site& site, Visit& visit, const Form& form, Act act);

// message_pages.cpp
Shown conversations(const Site& site, Visit& visit);
Shown conversation(const Site& site, Visit& visit);
Shown send_message(const Site& site, Visit& visit, const Form& form);
Shown read_messages(const Site& site, Visit& visit, const Form& form);
Shown delete_messages(const Site& site, Visit& visit, const Form& form);

// notification_page.cpp
Shown notifications_list(const Site& site, Visit& visit);
Shown read_notifications(const Site& site, Visit& visit, const Form& form);
Shown clear_notifications(const Site& site, Visit& visit, const Form& form);

// search_page.cpp
Shown search(const Site& site, Visit& visit);

// live.cpp
Shown live(const Site& site, Visit& visit);

// sign_pages.cpp
Shown login(const Site& site, Visit& visit);
Shown sign_in(const Site& site, Visit& visit, const Form& form);
Shown signup(const Site& site, Visit& visit);
Shown sign_up(const Site& site, Visit& visit, const Form& form);
Shown ask_sign_out(const Site& site, Visit& visit);
Shown sign_out(const Site& site, Visit& visit, const Form& form);

// analytics_page.cpp
Shown analytics(const Site& site, Visit& visit);

// settings_pages.cpp
Shown settings(const Site& site, Visit& visit);
Shown save_profile(const Site& site, Visit& visit, const Form& form);
Shown change_password(const Site& site, Visit& visit, const Form& form);
Shown end_session(const Site& site, Visit& visit, const Form& form);
Shown end_other_sessions(const Site& site, Visit& visit, const Form& form);
Shown save_look(const Site& site, Visit& visit, const Form& form);
Shown ask_delete_account(const Site& site, Visit& visit);
Shown delete_account(const Site& site, Visit& visit, const Form& form);

// avatar.cpp
inline constexpr std::size_t avatar_bytes_max = 2 * 1024 * 1024;
Shown set_avatar(const Site& site, Visit& visit, const http::Multipart& sent);
Shown remove_avatar(const Site& site, Visit& visit, const Form& form);
Shown avatar(const Site& site, Visit& visit);
Shown bird(const Site& site, Visit& visit);

// old_addresses.cpp
Shown activities(const Site& site, Visit& visit);
Shown chat(const Site& site, Visit& visit);
Shown chat_inbox(const Site& site, Visit& visit);
Shown chat_with(const Site& site, Visit& visit);
Shown send_chat(const Site& site, Visit& visit, const Form& form);
Shown delete_user(const Site& site, Visit& visit, const Form& form);

// hidden_people_pages.cpp
Shown blocked_people(const Site& site, Visit& visit);
Shown muted_people(const Site& site, Visit& visit);

// The settings again, with what was refused beside its field.
Shown settings_again(const Site& site, Visit& visit, const Error& error);

// The value of a form's field; empty when it was not sent.
inline std::string value(const Form& form, std::string_view name) {
    return std::string(form.get(name).value_or(""));
}
// The {id} of the route, or `not_found`.
Result<std::uint64_t> id_in_path(const Visit& visit);
Result<tweets::ByIdRequest> by_id_in_path(const Visit& visit);
// The person of the {name} in the route, or `not_found`. The original's addresses have ids there, which count
// where nobody has such a name.
Result<accounts::User> user_named(const Site& site, const Visit& visit, const std::string& name);
Result<accounts::User> user_in_path(const Site& site, const Visit& visit);
// What was typed into a field "text", or what the original's forms call it, with line ends as people mean
// them: forms send \r\n.
std::string typed_text(const Form& form);
// The tweet of a form with "text" and "key"; `reply_to` 0: it answers none.
Result<tweets::Tweet> written_from(const Site& site, const Visit& visit, const Form& form,
                                   std::uint64_t reply_to);

}  // namespace jebi::web
