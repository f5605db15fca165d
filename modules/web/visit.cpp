#include "modules/web/visit.h"

#include <algorithm>
#include <cctype>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

constexpr std::int64_t session_cookie_s = 90LL * 24 * 3600;
constexpr std::int64_t choice_cookie_s = 365LL * 24 * 3600;
constexpr std::size_t visitor_secret_bytes = 18;
constexpr std::size_t user_agent_bytes_max = 300;
constexpr std::size_t path_bytes_max = 1'000;
constexpr std::string_view language_cookie = "jebi_lang";
constexpr std::string_view theme_cookie = "jebi_theme";
constexpr std::string_view notice_cookie = "jebi_notice";

std::string cookie_field(const Site& site, std::string_view name, std::string_view value,
                         std::int64_t seconds) {
    std::string field = std::string(name) + "=" + std::string(value) +
                        "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
    if (site.options.secure) field += "; Secure";
    return field;
}

std::string cookie_text(const http::Request& request, std::string_view name) {
    return std::string(http::cookie(request, name).value_or(""));
}

Error session_unknown(Error why) {
    return error(why.code, "It cannot be told right now who you are. You are still signed in.")
        .because("session_unknown")
        .after_s(why.retry_after_s)
        .detailed(std::move(why.detail));
}

Result<void> find_user(const Site& site, Visit& visit) {
    std::string token = cookie_text(visit.request, hosted(site, "jebi"));
    if (token.empty()) return {};
    const Deadline now = std::chrono::steady_clock::now();
    accounts::AuthenticateRequest request;
    request.set_token(token);
    const bool reads = visit.request.method == http::Method::get;
    auto reply = site.accounts.authenticate(reads ? replaceable(visit.call) : visit.call, request);
    if (!reply && reply.error().code == Code::unauthenticated) {
        visit.cookies.push_back(ended_session_cookie(site));
        return {};
    }
    if (!reply && is_away(reply.error())) {
        visit.unknown = session_unknown(reply.error());
        visit.secret = std::move(token);  // what the tokens of open pages' forms hang on
        return {};
    }
    TRY(auto known, std::move(reply));
    visit.call.user = UserId{known.user().id()};
    visit.session_id = known.session_id();
    visit.user = std::move(*known.mutable_user());
    site.recall->keep(*visit.user, now);
    visit.secret = std::move(token);
    return {};
}

void find_visitor_secret(const Site& site, Visit& visit) {
    if (!visit.secret.empty()) return;
    const std::string name = hosted(site, "jebi_visitor");
    visit.secret = cookie_text(visit.request, name);
    if (!visit.secret.empty()) return;
    visit.secret = base64url(random_bytes(visitor_secret_bytes));
    visit.cookies.push_back(cookie_field(site, name, visit.secret, session_cookie_s));
}

void find_choices(const Site& site, Visit& visit) {
    visit.language = language_of(visit.request);
    if (const auto chosen = language_from(cookie_text(visit.request, language_cookie)))
        visit.language = *chosen;
    if (const auto chosen = language_from(visit.query("lang"))) {
        visit.language = *chosen;
        visit.cookies.push_back(plain_cookie(site, language_cookie, code(*chosen), choice_cookie_s));
    }
    const std::string theme = cookie_text(visit.request, theme_cookie);
    if (theme == "light" || theme == "dark") visit.theme = theme;
    visit.notice = cookie_text(visit.request, notice_cookie);
    if (!visit.notice.empty()) visit.cookies.push_back(plain_cookie(site, notice_cookie, "", 0));
}

std::string mac(const Visit& visit) {
    return std::string(bytes_of(hmac_sha256(visit.secret, "csrf")));
}

std::string exclusive_or(std::string_view a, std::string_view b) {
    std::string out(a);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<char>(out[i] ^ b[i]);
    return out;
}

std::unexpected<Error> not_ours(std::string why) {
    return fail(error(Code::forbidden, "This request could not be verified. Reload the page and try again.")
                    .because("csrf")
                    .detailed(std::move(why)));
}

