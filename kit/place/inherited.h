// Listening sockets that whoever started this program has opened for it, told in the environment as systemd
// does (sd_listen_fds(3)): LISTEN_FDS says how many, from descriptor 3 on, and LISTEN_FDNAMES their names,
// with colons in between: "control:contracts:pages". LISTEN_PID, when it is set, says for which process.
//
// While a program is replaced its callers wait in these sockets; nobody is refused.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kit/base/result.h"
#include "kit/fiber/socket.h"

namespace jebi::place {

using InheritedSockets = std::map<std::string, fiber::ListeningSocket, std::less<>>;

inline constexpr int first_inherited = 3;
inline constexpr std::size_t inherited_max = 16;

// Takes them over; programs started from here do not inherit them. None when LISTEN_FDS is not set, or
// LISTEN_PID names another process. `invalid`, with what is wrong, for an environment that contradicts
// itself or names what is no listening socket. Once in a process: then this owns the descriptors.
Result<InheritedSockets> inherited_sockets(const std::map<std::string, std::string>& environment,
                                           int first = first_inherited);

// The one of that name, once; nothing when there is none.
std::optional<fiber::ListeningSocket> take(InheritedSockets& sockets, std::string_view name);

}  // namespace jebi::place
