#include "modules/web/signing.h"

#include <algorithm>

namespace jebi::web {

namespace {

constexpr std::size_t next_bytes_max = 1'000;

void end_old_session(const Site& site, const Visit& visit) {
    if (!visit.user) return;
    accounts::SignOutRequest request;
    request.set_token(visit.secret);
    static_cast<void>(site.accounts.sign_out(visit.call, request));  // it ends by its age if this fails
}

}  // namespace

// "//host" and "/\host" are other sites.
std::string safe_next(const std::string& next) {
    const bool inside = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\");
    const bool printable = std::ranges::all_of(next, [](char c) { return c > ' ' && c != 127; });
    return inside && printable && next.size() <= next_bytes_max ? next : "/";
}

http::Response signed_in_as(const Site& site, Visit& visit, const accounts::SessionReply& reply,
                            std::string next, std::string_view notice) {
    end_old_session(site, visit);
    visit.cookies.push_back(session_cookie(site, reply.token()));
    return redirected(site, visit, std::move(next), notice);
}

}  // namespace jebi::web
