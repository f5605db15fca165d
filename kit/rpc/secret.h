// The secret that the machines of one topology share: who knows it may call contracts by TCP, and act as
// anybody.
//
// It is read once, from a file that only its owner may read:
//
//     (umask 077; openssl rand -base64 48 > secret)
//
// It crosses as RFC 6750 says, "Authorization: Bearer SECRET", with every call. Nothing prints it.
#pragma once

#include <string>

#include "kit/base/crypto.h"
#include "kit/base/result.h"
#include "kit/http/message.h"

namespace jebi::rpc {

inline constexpr std::size_t secret_bytes_min = 32;
inline constexpr std::size_t secret_bytes_max = 4096;

// Immutable, thread-safe. start_crypto() first.
class SharedSecret {
public:
    // The file's content without one newline at its end. `invalid`, for the person who named the file: it
    // cannot be read, others may read it, it is too short or too long, or has characters that a header cannot
    // carry (letters, digits and -._~+/= may stand there).
    static Result<SharedSecret> read(const std::string& file);

    // The field that a call carries: "Bearer SECRET".
    const std::string& authorization() const { return authorization_; }

    // Does the request carry it? Compared in a time that tells neither where they differ nor how long it is.
    // `unauthenticated`, with the reason "not_let_in" (errors.h): it is missing, or another one.
    Result<void> check(const http::Request& request) const;

private:
    explicit SharedSecret(const std::string& secret);

    std::string authorization_;
    Hash hash_;
};

// The error as an answer: 401, and which scheme is wanted.
http::Response answer_of_stranger(const Error& error);

}  // namespace jebi::rpc
