// One account as an answer, and finding one.
#pragma once

#include "modules/web/mastodon/operations.h"

namespace jebi::web::mastodon {

// The account of the {id} in the path. `not_found` when it is gone, or blocks the reader. One that the reader
// blocks is found: else nobody could take a block back.
Result<accounts::User> account_in_path(const Asked& asked);
// `not_found` when they block the reader.
Result<void> check_seen(const Asked& asked, const accounts::User& user);
// "name" or "name@this.host", with or without '@' in front; nothing for what is elsewhere.
std::optional<std::string> username_of(const Asked& asked, std::string_view account);
Answer account_answer(const Asked& asked, const accounts::User& user);

}  // namespace jebi::web::mastodon
