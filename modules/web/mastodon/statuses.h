// One status as an answer.
#pragma once

#include "modules/web/mastodon/operations.h"
#include "modules/web/reading.h"

namespace jebi::web::mastodon {

// A list of one: the tweet, or the repost, as itself. `not_found` when the reader is not to see it.
Result<Posts> entry_of(const Asked& asked, std::uint64_t id);
Answer status_answer(const Asked& asked, const Posts& posts);
Answer status_answer(const Asked& asked, tweets::Tweet tweet);

}  // namespace jebi::web::mastodon
