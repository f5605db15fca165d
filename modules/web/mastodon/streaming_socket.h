// GET /api/v1/streaming: all of a client's streams over one WebSocket. It names them in the address
// ("?stream=user&access_token=...") or says so later: {"type":"subscribe","stream":"hashtag","tag":"제비"}.
//
// Every stream has a fiber that waits for what happens and queues it for the client; what one client may
// have, and leave unread, is bounded here, in hub.h and in kit/http/websocket.h. Whoever is cut off, as they
// do not read or the server stops, connects again and asks the lists.
#pragma once

#include "modules/web/api/operation.h"

namespace jebi::web::mastodon {

inline constexpr std::size_t streams_a_socket_max = 20;

api::Answer stream_over_a_socket(const api::Asked& asked);

}  // namespace jebi::web::mastodon
