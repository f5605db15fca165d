// A person's buttons: follow, block and mute them; and take that back.
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

using Change = Result<follows::Relationship> (follows::Follows::*)(const Call&,
                                                                   const follows::TargetRequest&);

Shown changed(const Site& site, Visit& visit, Change how, std::string_view notice) {
    TRY_VOID(signed_in(visit));
    TRY(const auto user, user_in_path(site, visit));
    follows::TargetRequest request;
    request.set_target_id(user.id());
    TRY(const auto relationship, (site.follows.*how)(visit.call, request));
    site.recall->keep_relationship(visit.call.user, relationship, in(Millis{0}));
    return done(site, visit, "{}", "/users/" + user.username(), notice);
}

}  // namespace

Shown follow(const Site& site, Visit& visit, const Form&, Act act) {
    if (act == Act::set) return changed(site, visit, &follows::Follows::follow, "followed");
    return changed(site, visit, &follows::Follows::unfollow, "unfollowed");
}

Shown block(const Site& site, Visit& visit, const Form&, Act act) {
    if (act == Act::set) return changed(site, visit, &follows::Follows::block, "blocked");
    return changed(site, visit, &follows::Follows::unblock, "unblocked");
}

Shown mute(const Site& site, Visit& visit, const Form&, Act act) {
    if (act == Act::set) return changed(site, visit, &follows::Follows::mute, "muted");
    return changed(site, visit, &follows::Follows::unmute, "unmuted");
}

}  // namespace jebi::web
