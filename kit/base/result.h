// What a function answers that can fail: a value, or an Error.
//
// The world says no all the time (no such tweet, deadline passed, disk full); that is an Error and
// part of the signature. Our own mistakes are not: they are asserts. Nothing in this project throws
// across a function of ours; libraries that throw are caught in the file that includes them.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace jebi {

// For programs. One table leads to HTTP and back: kit/rpc/errors.cpp.
enum class Code : std::uint8_t {
    invalid,          // the request cannot be right, whoever sends it and whenever
    unauthenticated,  // nobody is signed in, or the credentials are wrong
    forbidden,        // signed in, but not allowed
    not_found,        // the thing asked for is not there
    conflict,         // the thing is there already, or has changed in between
    exhausted,        // a bound is reached: too many tries, queue full, too large
    deadline,         // the time is up; the work may or may not have happened
    unavailable,      // cannot be asked now; the work may or may not have happened
    internal,         // our mistake
};

// "invalid", "not_found", ...; the names are part of the public JSON API.
std::string_view name(Code code);

struct Error {
    Code code = Code::internal;
    // What happened, in English, for the person who asked.
    std::string message{};
    // Why, in one stable word ("username_taken") that programs and translations may rely on. May be empty.
    std::string reason{};
    // Which input is at fault ("username"), when one is.
    std::string field{};
    // Worth another try after so many seconds; 0: nothing is known.
    std::int64_t retry_after_s = 0;
    // For the operator's log. Never leaves the process.
    std::string detail{};

    Error&& because(std::string word) && {
        reason = std::move(word);
        return std::move(*this);
    }
    Error&& at(std::string input) && {
        field = std::move(input);
        return std::move(*this);
    }
    Error&& after_s(std::int64_t seconds) && {
        retry_after_s = seconds;
        return std::move(*this);
    }
    Error&& detailed(std::string text) && {
        detail = std::move(text);
        return std::move(*this);
    }
};

// A std::expected that must not be ignored: one who does not look at it gets a warning, so an error.
template <typename T>
class [[nodiscard]] Result : public std::expected<T, Error> {
public:
    using std::expected<T, Error>::expected;
};

// Use: return fail(Code::not_found, "There is no such tweet.");
// With more: return fail(error(Code::invalid, "...").because("too_long").at("text"));
inline Error error(Code code, std::string message) {
    return Error{.code = code, .message = std::move(message)};
}
inline std::unexpected<Error> fail(Error error) {
    return std::unexpected<Error>(std::move(error));
}
inline std::unexpected<Error> fail(Code code, std::string message) {
    return fail(error(code, std::move(message)));
}

}  // namespace jebi

#define JEBI_JOIN_(a, b) a##b
#define JEBI_JOIN(a, b) JEBI_JOIN_(a, b)

// TRY(const UserId me, signed_in(call)); declares `me`, or returns the Error from the function.
#define TRY(declaration, ...)                                                        \
    auto JEBI_JOIN(result_, __LINE__) = (__VA_ARGS__);                               \
    if (!JEBI_JOIN(result_, __LINE__).has_value())                                   \
        return ::std::unexpected(::std::move(JEBI_JOIN(result_, __LINE__).error())); \
    declaration = ::std::move(*JEBI_JOIN(result_, __LINE__))

// The same for a Result<void>.
#define TRY_VOID(...)                                                                                 \
    do {                                                                                              \
        auto result_of_try = (__VA_ARGS__);                                                           \
        if (!result_of_try.has_value()) return ::std::unexpected(::std::move(result_of_try.error())); \
    } while (false)
