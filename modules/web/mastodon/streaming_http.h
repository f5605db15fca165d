// GET /api/v1/streaming/user and its like: one stream as server-sent events over HTTP, for clients without
// WebSocket. A line ":thump" every 15 seconds shows both ends that the other is still there.
#pragma once

#include <vector>

#include "modules/web/api/operation.h"

namespace jebi::web::mastodon {

std::vector<api::Operation> streaming_operations();  // the WebSocket too

}  // namespace jebi::web::mastodon
