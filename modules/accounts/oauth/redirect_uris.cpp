#include "modules/accounts/oauth/redirect_uris.h"

#include <algorithm>
#include <array>

#include "kit/base/unicode.h"

namespace jebi::accounts {

namespace {

constexpr std::string_view to_be_copied = "urn:ietf:wg:oauth:2.0:oob";

// What no app can have for itself.
constexpr std::array<std::string_view, 19> schemes_of_others{
    "about",  "blob",     "chrome",      "data",   "file",     "filesystem", "ftp",
    "intent", "jar",      "javascript",  "mailto", "resource", "sms",        "tel",
    "urn",    "vbscript", "view-source", "ws",     "wss"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// RFC 3986, 2, but for '#'.
bool is_uri_character(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~:/?[]@!$&'()*+,;=%").contains(c);
}

bool is_scheme(std::string_view text) {
    const auto fits = [](char c) {
        return is_letter(c) || is_digit(c) || std::string_view("+-.").contains(c);
    };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, fits);
}

bool is_port(std::string_view text) {
    constexpr std::size_t digits_max = 5;
    return !text.empty() && text.size() <= digits_max && std::ranges::all_of(text, is_digit);
}

struct Place {
    std::string_view host;
    bool is_well_formed = false;
};

// Of what stands behind "https:".
Place place_of(std::string_view rest) {
    if (!rest.starts_with("//")) return {};
    rest.remove_prefix(2);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    const auto bracket = authority.rfind(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string_view host = authority.substr(0, colon);
    const bool port_fits = colon == std::string_view::npos || is_port(authority.substr(colon + 1));
    return {.host = host, .is_well_formed = !host.empty() && port_fits && !authority.contains('@')};
}

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

std::unexpected<Error> refused(std::string message) {
    return fail(error(Code::invalid, std::move(message)).because("redirect_invalid").at("redirect_uris"));
}

}  // namespace

bool is_redirect_uri(std::string_view uri) {
    if (uri == to_be_copied) return true;
    const auto colon = uri.find(':');
    if (colon == std::string_view::npos || !std::ranges::all_of(uri, is_uri_character)) return false;
    if (!is_scheme(uri.substr(0, colon))) return false;
    const std::string scheme = lower(uri.substr(0, colon));
    const std::string_view rest = uri.substr(colon + 1);
    if (scheme == "https") return place_of(rest).is_well_formed;
    if (scheme == "http") return place_of(rest).is_well_formed && is_this_machine(place_of(rest).host);
    return !rest.empty() && std::ranges::find(schemes_of_others, scheme) == schemes_of_others.end();
}

Result<void> check_redirect_uris(std::span<const std::string> uris) {
    if (uris.empty() || uris.size() > redirect_uris_max) {
        return refused("A program has 1 to 10 redirect addresses.");
    }
    std::size_t bytes = 0;
    for (const std::string& uri : uris)
        bytes += uri.size();
    if (bytes > redirect_uris_bytes_max) return refused("These redirect addresses are too long.");
    if (std::ranges::all_of(uris, is_redirect_uri)) return {};
    return refused(
        "A redirect address is absolute, without fragment, and begins with https://, with http:// and this "
        "machine's "
        "name, or with the app's own scheme.");
}

}  // namespace jebi::accounts
