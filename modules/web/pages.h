// The pages, a function each: what a browser gets, and what happens when it sends a form.
//
// An error that a function returns is shown by refused(); what a person can mend in the form is not returned
// but shown in the form again, with what was typed. Forms have passed the CSRF check when they arrive here.
#pragma once

#include "modules/web/show.h"

namespace jebi::web {

using Form = http::Fields<std::string>;
using Shown = Result<http::Response>;

// home_page.cpp
Shown home(const Site& site, Visit& visit);
Shown home_as(const Site& site, Visit& visit, std::string address);  // also /tweets, the original's
Shown hashtag(const Site& site, Visit& visit);

// tweet_pages.cpp
Shown tweet(const Site& site, Visit& visit);
Shown compose(const Site& site, Visit& visit);
Shown write_tweet(const Site& site, Visit& visit, const Form& form);
Shown edit(const Site& site, Visit& visit);
Shown change_tweet(const Site& site, Visit& visit, const Form& form);  // with _method=DELETE: deletes
Shown ask_delete(const Site& site, Visit& visit);
Shown delete_tweet(const Site& site, Visit& visit, const Form& form);

// people_pages.cpp
Shown people(const Site& site, Visit& visit);
Shown profile(const Site& site, Visit& visit);

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

// The value of a form's field; empty when it was not sent.
inline std::string value(const Form& form, std::string_view name) {
    return std::string(form.get(name).value_or(""));
}
// The {id} of the route, or `not_found`.
Result<std::uint64_t> id_in_path(const Visit& visit);

}  // namespace jebi::web
