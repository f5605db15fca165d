#include "modules/web/signing.h"

namespace jebi::web {

namespace {

void end_old_session(const Site& site, const Visit& visit) {
    if (!visit.user && !visit.unknown) return;
    accounts::SignOutRequest request;
    request.set_token(visit.secret);
    static_cast<void>(site.accounts.sign_out(visit.call, request));  // it ends by its age if this fails
}

}  // namespace

std::string safe_next(const std::string& next) {
    return is_own_path(next) ? next : "/";
}

http::Response signed_in_as(const Site& site, Visit& visit, const accounts::SessionReply& reply,
                            std::string next, std::string_view notice) {
    end_old_session(site, visit);
    visit.cookies.push_back(session_cookie(site, reply.token()));
    return redirected(site, visit, std::move(next), notice);
}

}  // namespace jebi::web
