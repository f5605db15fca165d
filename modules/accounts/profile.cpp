#include "modules/accounts/profile.h"

#include <algorithm>
#include <optional>

#include "kit/base/unicode.h"
#include "modules/accounts/names.h"

namespace jebi::accounts {

namespace {

constexpr std::size_t email_local_bytes_max = 64;
constexpr std::size_t domain_label_bytes_max = 63;

std::unexpected<Error> refuse(std::string message, std::string reason, std::string field) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at(std::move(field)));
}

bool is_ascii_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_beyond_ascii(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

// RFC 5322's atext, and RFC 6532's letters of the world.
bool is_email_local_character(char c) {
    return is_ascii_alphanumeric(c) || is_beyond_ascii(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").contains(c);
}

bool is_dotted_well(std::string_view text) {
    return !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
}

bool is_email_local_part(std::string_view local) {
    return !local.empty() && local.size() <= email_local_bytes_max && is_dotted_well(local) &&
           std::ranges::all_of(local, is_email_local_character);
}

bool is_domain_label(std::string_view label) {
    const auto fits = [](char c) { return is_ascii_alphanumeric(c) || is_beyond_ascii(c) || c == '-'; };
    return !label.empty() && label.size() <= domain_label_bytes_max && !label.starts_with('-') &&
           !label.ends_with('-') && std::ranges::all_of(label, fits);
}

// With at least one dot, so that nobody's local host is meant.
bool is_email_domain(std::string_view domain) {
    if (!domain.contains('.')) return false;
    while (true) {
        const auto dot = domain.find('.');
        if (!is_domain_label(domain.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        domain.remove_prefix(dot + 1);
    }
}

bool is_email(std::string_view email) {
    const auto at = email.find('@');
    return at != std::string_view::npos && is_email_local_part(email.substr(0, at)) &&
           is_email_domain(email.substr(at + 1)) && !has_controls(email);
}

// Forms send lines as CR LF.
std::string without_returns(std::string_view text) {
    std::string plain(text);
    std::erase(plain, '\r');
    return plain;
}

bool is_one_line(std::string_view text) {
    return !has_controls(text) && !text.contains('\n') && !text.contains("\u2028") &&
           !text.contains("\u2029");
}

// As it is kept; nothing when it is no such line.
std::optional<std::string> kept_line(std::string_view given, std::size_t graphemes_max) {
    if (given.size() > 2 * line_bytes_max || !is_utf8(given)) return std::nullopt;
    std::string line = nfc(trimmed(given));
    if (line.size() > line_bytes_max || !is_one_line(line) || is_blank(line)) return std::nullopt;
    if (grapheme_count(line, graphemes_max) > graphemes_max) return std::nullopt;
    return line;
}

bool is_link_character(char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f' &&
           !std::string_view("\"'<>\\^`{|}").contains(c);
}

// The host, and the port where one is given.
bool is_authority(std::string_view authority) {
    const auto fits = [](char c) {
        return is_ascii_alphanumeric(c) || is_beyond_ascii(c) || std::string_view("-._:[]").contains(c);
    };
    return !authority.empty() && !authority.starts_with(':') && is_dotted_well(authority) &&
           std::ranges::all_of(authority, fits);
}

bool is_link(std::string_view link) {
    const std::string scheme = ascii_lower(link.substr(0, link.find("://")));
    if (scheme != "http" && scheme != "https") return false;
    const std::string_view rest = link.substr(std::min(link.size(), scheme.size() + 3));
    return is_authority(rest.substr(0, rest.find_first_of("/?#"))) &&
           std::ranges::all_of(link, is_link_character) && !has_controls(link);
}

std::optional<std::string> kept_link(std::string_view given) {
    if (given.size() > 2 * link_bytes_max || !is_utf8(given)) return std::nullopt;
    std::string link(trimmed(given));
    if (!link.empty() && (link.size() > link_bytes_max || !is_link(link))) return std::nullopt;
    return link;
}

}  // namespace

Result<std::string> accepted_email(std::string_view given) {
    const auto refused = [] {
        return refuse("This does not look like an e-mail address.", "email_invalid", "email");
    };
    if (given.size() > 2 * email_bytes_max || !is_utf8(given)) return refused();
    std::string email = nfc(trimmed(given));
    if (email.size() > email_bytes_max || !is_email(email)) return refused();
    return email;
}

std::string email_key(std::string_view email) {
    return folded(email);
}

Result<std::string> accepted_display_name(std::string_view given) {
    auto name = kept_line(given, display_name_graphemes_max);
    if (name) return std::move(*name);
    return refuse("A display name has 1 to 50 characters, on one line and without control characters.",
                  "display_name_invalid", "display_name");
}

Result<std::string> accepted_bio(std::string_view given) {
    const auto too_long = [] { return refuse("A bio has at most 160 characters.", "bio_too_long", "bio"); };
    if (given.size() > 2 * bio_bytes_max) return too_long();
    if (!is_utf8(given)) return refuse("The bio is not valid UTF-8.", "bio_invalid", "bio");
    std::string bio = nfc(trimmed(without_returns(given)));
    if (has_controls(bio)) return refuse("A bio has no control characters.", "bio_invalid", "bio");
    if (bio.size() > bio_bytes_max) return too_long();
    if (grapheme_count(bio, bio_graphemes_max) > bio_graphemes_max) return too_long();
    return bio;
}

Result<std::string> accepted_link(std::string_view given) {
    auto link = kept_link(given);
    if (link) return std::move(*link);
    return refuse("A link begins with http:// or https:// and has at most 200 bytes.", "link_invalid",
                  "link");
}

Result<std::string> accepted_app_name(std::string_view given) {
    auto name = kept_line(given, app_name_graphemes_max);
    if (name) return std::move(*name);
    return refuse("A program's name has 1 to 100 characters, on one line and without control characters.",
                  "name_invalid", "name");
}

Result<std::string> accepted_website(std::string_view given) {
    auto link = kept_link(given);
    if (link) return std::move(*link);
    return refuse("A website begins with http:// or https:// and has at most 200 bytes.", "website_invalid",
                  "website");
}

}  // namespace jebi::accounts
