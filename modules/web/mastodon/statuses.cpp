// Statuses: writing, reading, editing, deleting; their threads.
#include "modules/web/mastodon/statuses.h"

#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/paging.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;

std::unexpected<Error> refuse(std::string field, std::string message) {
    return fail(error(Code::invalid, std::move(message)).because("not_here").at(std::move(field)));
}

// What somebody counts on must not be dropped in silence: a private post would be there for all to read.
Result<void> check_wishes(const Asked& asked) {
    TRY(const std::string visibility, asked.given.text("visibility"));
    if (!visibility.empty() && visibility != "public")
        return refuse("visibility", "All tweets are public here; write a message for the eyes of one.");
    TRY(const std::string warning, asked.given.text("spoiler_text"));
    if (!warning.empty())
        return refuse("spoiler_text", "There are no content warnings here; begin the text with it.");
    TRY(const auto media, asked.given.list("media_ids"));
    if (!media.empty()) return refuse("media_ids", "Tweets have no pictures here.");
    TRY(const auto choices, asked.given.list("poll[options]"));
    if (!choices.empty()) return refuse("poll", "There are no polls here.");
    if (asked.given.has("scheduled_at"))
        return refuse("scheduled_at", "Tweets cannot be written for later here.");
    return {};
}

Answer write(const Asked& asked) {
    TRY_VOID(check_wishes(asked));
    tweets::WriteRequest request;
    TRY(*request.mutable_text(), asked.given.text("status"));
    TRY(const std::uint64_t reply_to, asked.given.id("in_reply_to_id"));
    request.set_reply_to_id(reply_to);
    TRY(auto tweet, asked.site.tweets.write(asked.call, request));
    return status_answer(asked, std::move(tweet));
}

Answer one(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(const Posts posts, entry_of(asked, id));
    return status_answer(asked, posts);
}

Answer several(const Asked& asked) {
    TRY(const auto texts, asked.given.list("id"));
    std::vector<std::uint64_t> ids;
    for (const std::string& text : texts) {
        if (const auto id = id_from(text)) ids.push_back(*id);
    }
    return statuses_answer(
        asked,
        [&](const Window&) -> Result<PostPage> {
            TRY(Posts posts,
                posts_of(asked.site, asked.call, ids, {.muted = Reading::Muted::shown, .with_beside = true}));
            return PostPage{.posts = std::move(posts)};
        },
        Ids::of_the_list);
}

Answer edit(const Asked& asked) {
    TRY_VOID(check_wishes(asked));
    tweets::EditRequest request;
    TRY(const std::uint64_t id, asked.id_in_path());
    request.set_id(id);
    TRY(*request.mutable_text(), asked.given.text("status"));
    TRY(auto tweet, asked.site.tweets.edit(asked.call, request));
    return status_answer(asked, std::move(tweet));
}

// Answers what was deleted with its text, so that a client can let it be written anew.
Answer remove(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(const Posts posts, entry_of(asked, id));
    tweets::DeleteRequest request;
    request.set_id(id);
    TRY_VOID(asked.site.tweets.delete_(asked.call, request));
    Entities entities = entities_for(asked);
    entities.need(posts);
    entities.load();
    json::Writer out;
    entities.write_own(out, posts.list.front());
    return http::Response::json(200, out.take());
}

Answer source(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(const Posts posts, post_of(asked.site, asked.call, id));
    const tweets::Tweet& tweet = *posts.list.front().tweet;
    json::Writer out;
    out.begin_object().key("id").id(tweet.id()).key("text").string(tweet.text());
    out.key("spoiler_text").string("").end_object();
    return http::Response::json(200, out.take());
}

// Only what a tweet says now is kept, so its history has one entry.
Answer history(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(const Posts posts, post_of(asked.site, asked.call, id));
    Entities entities = entities_for(asked);
    entities.need(posts);
    entities.load();
    json::Writer out;
    out.begin_array();
    entities.write_edit(out, posts.list.front());
    out.end_array();
    return http::Response::json(200, out.take());
}

void write_all(json::Writer& out, const Entities& entities, std::span<const Post> posts) {
    out.begin_array();
    for (const Post& post : posts)
        entities.write(out, post);
    out.end_array();
}

