// Lists as Mastodon's clients walk them (https://docs.joinmastodon.org/api/guidelines/#pagination): max_id,
// since_id, min_id and limit in the query, and where to go on in the field Link, with whole addresses and
// rel="next" first. An empty page has no Link: clients walk until there is none.
#pragma once

#include <functional>

#include "modules/web/api/operation.h"
#include "modules/web/mastodon/entities.h"

namespace jebi::web::mastodon {

struct Window {
    std::uint64_t max_id = 0;
    std::uint64_t since_id = 0;
    std::uint64_t min_id = 0;
    std::uint32_t limit = 0;

    // The ones right after min_id, instead of the newest.
    bool from_oldest() const { return min_id != 0; }
    std::uint64_t newer_than() const { return std::max(min_id, since_id); }
    tweets::Position position() const;
};

struct Limits {
    std::uint32_t standard = 20;
    std::uint32_t max = 40;  // asking for more gives as many
};
inline constexpr Limits limits_of_accounts{.standard = 40, .max = 80};
Result<Window> window_of(const api::Asked& asked, Limits limits = {});

// Where the pages around this one are; 0: there is none. Ids in it are those of the list: a like's for a list
// of likes.
struct Around {
    std::uint64_t older = 0;  // the next page's max_id
    std::uint64_t newer = 0;  // the previous one's min_id
};
// Adds the field Link; nothing when both are 0.
void add_link(http::Response& response, const api::Asked& asked, Around around);

// One page of a list of tweets: the posts, and the list's own `next`.
struct PostPage {
    Posts posts;
    std::uint64_t next = 0;
};
using ReadPosts = std::function<Result<PostPage>(const Window&)>;

enum class Ids : std::uint8_t {
    of_entries,  // the list goes by its entries' ids: one may ask for newer ones too
    of_the_list,
};
// The statuses that `read` gives, as an answer. When all of a page is hidden from this reader the next is
// read, up to `pages_read_max`.
inline constexpr int pages_read_max = 5;
api::Answer statuses_answer(const api::Asked& asked, const ReadPosts& read, Ids ids = Ids::of_entries);

// These people in this order, without those who are gone; `next`: the list's.
enum class Hidden : std::uint8_t { left_out, shown };  // those who block the reader, or whom they block
api::Answer accounts_answer(const api::Asked& asked, std::span<const std::uint64_t> ids, std::uint64_t next,
                            Hidden hidden = Hidden::left_out);

Entities entities_for(const api::Asked& asked);
// The ids of a reply, as calls that read take them. The reply lives on.
template <typename Repeated>
std::span<const std::uint64_t> ids_in(const Repeated& ids) {
    return {ids.data(), static_cast<std::size_t>(ids.size())};
}

}  // namespace jebi::web::mastodon
