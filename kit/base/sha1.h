// SHA-1 (FIPS 180-4), for protocols that ask for it by name, such as the WebSocket handshake. It is broken as
// a promise that two texts differ: never for secrets or signatures (crypto.h has what is).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace jebi {

std::array<std::uint8_t, 20> sha1(std::string_view bytes);

}  // namespace jebi