// "https://example.org:8443" names the host that the request was sent to. Where nobody said that browsers
// come by https they may all the same: a proxy in front does not ask us.
bool is_own_origin(std::string_view origin, const http::Request& request, bool secure) {
    const auto host = request.fields.get("Host");
    if (!host) return false;
    return origin == "https://" + std::string(*host) || (!secure && origin == "http://" + std::string(*host));
}

}  // namespace

std::string hosted(const Site& site, std::string_view name) {
    return (site.options.secure ? "__Host-" : "") + std::string(name);
}

accounts::Client Visit::client() const {
    accounts::Client client;
    client.set_address(client_address);
    const std::string_view agent = request.fields.get("User-Agent").value_or("");
    if (is_utf8(agent)) client.set_user_agent(std::string(agent.substr(0, user_agent_bytes_max)));
    return client;
}

std::string Visit::query(std::string_view name) const {
    const auto form = http::form_from(request.query);
    return form ? std::string(form->get(name).value_or("")) : "";
}

std::string_view Visit::host() const {
    return request.fields.get("Host").value_or("");
}

bool is_own_path(std::string_view path) {
    const bool inside = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    const bool printable = std::ranges::all_of(path, [](char c) { return c > ' ' && c != 127; });
    return inside && printable && path.size() <= path_bytes_max;
}

std::string client_address_of(const Site& site, const http::Request& request) {
    if (!site.options.behind_proxy) return request.peer;
    const std::string_view forwarded = request.fields.get("X-Forwarded-For").value_or("");
    const auto comma = forwarded.rfind(',');  // the last one is what our own proxy saw
    const auto last = trimmed(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1));
    return last.empty() || last.size() > 64 ? request.peer : std::string(last);
}

Call call_of(const http::Request& request) {
    return Call{.until = std::min(request.until, in(request_max)), .trace = request.trace};
}

accounts::Client client_of(const Site& site, const http::Request& request) {
    const Visit visit{.request = request, .call = {}, .client_address = client_address_of(site, request)};
    return visit.client();
}

std::string origin_of(const Site& site, const http::Request& request) {
    std::string_view host = request.fields.get("Host").value_or("");
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view(".-:[]").contains(c);
    };
    if (host.empty() || !std::ranges::all_of(host, fits)) host = "localhost";
    return (site.options.secure ? "https://" : "http://") + std::string(host);
}

Result<Visit> open_visit(const Site& site, const http::Request& request) {
    Visit visit{
        .request = request, .call = call_of(request), .client_address = client_address_of(site, request)};
    find_choices(site, visit);
    TRY_VOID(find_user(site, visit));
    find_visitor_secret(site, visit);
    return visit;
}

Result<UserId> signed_in(const Visit& visit) {
    if (visit.unknown) return std::unexpected(*visit.unknown);
    return signed_in(visit.call);
}

std::string session_cookie(const Site& site, std::string_view token) {
    return cookie_field(site, hosted(site, "jebi"), token, session_cookie_s);
}

std::string ended_session_cookie(const Site& site) {
    return cookie_field(site, hosted(site, "jebi"), "", 0);
}

std::string plain_cookie(const Site& site, std::string_view name, std::string_view value,
                         std::int64_t seconds) {
    return cookie_field(site, name, value, seconds);
}

std::string csrf_token(const Visit& visit) {
    const std::string pad = random_bytes(sizeof(Hash));
    return base64url(pad + exclusive_or(mac(visit), pad));
}

Result<void> check_csrf(const SiteOptions& options, const Visit& visit, std::string_view token) {
    const auto site = visit.request.fields.get("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none")
        return not_ours("Sec-Fetch-Site: " + std::string(*site));
    const auto origin = visit.request.fields.get("Origin");
    if (origin && !is_own_origin(*origin, visit.request, options.secure))
        return not_ours("Origin: " + std::string(*origin));
    const auto bytes = from_base64url(token);
    if (!bytes || bytes->size() != 2 * sizeof(Hash)) return not_ours("no token");
    const std::string_view all = *bytes;
    const std::string sent = exclusive_or(all.substr(sizeof(Hash)), all.substr(0, sizeof(Hash)));
    if (!equal_in_constant_time(sent, mac(visit))) return not_ours("wrong token");
    return {};
}

}  // namespace jebi::web
