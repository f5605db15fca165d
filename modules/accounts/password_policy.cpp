#include "modules/accounts/password_policy.h"

#include <algorithm>
#include <array>

#include "kit/base/unicode.h"
#include "modules/accounts/common_passwords.h"

namespace jebi::accounts {

namespace {

constexpr std::size_t given_bytes_max = 4 * password_bytes_max;  // NFC makes text at most three times shorter
constexpr std::size_t resembled_bytes_min = 3;                   // shorter names are in every other word
constexpr std::size_t rest_characters_min = 6;                   // so much must be left without the name

// UTF-8's continuation bytes are 10xxxxxx.
std::size_t character_count(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string without(std::string text, std::string_view part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at))
        text.erase(at, part.size());
    return text;
}

// Is the password this word and little else?
bool is_like(std::string_view password, std::string_view word) {
    if (word.size() < resembled_bytes_min || !password.contains(word)) return false;
    return character_count(without(std::string(password), word)) < rest_characters_min;
}

bool is_like_owner(std::string_view password, const PasswordOwner& owner) {
    const std::string folded_password = folded(password);
    const std::string email = folded(owner.email);
    const auto local_part = std::string_view(email).substr(0, email.find('@'));
    const std::string name = folded(owner.username);
    const std::string name_backwards(name.rbegin(), name.rend());
    const std::array<std::string_view, 6> words = {name, name_backwards, email, local_part, "jebi", "제비"};
    return std::ranges::any_of(words, [&](std::string_view word) { return is_like(folded_password, word); });
}

}  // namespace

std::optional<std::string> typed_password(std::string_view given) {
    if (given.size() > given_bytes_max || !is_utf8(given)) return std::nullopt;
    std::string password = nfc(given);
    if (password.size() > password_bytes_max) return std::nullopt;
    return password;
}

Result<std::string> accepted_password(std::string_view given, const PasswordOwner& owner, std::string field) {
    const auto refuse = [&](std::string message, std::string reason) {
        return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at(std::move(field)));
    };
    if (!is_utf8(given)) return refuse("The password is not valid UTF-8.", "password_invalid");
    const auto password = typed_password(given);
    if (!password) return refuse("A password has at most 256 bytes.", "password_too_long");
    if (character_count(*password) < password_characters_min) {
        return refuse("A password has at least 8 characters.", "password_too_short");
    }
    if (is_common_password(*password)) {
        return refuse("This password is so common that it would be guessed.", "password_common");
    }
    if (is_like_owner(*password, owner)) {
        return refuse("A password must not be like the user name, the e-mail or the site's name.",
                      "password_like_name");
    }
    return *password;
}

}  // namespace jebi::accounts