// All of a thread is read as one list, so that it costs no more calls than a page. What is gone from it is
// left out.
Answer context(const Asked& asked) {
    tweets::ByIdRequest request;
    TRY(const std::uint64_t id, asked.id_in_path());
    request.set_id(id);
    TRY(auto reply, asked.site.tweets.thread(asked.call, request));
    const std::uint64_t middle = reply.tweet().id();
    std::vector<tweets::Tweet> all;
    std::ranges::move(*reply.mutable_ancestors(), std::back_inserter(all));
    all.push_back(std::move(*reply.mutable_tweet()));
    std::ranges::move(*reply.mutable_descendants(), std::back_inserter(all));
    TRY(const Posts posts, posts_of(asked.site, asked.call, std::move(all),
                                    {.muted = Reading::Muted::shown, .with_beside = true}));
    const auto at = std::ranges::find(posts.list, middle, &Post::id);
    if (at == posts.list.end()) return fail(Code::not_found, "There is no such tweet.");
    Entities entities = entities_for(asked);
    entities.need(posts);
    entities.load();
    json::Writer out;
    out.begin_object().key("ancestors");
    write_all(out, entities, {posts.list.begin(), at});
    out.key("descendants");
    write_all(out, entities, {at + 1, posts.list.end()});
    out.end_object();
    return http::Response::json(200, out.take());
}

std::vector<Parameter> of_a_status() {
    return {{"status", "The text: 1 to 280 characters.", Kind::text, true},
            {"in_reply_to_id", "The tweet that it answers.", Kind::id},
            {"visibility", "public: all tweets are."},
            {"spoiler_text", "Empty: there are no content warnings."},
            {"media_ids", "None: tweets have no pictures.", Kind::list}};
}

}  // namespace

Result<Posts> entry_of(const Asked& asked, std::uint64_t id) {
    TRY(auto posts, posts_of(asked.site, asked.call, std::span(&id, 1),
                             {.muted = Reading::Muted::shown, .with_beside = true}));
    if (posts.list.empty())
        return fail(error(Code::not_found, "There is no such tweet.").because("tweet_gone"));
    return posts;
}

Answer status_answer(const Asked& asked, const Posts& posts) {
    Entities entities = entities_for(asked);
    entities.need(posts);
    entities.load();
    json::Writer out;
    entities.write(out, posts.list.front());
    return http::Response::json(200, out.take());
}

Answer status_answer(const Asked& asked, tweets::Tweet tweet) {
    std::vector<tweets::Tweet> alone;
    alone.push_back(std::move(tweet));
    TRY(const Posts posts, posts_of(asked.site, asked.call, std::move(alone),
                                    {.muted = Reading::Muted::shown, .with_beside = true}));
    if (posts.list.empty())
        return fail(error(Code::not_found, "There is no such tweet any more.").because("tweet_gone"));
    return status_answer(asked, posts);
}

std::vector<Operation> status_operations() {
    const auto reading_one = [](std::string_view pattern, std::string_view id, std::string_view summary,
                                api::Function function, std::string_view reply) {
        return reading("statuses", {pattern, id, summary, function, "read:statuses", reply});
    };
    return {
        acting(post, "statuses",
               {"/api/v1/statuses", "postStatus",
                "Write a tweet; the Idempotency-Key field makes it repeatable.", write, "write:statuses",
                "Status", of_a_status()}),
        reading("statuses", {"/api/v1/statuses",
                             "listStatuses",
                             "These tweets.",
                             several,
                             "read:statuses",
                             "[Status]",
                             {{"id", "Their ids.", Kind::list}}}),
        reading_one("/api/v1/statuses/{id}", "getStatus", "One tweet.", one, "Status"),
        acting(put, "statuses",
               {"/api/v1/statuses/{id}", "editStatus", "Replace the text of one's own tweet.", edit,
                "write:statuses", "Status", of_a_status()}),
        acting(del, "statuses",
               {"/api/v1/statuses/{id}", "deleteStatus",
                "Delete one's own tweet; the answer has it once more, with its text.", remove,
                "write:statuses", "Status"}),
        reading_one("/api/v1/statuses/{id}/context", "getContext",
                    "What a tweet answers, and what answers it.", context, "Context"),
        reading_one("/api/v1/statuses/{id}/source", "getSource", "A tweet as it was typed.", source,
                    "StatusSource"),
        reading_one("/api/v1/statuses/{id}/history", "getHistory", "What a tweet says now: no more is kept.",
                    history, "[Anything]"),
    };
}

}  // namespace jebi::web::mastodon
