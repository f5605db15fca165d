// What our own operations answer with, as JSON: the schemas User, Tweet, Message and their like of
// schemas/ours.json.
#pragma once

#include "kit/base/json.h"
#include "modules/web/api/operation.h"
#include "modules/web/reading.h"

namespace jebi::web::api {

void write_user(json::Writer& out, const accounts::User& user);
// A repost is its original with who reposted it in "reposted_by".
void write_post(json::Writer& out, const Post& post);
// "2026-11-22T13:58:05.000Z", or null for 0.
void write_time(json::Writer& out, WallMs at_ms);
// An id, such as the cursor of the next page, or null for 0.
void write_next(json::Writer& out, std::uint64_t next);

http::Response created(std::string body, std::string location);
http::Response no_content();

// {"users":[...],"next":...}: these users in this order, without those that are gone.
Answer users_answer(const Asked& asked, std::span<const std::uint64_t> ids, std::uint64_t next);

// "cursor" and "limit" (1 to 100, 15 when absent) of the request.
struct Cursor {
    std::uint64_t before = 0;
    std::uint32_t limit = 0;
};
Result<Cursor> cursor_of(const Asked& asked);

}  // namespace jebi::web::api
