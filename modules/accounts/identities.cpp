#include "modules/accounts/identities.h"

#include <algorithm>

#include "kit/base/unicode.h"
#include "modules/accounts/names.h"

namespace jebi::accounts {

namespace {

std::unexpected<Error> refused(std::string message, std::string field) {
    return fail(error(Code::invalid, std::move(message)).because("identity_invalid").at(std::move(field)));
}

bool is_subject(std::string_view text) {
    const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
    return !text.empty() && text.size() <= subject_bytes_max && std::ranges::all_of(text, is_visible);
}

bool is_login(std::string_view text) {
    return text.size() <= login_bytes_max && is_utf8(text) && !has_controls(text) && !text.contains('\n');
}

}  // namespace

Result<void> check_provider(std::string_view provider) {
    const auto fits = [](char c) { return c >= 'a' && c <= 'z'; };
    if (!provider.empty() && provider.size() <= provider_bytes_max && std::ranges::all_of(provider, fits)) {
        return {};
    }
    return refused("A provider has 1 to 20 of the letters a to z.", "provider");
}

Result<void> check_identity(std::string_view provider, std::string_view subject, std::string_view login) {
    TRY_VOID(check_provider(provider));
    if (!is_subject(subject)) return refused("An id has 1 to 64 visible characters.", "subject");
    if (!is_login(login)) return refused("A name there has at most 100 bytes, on one line.", "login");
    return {};
}

std::string username_for(std::string_view login) {
    std::string name = ascii_lower(login);
    std::ranges::replace(name, '-', '_');
    return name;
}

}  // namespace jebi::accounts
