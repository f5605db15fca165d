// Proof that whoever brings a code is who asked for it: PKCE, RFC 7636, with S256 alone.
//
// The program makes a random verifier, sends its SHA-256 with the question (the challenge), and the verifier
// itself with the code.
#pragma once

#include <cstddef>
#include <string_view>

namespace jebi::accounts {

inline constexpr std::size_t challenge_bytes = 43;     // base64url of 32 bytes
inline constexpr std::size_t verifier_bytes_min = 43;  // RFC 7636, 4.1
inline constexpr std::size_t verifier_bytes_max = 128;

bool is_challenge(std::string_view text);

// Is that the verifier of the challenge? Without a challenge only "no verifier" fits, so that nobody can take
// the challenge out of the question unnoticed (RFC 9700, 4.8.2). Compares in constant time.
bool verifier_fits(std::string_view challenge, std::string_view verifier);

}  // namespace jebi::accounts
