#include "kit/http/digest.h"

#include "kit/base/crypto.h"
#include "kit/http/pieces.h"

namespace jebi::http {

namespace {

constexpr std::string_view algorithm = "sha-256";

// The value beside our algorithm, in a dictionary of RFC 8941; the last counts, and parameters do not. None
// of the values that stand here has a comma or a semicolon inside.
std::optional<std::string_view> by_our_algorithm(std::string_view dictionary) {
    std::optional<std::string_view> value;
    while (!dictionary.empty()) {
        std::string_view member = next_piece(dictionary, ',');
        member = without_blanks(next_piece(member, ';'));
        if (next_piece(member, '=') == algorithm) value = member;
    }
    return value;
}

}  // namespace

std::string content_digest(std::string_view content) {
    const Hash hash = sha256(content);
    return std::string(algorithm) + "=:" + base64(bytes_of(hash)) + ":";
}

bool wants_digest(std::string_view wanted) {
    const auto weight = by_our_algorithm(wanted);
    return weight && !weight->empty() && *weight != "0";
}

std::optional<bool> digest_fits(std::string_view digest, std::string_view content) {
    const auto value = by_our_algorithm(digest);
    if (!value) return std::nullopt;
    if (value->size() < 2 || !value->starts_with(':') || !value->ends_with(':')) return false;
    const auto told = from_base64(value->substr(1, value->size() - 2));
    const Hash hash = sha256(content);
    return told == bytes_of(hash);
}

}  // namespace jebi::http
