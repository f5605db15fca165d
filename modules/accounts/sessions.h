// Tokens of sessions, codes and secrets of programs, and how long they are good for.
//
// Each is 256 random bits; only its SHA-256 is kept, so that a stolen database signs nobody in. (A plain
// hash is enough: nobody can guess 256 bits.)
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "kit/base/clock.h"
#include "modules/accounts/accounts.jebi.h"

namespace jebi::accounts {

inline constexpr std::size_t token_characters = 43;
// Of one user: so many browsers, and as many programs. The one unused for longest makes room.
inline constexpr std::size_t sessions_max = 100;
inline constexpr std::size_t own_tokens_max = 10;  // of one program, with which it acts for nobody
inline constexpr std::size_t codes_max = 20;       // of one user, that nobody has brought yet
inline constexpr Millis code_life{std::chrono::minutes(10)};
inline constexpr Millis unused_app_life{std::chrono::days(30)};
inline constexpr std::size_t address_bytes_max = 64;
inline constexpr std::size_t user_agent_bytes_max = 300;

// Of browsers; programs' sessions do not end by themselves.
struct SessionLimits {
    Millis idle{std::chrono::days(14)};
    Millis absolute{std::chrono::days(90)};
};

std::string new_token();

// Has it the form of one?
bool may_be_token(std::string_view text);

// What is kept of a token; nothing when the text cannot be one.
std::optional<std::string> token_hash(std::string_view token);

bool is_alive(const Session& session, const SessionLimits& limits, WallMs now_ms);  // a browser's

// What is kept of where a session comes from: valid UTF-8, cut to the bounds above.
Client kept(const Client& client);

}  // namespace jebi::accounts
