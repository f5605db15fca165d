// Tweets and people as one reader may see them: what every list, page and API shows, put together in batches.
//
// The modules keep their own and filter nothing for a reader; here authors, originals of reposts, quoted
// tweets and the reader's own marks are added, and what the reader is not to see is taken out:
//
//   - people who block the reader, or whom the reader blocks: always, with their reposts, and reposts
//     and quotes of theirs. Visitors see everything, as nobody can block whom they do not know.
//   - people whom the reader mutes: in lists for browsing.
//   - tweets whose author is gone, and reposts whose original is.
//
// While nobody can tell who blocks whom, or who people are, what was told lately counts (recall.h). Whom
// nothing is known about is left out: a block must not leak. A list that lacks something for that reason says
// so in `missing`, and is an error where the caller wants all or nothing, as programs do: they take a list
// for whole.
//
// Marks that cannot be told are shown as unset; a quote that cannot be read is left out. A page of 20 costs
// at most six calls: originals, quotes, people, hidden, marks, and the list itself by its caller. What is
// asked for by ids comes with its marks, and with its originals where they are known, so that four are left.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "modules/web/site.h"

namespace jebi::web {

// Pointers lead into the Posts that the Post came with.
struct Post {
    std::uint64_t id = 0;                    // of the list's entry: a repost's own id, or the tweet's
    const tweets::Tweet* tweet = nullptr;    // what is shown: the original of a repost
    const accounts::User* author = nullptr;  // of `tweet`; null in a gap
    const tweets::Tweet* repost = nullptr;   // when it is one: the repost itself, and who made it
    const accounts::User* reposted_by = nullptr;
    const accounts::User* reply_to =
        nullptr;                           // whom `tweet` answers, when it is a reply and they may be seen
    const tweets::Tweet* quote = nullptr;  // the tweet whose address the text has, and its author
    const accounts::User* quote_author = nullptr;
    tweets::Marks marks;  // the reader's, of `tweet`

    // In a thread: what was deleted, or is not for this reader. Only the ids of `tweet` mean something.
    bool is_gap() const { return author == nullptr; }
};

// What programs show of people beside the posts. What cannot be told now is not in it.
struct Beside {
    struct Relations {
        std::uint64_t followers = 0;
        std::uint64_t following = 0;
    };
    std::unordered_map<std::uint64_t, Relations> relations;
    std::unordered_map<std::uint64_t, std::uint64_t> statuses;  // how many somebody has written
    // Whom the texts mention, by their names in lower case; empty: nobody has that name.
    std::unordered_map<std::string, std::optional<accounts::User>> mentioned;
};

struct Posts {
    std::vector<Post> list;
    Beside beside;
    std::optional<Error> missing;  // why some are left out that may be for this reader; never all of them

    struct Known;
    std::shared_ptr<const Known> known;  // what the pointers lead to; copies of Posts share it
};

struct Reading {
    enum class Muted : std::uint8_t { hidden, shown };
    Muted muted = Muted::hidden;  // shown: where one has asked for these very people or tweets
    bool with_gaps = false;  // threads: what is not shown leaves a gap, so that the rest stays in its place
    bool partly = false;     // what can be told of a list is better than nothing
    // Who made the list has left out those who are hidden from the reader, as timelines do: then the authors
    // of its tweets are asked about again, but shown when there is no answer.
    bool is_filtered = false;
    std::string_view
        host{};  // the site's own, "jebi.example:3000": addresses of it are quotes; empty: none are
    bool with_beside = false;  // what can come in the same calls, at the price of statements, not of calls
};

// The tweets in their order, as `call`'s user may see them. At most `tweets_read_max`; more are cut off.
inline constexpr std::size_t tweets_read_max = 700;
Result<Posts> posts_of(const Site& site, const Call& call, std::vector<tweets::Tweet> tweets,
                       const Reading& reading);
// The same for ids, as timelines and searches give them.
Result<Posts> posts_of(const Site& site, const Call& call, std::span<const std::uint64_t> ids,
                       const Reading& reading);

// A page of the home of `call`'s user: its entries, asked for by `home_call`, and their posts in three calls.
// One's own newest come with the tweets, so that timelines need not ask for them.
struct HomePosts {
    Posts posts;
    std::uint64_t next = 0;  // `before` of the next page; 0: this was the end
};
Result<HomePosts> home_of(const Site& site, const Call& call, const Call& home_call,
                          timelines::HomeRequest request, Reading reading);

// One tweet (a repost stands for its original): `not_found` when the reader is not to see it.
Result<Posts> post_of(const Site& site, const Call& call, std::uint64_t id, std::string_view host = {});

// A person as the reader sees them.
struct Person {
    accounts::User user;
    // What they are to each other; nothing for visitors, for the reader's own, and when it cannot be told.
    std::optional<follows::Relationship> relationship;
};
// The users in the order of the ids, without those whom the reader is not to see. Mutes do not count here. At
// most 200 ids. All or nothing.
Result<std::vector<Person>> people_of(const Site& site, const Call& call, std::span<const std::uint64_t> ids);
// The same with what can be told; `missing` as above.
struct People {
    std::vector<Person> list;
    std::optional<Error> missing;
};
Result<People> some_people_of(const Site& site, const Call& call, std::span<const std::uint64_t> ids);

// Which of these (any number) the reader is not to see, sorted; nobody for visitors. An error when it cannot
// be told of all.
Result<std::vector<std::uint64_t>> hidden_of(const Site& site, const Call& call,
                                             std::vector<std::uint64_t> ids, Reading::Muted muted);

// Somebody by name, as accounts knows them or did lately.
Result<accounts::User> person_named(const Site& site, const Call& call, const std::string& username);

// The id in an address of a tweet on this site: "https://jebi.example/tweets/123", also "/@name/123" as the
// Mastodon API gives it; 0: it is none.
std::uint64_t quoted_id(std::string_view address, std::string_view host);

// The ids of a reply, which lives on.
template <typename Repeated>
std::span<const std::uint64_t> ids_of(const Repeated& ids) {
    return {ids.data(), static_cast<std::size_t>(ids.size())};
}

// The tweets of a page or a list, moved out of it.
template <typename Reply>
std::vector<tweets::Tweet> taken(Reply&& reply) {
    return {std::make_move_iterator(reply.mutable_tweets()->begin()),
            std::make_move_iterator(reply.mutable_tweets()->end())};
}

}  // namespace jebi::web
