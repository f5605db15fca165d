#include "modules/accounts/delays.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "kit/base/crypto.h"

namespace jebi::accounts {

namespace {

constexpr Millis take_back_wait_max{500};

std::string key_of(std::string_view kind, std::string_view who) {
    return hex(bytes_of(sha256(std::string(kind) + '\n' + std::string(who))));
}

// The line behind an address.
std::string line_of(std::string_view address) {
    constexpr std::size_t prefix_bytes = 8;
    std::array<char, 16> bytes{};
    if (inet_pton(AF_INET6, std::string(address).c_str(), bytes.data()) != 1) return std::string(address);
    const std::string_view whole(bytes.data(), bytes.size());
    const bool is_mapped_v4 = whole.starts_with(std::string_view("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12));
    return std::string(is_mapped_v4 ? whole : whole.substr(0, prefix_bytes));
}

std::unexpected<Error> refused(Millis wait) {
    const std::int64_t seconds = std::max<std::int64_t>(1, (wait.count() + 999) / 1000);
    return fail(error(Code::exhausted, "Those were many tries. Please wait a little before the next one.")
                    .because("too_many_tries")
                    .after_s(seconds));
}

}  // namespace

std::string account_key(std::string_view typed_name) {
    return key_of("account", typed_name);
}

std::string account_key(std::string_view typed_name, std::string_view known_address) {
    return key_of("account at home", line_of(known_address) + '\n' + std::string(typed_name));
}

std::string own_password_key(UserId user) {
    return key_of("own password", std::to_string(user.value));
}

std::string address_key(std::string_view address) {
    return key_of("address", line_of(address));
}

std::string sign_up_key(std::string_view address) {
    return key_of("sign-up", line_of(address));
}

std::string app_key(std::string_view address) {
    return key_of("app", line_of(address));
}

Result<void> Delays::begin(const Call& call, const std::vector<Try>& tries) {
    const WallMs now = clock_.wall_ms();
    TRY(const Millis wait, store_.delay(call, tries, now));
    if (wait > Millis{0}) return refused(wait);
    auto counted = store_.count_tries(call, tries, now);
    // Others came in between, and the last of them set a delay.
    if (!counted && counted.error().reason == try_delayed) return refused(Millis{0});
    return counted;
}

void Delays::take_back(const Call& call, const std::vector<Try>& tries) {
    const Call own{.until = in(take_back_wait_max), .trace = call.trace};
    std::vector<Try> ones = tries;
    for (Try& one : ones)
        one.clears = false;  // or whoever keeps the queue full could make earlier failures forgotten
    // When this fails too, somebody may have to wait a little: no reason to fail the call in another way.
    std::ignore = store_.take_back_tries(own, ones);
}

}  // namespace jebi::accounts
