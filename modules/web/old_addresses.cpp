// Addresses of the original Twitter clone that have moved here: they lead to where things are now, and forms
// sent to them still work. Where the original showed anybody everybody's, one gets one's own.
#include "modules/web/pages.h"

namespace jebi::web {

Shown activities(const Site& site, Visit& visit) {
    return redirected(site, visit, "/notifications");
}

Shown chat(const Site& site, Visit& visit) {
    return redirected(site, visit, "/messages");
}

Shown chat_inbox(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    TRY(const auto user, user_in_path(site, visit));
    if (user.id() != visit.user->id()) return fail(Code::forbidden, "An inbox is its owner's only.");
    return redirected(site, visit, "/messages");
}

Shown chat_with(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    TRY(const auto user, user_in_path(site, visit));
    return redirected(site, visit, "/messages/" + user.username());
}

Shown send_chat(const Site& site, Visit& visit, const Form& form) {
    TRY_VOID(signed_in(visit));
    TRY(const auto other, user_named(site, visit, value(form, "receiver")));
    messages::SendRequest request;
    request.set_to_id(other.id());
    request.set_text(form.get("message") ? value(form, "message") : typed_text(form));
    TRY_VOID(site.messages.send(visit.call, request));
    return redirected(site, visit, "/messages/" + other.username(), "sent");
}

// The original deleted whoever was signed in, at once. Here one is asked, and for the password.
Shown delete_user(const Site& site, Visit& visit, const Form&) {
    TRY_VOID(signed_in(visit));
    TRY(const auto user, user_in_path(site, visit));
    if (user.id() != visit.user->id()) return fail(Code::forbidden, "An account is its owner's to delete.");
    return redirected(site, visit, "/settings/delete");
}

}  // namespace jebi::web
