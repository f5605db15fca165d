// What a browser keeps for us between two requests, in a cookie: it may read it, and cannot change it or keep
// it for long. So any process of ours can go on where another began, and none has to remember.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kit/base/clock.h"
#include "kit/http/message.h"

namespace jebi::web::github {

inline constexpr std::int64_t sealed_s = 600;

// The fields with an end (a form in base64url), a dot, and their HMAC-SHA256. `purpose` keeps one kind of
// cookie from being taken for another.
std::string sealed(std::string_view secret, std::string_view purpose, WallMs now_ms,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
// Nothing when it is not ours, was changed, or is over `sealed_s` old.
std::optional<http::Fields<std::string>> unsealed(std::string_view secret, std::string_view purpose,
                                                  WallMs now_ms, std::string_view text);

}  // namespace jebi::web::github
