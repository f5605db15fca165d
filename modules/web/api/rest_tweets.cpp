// Tweets: writing, reading, liking, reposting, pinning.
#include <array>
#include "modules/web/api/rest.h"

#include "modules/web/api/rest_json.h"

namespace jebi::web::api {

namespace {

using enum http::Method;
using tweets::Tweets;
using Act = Result<tweets::Tweet> (Tweets::*)(const Call&, const tweets::ByIdRequest&);

Error no_such_tweet() {
    return error(Code::not_found, "There is no such tweet.").because("tweet_gone");
}

Reading reading_of(const Asked& asked, Reading::Muted muted) {
    return {.muted = muted, .host = asked.request.fields.get("Host").value_or("")};
}

Answer tweet_answer(const Asked& asked, int status, tweets::Tweet tweet) {
    const std::string location = "/api/v1/tweets/" + std::to_string(tweet.id());
    std::vector<tweets::Tweet> alone;
    alone.push_back(std::move(tweet));
    TRY(const Posts posts,
        posts_of(asked.site, asked.call, std::move(alone), reading_of(asked, Reading::Muted::shown)));
    if (posts.list.empty())
        return fail(error(Code::not_found, "There is no such tweet any more.").because("tweet_gone"));
    json::Writer out;
    write_post(out, posts.list.front());
    return status == 201 ? created(out.take(), location) : http::Response::json(status, out.take());
}

Answer page_answer(const Asked& asked, tweets::TweetPage page) {
    const std::uint64_t next = page.next_cursor();
    TRY(const Posts posts,
        posts_of(asked.site, asked.call, taken(std::move(page)), reading_of(asked, Reading::Muted::hidden)));
    json::Writer out;
    out.begin_object().key("tweets").begin_array();
    for (const Post& post : posts.list)
        write_post(out, post);
    out.end_array().key("next");
    write_next(out, next);
    out.end_object();
    return http::Response::json(200, out.take());
}

Result<tweets::Position> position_of(const Asked& asked) {
    TRY(const Cursor cursor, cursor_of(asked));
    tweets::Position position;
    position.set_cursor(cursor.before);
    position.set_limit(cursor.limit);
    return position;
}

// By whom, with which hashtag, or all.
Result<tweets::TweetPage> wanted(const Asked& asked, const tweets::Position& position) {
    TRY(const std::string author, asked.given.text("author"));
    TRY(const std::string hashtag, asked.given.text("hashtag"));
    if (!author.empty()) {
        TRY(const auto user, user_named(asked.site, asked.call, author));
        tweets::ByAuthorRequest request;
        request.set_author_id(user.id());
        *request.mutable_position() = position;
        return asked.site.tweets.by_author(asked.call, request);
    }
    if (!hashtag.empty()) {
        tweets::ByHashtagRequest request;
        request.set_hashtag(hashtag);
        *request.mutable_position() = position;
        return asked.site.tweets.by_hashtag(asked.call, request);
    }
    tweets::AllRequest request;
    request.set_with_replies(true);
    *request.mutable_position() = position;
    return asked.site.tweets.all(asked.call, request);
}

Answer list(const Asked& asked) {
    TRY(const auto position, position_of(asked));
    TRY(auto page, wanted(asked, position));
    return page_answer(asked, std::move(page));
}

Answer write(const Asked& asked) {
    tweets::WriteRequest request;
    TRY(*request.mutable_text(), asked.given.text("text"));
    TRY(const std::uint64_t reply_to, asked.given.id("reply_to"));
    request.set_reply_to_id(reply_to);
    TRY(auto tweet, asked.site.tweets.write(asked.call, request));
    return tweet_answer(asked, 201, std::move(tweet));
}

Result<tweets::ByIdRequest> tweet_in_path(const Asked& asked) {
    const auto id = asked.id_in_path();
    if (!id) return fail(no_such_tweet());
    tweets::ByIdRequest request;
    request.set_id(*id);
    return request;
}

Answer one(const Asked& asked) {
    TRY(const auto request, tweet_in_path(asked));
    TRY(auto tweet, asked.site.tweets.by_id(asked.call, request));
    return tweet_answer(asked, 200, std::move(tweet));
}

Answer edit(const Asked& asked) {
    tweets::EditRequest request;
    TRY(const auto in_path, tweet_in_path(asked));
    request.set_id(in_path.id());
    TRY(*request.mutable_text(), asked.given.text("text"));
    TRY(auto tweet, asked.site.tweets.edit(asked.call, request));
    return tweet_answer(asked, 200, std::move(tweet));
}

Answer remove(const Asked& asked) {
    tweets::DeleteRequest request;
    TRY(const auto in_path, tweet_in_path(asked));
    request.set_id(in_path.id());
    TRY_VOID(asked.site.tweets.delete_(asked.call, request));
    return no_content();
}

template <Act act>
Answer change(const Asked& asked) {
    TRY(const auto request, tweet_in_path(asked));
    TRY(auto tweet, (asked.site.tweets.*act)(asked.call, request));
    return tweet_answer(asked, 200, std::move(tweet));
}

// A tombstone has a thread, a tweet that is not for this reader has none.
bool is_hidden(const Post& post) {
    return post.is_gap() && !post.tweet->deleted();
}

void write_posts(json::Writer& out, std::span<const Post> posts) {
    out.begin_array();
    for (const Post& post : posts)
        write_post(out, post);
    out.end_array();
}

// All three parts of a thread are read as one list, so that it costs no more calls than a page.
Answer thread(const Asked& asked) {
    TRY(const auto request, tweet_in_path(asked));
    TRY(auto reply, asked.site.tweets.thread(asked.call, request));
    std::vector<tweets::Tweet> all;
    for (tweets::Tweet& tweet : *reply.mutable_ancestors())
        all.push_back(std::move(tweet));
    const std::size_t above = all.size();
    all.push_back(std::move(*reply.mutable_tweet()));
    for (tweets::Tweet& tweet : *reply.mutable_descendants())
        all.push_back(std::move(tweet));
    Reading reading = reading_of(asked, Reading::Muted::shown);
    reading.with_gaps = true;
    TRY(const Posts posts, posts_of(asked.site, asked.call, std::move(all), reading));
    const std::span<const Post> list = posts.list;
    if (list.size() <= above || is_hidden(list[above])) return fail(no_such_tweet());
    json::Writer out;
    out.begin_object().key("ancestors");
    write_posts(out, list.first(above));
    out.key("tweet");
    write_post(out, list[above]);
    out.key("descendants");
    write_posts(out, list.subspan(above + 1));
    out.end_object();
    return http::Response::json(200, out.take());
}

using UsersOf = Result<tweets::UserIds> (Tweets::*)(const Call&, const tweets::UsersOfRequest&);

template <UsersOf users_of>
Answer users(const Asked& asked) {
    TRY(const auto in_path, tweet_in_path(asked));
    TRY_VOID(post_of(asked.site, asked.call, in_path.id()));
    TRY(const Cursor cursor, cursor_of(asked));
    tweets::UsersOfRequest request;
    request.set_tweet_id(in_path.id());
    request.set_before(cursor.before);
    request.set_limit(cursor.limit);
    TRY(const auto page, (asked.site.tweets.*users_of)(asked.call, request));
    return users_answer(asked, ids_of(page.user_ids()), page.next());
}

const std::vector<Parameter> paged{{"cursor", "`next` of the page before.", Parameter::Kind::id},
                                   {"limit", "1 to 100; 15 when absent.", Parameter::Kind::number}};

// PUT sets it and DELETE takes it back; both may be repeated and answer the tweet.
void add_state(std::vector<Operation>& all, std::string_view pattern, std::string_view scope,
               std::array<std::string_view, 2> ids, std::array<std::string_view, 2> summaries,
               std::array<Function, 2> functions) {
    for (const std::size_t i : {0U, 1U}) {
        all.push_back({.method = i == 0 ? put : del,
                       .pattern = pattern,
                       .id = ids[i],
                       .summary = summaries[i],
                       .tag = "tweets",
                       .function = functions[i],
                       .scope = scope,
                       .reply = "Tweet"});
    }
}

std::vector<Operation> states() {
    std::vector<Operation> all;
    add_state(all, "/api/v1/tweets/{id}/favourite", "write:favourites", {"favourite", "unfavourite"},
              {"Like a tweet.", "Do not like it any more."},
              {change<&Tweets::favourite>, change<&Tweets::unfavourite>});
    add_state(all, "/api/v1/tweets/{id}/repost", "write:statuses", {"repost", "unrepost"},
              {"Repost a tweet; the answer is the tweet with who reposted it.", "Take the repost back."},
              {change<&Tweets::repost>, change<&Tweets::unrepost>});
    add_state(all, "/api/v1/tweets/{id}/pin", "write:accounts", {"pin", "unpin"},
              {"Pin one's own tweet to one's profile.", "Take it off."},
              {change<&Tweets::pin>, change<&Tweets::unpin>});
    return all;
}

std::vector<Operation> reading_operations() {
    std::vector<Parameter> listed{{"author", "Only tweets by this user name."},
                                  {"hashtag", "Only tweets with this hashtag."}};
    listed.insert(listed.end(), paged.begin(), paged.end());
    const auto reading = [](std::string_view pattern, std::string_view id, std::string_view summary,
                            Function function, std::vector<Parameter> parameters,
                            std::string_view reply) -> Operation {
        return {.method = get,
                .pattern = pattern,
                .id = id,
                .summary = summary,
                .tag = "tweets",
                .function = function,
                .access = Access::anybody,
                .scope = "read:statuses",
                .parameters = std::move(parameters),
                .reply = reply};
    };
    return {
        reading("/api/v1/tweets", "listTweets", "Tweets, the newest first.", list, listed, "Tweets"),
        reading("/api/v1/tweets/{id}", "getTweet", "One tweet.", one, {}, "Tweet"),
        reading("/api/v1/tweets/{id}/thread", "getThread",
                "A tweet with what it answers and what answers it.", thread, {}, "Thread"),
        reading("/api/v1/tweets/{id}/favourites", "listFavouritedBy", "Who likes a tweet.",
                users<&Tweets::favourited_by>, paged, "Users"),
        reading("/api/v1/tweets/{id}/reposts", "listRepostedBy", "Who has reposted a tweet.",
                users<&Tweets::reposted_by>, paged, "Users"),
    };
}

}  // namespace

std::vector<Operation> tweet_operations() {
    std::vector<Operation> all = reading_operations();
    all.push_back({.method = post,
                   .pattern = "/api/v1/tweets",
                   .id = "writeTweet",
                   .summary = "Write a tweet; the Idempotency-Key field makes it repeatable.",
                   .tag = "tweets",
                   .function = write,
                   .scope = "write:statuses",
                   .parameters = {{"text", "1 to 280 characters.", Parameter::Kind::text, true},
                                  {"reply_to", "The tweet that it answers.", Parameter::Kind::id}},
                   .reply = "Tweet",
                   .status = 201});
    all.push_back({.method = put,
                   .pattern = "/api/v1/tweets/{id}",
                   .id = "editTweet",
                   .summary = "Replace the text of one's own tweet.",
                   .tag = "tweets",
                   .function = edit,
                   .scope = "write:statuses",
                   .parameters = {{"text", "1 to 280 characters.", Parameter::Kind::text, true}},
                   .reply = "Tweet"});
    all.push_back({.method = del,
                   .pattern = "/api/v1/tweets/{id}",
                   .id = "deleteTweet",
                   .summary = "Delete one's own tweet.",
                   .tag = "tweets",
                   .function = remove,
                   .scope = "write:statuses",
                   .status = 204});
    for (Operation& operation : states())
        all.push_back(std::move(operation));
    return all;
}

}  // namespace jebi::web::api
