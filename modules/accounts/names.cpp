#include "modules/accounts/names.h"

#include <algorithm>
#include <array>

namespace jebi::accounts {

namespace {

// Sorted, since it is searched by halves.
// clang-format off
constexpr std::string_view reserved[] = {
    "about", "abuse", "access", "account", "accounts", "activities", "activity", "admin", "administrator",
    "admins", "all", "analytics", "anonymous", "api", "apiv1", "apiv2", "app", "apps", "assets", "auth",
    "authorize", "avatar", "avatars", "billing", "blocks", "blog", "bookmarks", "cache", "callback", "cdn",
    "chat", "chats", "compose", "config", "connect", "console", "contact", "css", "dashboard", "delete",
    "developer", "developers", "direct", "docs", "domain", "download", "edit", "email", "en", "error",
    "errors", "everyone", "explore", "export", "faq", "favicon", "favorites", "favourites", "feed", "feeds",
    "filters", "follow", "followers", "following", "fonts", "forgot", "ftp", "github", "graphql", "group",
    "groups", "guest", "hashtag", "hashtags", "health", "healthz", "help", "home", "host", "hostmaster",
    "html", "http", "https", "icon", "icons", "image", "images", "img", "import", "inbox", "index", "info",
    "instance", "internal", "invite", "invites", "jebi", "jebi_admin", "jebi_team", "jobs", "js", "json",
    "ko", "lang", "legal", "licence", "license", "list", "lists", "live", "livez", "local", "localhost",
    "log", "log_analytics", "login", "logout", "logs", "mail", "mailer_daemon", "manage", "manifest", "me",
    "media", "mention", "mentions", "message", "messages", "metrics", "mod", "moderation", "moderator",
    "moderators", "mute", "mutes", "new", "news", "nobody", "nodeinfo", "noreply", "notification",
    "notifications", "null", "oauth", "official", "oidc", "openid", "operator", "operators", "owner", "page",
    "pages", "password", "passwords", "photos", "ping", "policy", "poll", "polls", "popular", "postmaster",
    "press", "privacy", "profile", "profiles", "public", "query", "readyz", "recent", "register", "remote",
    "report", "reports", "reset", "robots", "root", "rss", "rules", "search", "secure", "security", "self",
    "server", "service", "services", "session", "sessions", "settings", "share", "sign_in", "sign_out",
    "sign_up", "signin", "signout", "signup", "site", "sitemap", "ssl", "staff", "static", "statistics",
    "stats", "status", "statuses", "stream", "streaming", "style", "styles", "sudo", "superuser", "support",
    "sysadmin", "sysop", "system", "tag", "tags", "team", "terms", "timeline", "timelines", "tls", "token",
    "tokens", "trending", "trends", "tweet", "tweets", "undefined", "unfollow", "unsubscribe", "update",
    "upload", "uploads", "user", "users", "users_list", "userslist", "verified", "verify", "web", "webmaster",
    "websocket", "well_known", "widget", "widgets", "www", "you"};
// clang-format on
static_assert(std::ranges::is_sorted(reserved));

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

std::unexpected<Error> refuse(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at("username"));
}

}  // namespace

std::string ascii_lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

bool is_username(std::string_view name) {
    return !name.empty() && name.size() <= username_bytes_max && std::ranges::all_of(name, is_name_character);
}

bool is_reserved(std::string_view name) {
    return std::ranges::binary_search(reserved, name);
}

Result<std::string> accepted_username(std::string_view given) {
    if (given.size() > username_bytes_max) {
        return refuse("A user name has at most 30 characters.", "username_invalid");
    }
    std::string name = ascii_lower(given);
    if (!is_username(name)) {
        return refuse("A user name has 1 to 30 of the letters a to z, digits and _.", "username_invalid");
    }
    if (is_reserved(name)) return refuse("This name is reserved.", "username_reserved");
    return name;
}

}  // namespace jebi::accounts
