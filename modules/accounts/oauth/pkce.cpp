#include "modules/accounts/oauth/pkce.h"

#include <algorithm>

#include "kit/base/crypto.h"

namespace jebi::accounts {

namespace {

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_verifier(std::string_view text) {
    const auto is_unreserved = [](char c) {
        return is_alphanumeric(c) || std::string_view("-._~").contains(c);
    };
    return text.size() >= verifier_bytes_min && text.size() <= verifier_bytes_max &&
           std::ranges::all_of(text, is_unreserved);
}

}  // namespace

bool is_challenge(std::string_view text) {
    const auto is_base64url = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; };
    return text.size() == challenge_bytes && std::ranges::all_of(text, is_base64url);
}

bool verifier_fits(std::string_view challenge, std::string_view verifier) {
    if (challenge.empty()) return verifier.empty();
    return is_verifier(verifier) && equal_in_constant_time(base64url(bytes_of(sha256(verifier))), challenge);
}

}  // namespace jebi::accounts
