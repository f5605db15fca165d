// Secrets: randomness, hashes and passwords, by libsodium (kit/base/crypto.cpp is the only file that includes
// it).
//
// start_crypto() first, once per process; everything else is thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jebi {

// False when the system has no randomness to give; the program then ends.
bool start_crypto();

using Hash = std::array<std::uint8_t, 32>;

// `size` bytes from the system's generator.
std::string random_bytes(std::size_t size);
Hash sha256(std::string_view bytes);
Hash hmac_sha256(std::string_view key, std::string_view bytes);
// In a time that does not tell where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string hex(std::string_view bytes);
std::string base64url(std::string_view bytes);  // RFC 4648, 5, without padding
std::optional<std::string> from_base64url(std::string_view text);
std::string base64(std::string_view bytes);                     // RFC 4648, 4, with padding
std::optional<std::string> from_base64(std::string_view text);  // with or without padding
inline std::string_view bytes_of(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// Argon2id, as OWASP advises: 19 MiB, 2 passes, 1 lane (about 25 ms). A test uses less.
struct PasswordCost {
    std::size_t memory_bytes = std::size_t{19'456} * 1024;
    std::uint64_t passes = 2;
};
// A PHC string ("$argon2id$v=19$m=19456,t=2,p=1$..."), with a random salt. Slow: never on a loop. Empty when
// memory is short.
std::string hashed_password(std::string_view password, const PasswordCost& cost);
// Slow as well.
bool password_matches(std::string_view password, std::string_view phc);
// Was it made with another cost than this?
bool needs_rehash(std::string_view phc, const PasswordCost& cost);

}  // namespace jebi
