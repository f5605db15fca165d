#include "modules/accounts/sessions.h"

#include <algorithm>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"

namespace jebi::accounts {

namespace {

// At most so many bytes, without half a character at the end.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
    std::size_t size = std::min(text.size(), bytes_max);
    while (size > 0 && size < text.size() && (text[size] & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

// Cut before it is repaired, which takes time, and after, which makes it longer.
std::string kept_text(std::string_view text, std::size_t bytes_max) {
    std::string kept(cut(repaired_utf8(cut(text, bytes_max)), bytes_max));
    std::erase(kept, '\0');  // PostgreSQL takes none
    return kept;
}

}  // namespace

std::string new_token() {
    constexpr std::size_t token_bytes = 32;
    return base64url(random_bytes(token_bytes));
}

bool may_be_token(std::string_view text) {
    return text.size() == token_characters && from_base64url(text).has_value();
}

std::optional<std::string> token_hash(std::string_view token) {
    if (token.size() != token_characters) return std::nullopt;
    return base64url(bytes_of(sha256(token)));
}

bool is_alive(const Session& session, const SessionLimits& limits, WallMs now_ms) {
    return now_ms - session.last_used_ms() < limits.idle.count() &&
           now_ms - session.created_ms() < limits.absolute.count();
}

Client kept(const Client& client) {
    Client kept;
    kept.set_address(kept_text(client.address(), address_bytes_max));
    kept.set_user_agent(kept_text(client.user_agent(), user_agent_bytes_max));
    return kept;
}

}  // namespace jebi::accounts
