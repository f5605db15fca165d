#include "kit/base/crypto.h"

#include <sodium.h>

#include <algorithm>

namespace jebi {

namespace {

const unsigned char* bytes_in(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_in(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string encoded(std::string_view bytes, int variant) {
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_in(bytes), bytes.size(), variant);
    text.pop_back();  // libsodium ends it with a NUL.
    return text;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::optional<std::string> decoded(std::string_view text, int variant) {
    if (!is_ascii(text)) return std::nullopt;  // libsodium 1.0.18 reads other bytes as digits.
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(bytes_in(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                          variant) != 0) {
        return std::nullopt;
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace

bool start_crypto() {
    return sodium_init() >= 0;
}

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    randombytes_buf(bytes.data(), size);
    return bytes;
}

Hash sha256(std::string_view bytes) {
    Hash hash;
    crypto_hash_sha256(hash.data(), bytes_in(bytes), bytes.size());
    return hash;
}

Hash hmac_sha256(std::string_view key, std::string_view bytes) {
    Hash hash;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_in(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_in(bytes), bytes.size());
    crypto_auth_hmacsha256_final(&state, hash.data());
    return hash;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes_in(bytes), bytes.size());
    text.pop_back();  // libsodium ends it with a NUL.
    return text;
}

std::string base64url(std::string_view bytes) {
    return encoded(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<std::string> from_base64url(std::string_view text) {
    return decoded(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string base64(std::string_view bytes) {
    return encoded(bytes, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<std::string> from_base64(std::string_view text) {
    const bool padded = text.ends_with('=');
    return decoded(text, padded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

std::string hashed_password(std::string_view password, const PasswordCost& cost) {
    std::string phc(crypto_pwhash_STRBYTES, '\0');
    const int status =
        crypto_pwhash_str(phc.data(), password.data(), password.size(), cost.passes, cost.memory_bytes);
    if (status != 0) return {};
    phc.resize(phc.find('\0'));
    return phc;
}

bool password_matches(std::string_view password, std::string_view phc) {
    return crypto_pwhash_str_verify(std::string(phc).c_str(), password.data(), password.size()) == 0;
}

bool needs_rehash(std::string_view phc, const PasswordCost& cost) {
    return crypto_pwhash_str_needs_rehash(std::string(phc).c_str(), cost.passes, cost.memory_bytes) != 0;
}

}  // namespace jebi
