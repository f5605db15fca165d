#include "kit/rpc/secret.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "kit/rpc/errors.h"

namespace jebi::rpc {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view scheme = "Bearer ";
constexpr const char* how_to_make_one = "Make one by (umask 077; openssl rand -base64 48 > FILE).";

std::unexpected<Error> refuse(const std::string& file, const std::string& why, const std::string& hint) {
    return fail(
        error(Code::invalid, "The shared secret " + file + ": " + why + ". " + hint).because("bad_secret"));
}

bool is_token(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~+/=").contains(c);
    });
}

// As ssh does with keys: what others can read is no secret.
Result<void> check_owner_only(const std::string& file) {
    std::error_code wrong;
    const fs::file_status status = fs::status(file, wrong);
    if (wrong) return refuse(file, wrong.message(), how_to_make_one);
    if (status.type() != fs::file_type::regular) return refuse(file, "it is no file", how_to_make_one);
    const fs::perms others = fs::perms::group_all | fs::perms::others_all;
    if ((status.permissions() & others) == fs::perms::none) return {};
    return refuse(file, "others than its owner may read or write it", "Do chmod 600 " + file + ".");
}

// Some bytes more than may be there, so that a file which is too long shows.
Result<std::string> content_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return refuse(file, "it cannot be read", "See that this user owns it.");
    std::string content(secret_bytes_max + 2, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(in.gcount()));
    if (content.ends_with('\n')) content.pop_back();
    return content;
}

std::unexpected<Error> stranger(const char* why) {
    return fail(error(Code::unauthenticated, why).because(std::string(not_let_in)));
}

}  // namespace

SharedSecret::SharedSecret(const std::string& secret)
    : authorization_(std::string(scheme) + secret), hash_(sha256(secret)) {}

Result<SharedSecret> SharedSecret::read(const std::string& file) {
    TRY_VOID(check_owner_only(file));
    TRY(const std::string secret, content_of(file));
    if (secret.size() < secret_bytes_min || secret.size() > secret_bytes_max)
        return refuse(file,
                      "it has to have " + std::to_string(secret_bytes_min) + " to " +
                          std::to_string(secret_bytes_max) + " characters",
                      how_to_make_one);
    if (!is_token(secret))
        return refuse(file, "only letters, digits and -._~+/= may stand in it", how_to_make_one);
    return SharedSecret{secret};
}

// Hashes have one length, so that only they are compared.
Result<void> SharedSecret::check(const http::Request& request) const {
    const auto field = request.fields.get("Authorization");
    if (!field) return stranger("These contracts are for those who bring the shared secret.");
    const std::string_view given = *field;
    const bool is_bearer =
        given.size() > scheme.size() && http::equal_without_case(given.substr(0, scheme.size()), scheme);
    const Hash hash = sha256(is_bearer ? given.substr(scheme.size()) : "");
    if (equal_in_constant_time(bytes_of(hash), bytes_of(hash_))) return {};
    return stranger("The shared secret is another one here.");
}

http::Response answer_of_stranger(const Error& error) {
    http::Response response = answer_of(error);
    response.fields.add("WWW-Authenticate", "Bearer realm=\"jebi\"");
    return response;
}

}  // namespace jebi::rpc
