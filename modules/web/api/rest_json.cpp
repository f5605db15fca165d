#include "modules/web/api/rest_json.h"

#include <algorithm>

#include "kit/base/unicode.h"

namespace jebi::web::api {

namespace {

constexpr std::uint32_t limit_standard = 15;
constexpr std::uint32_t limit_max = 100;

void write_person_or_null(json::Writer& out, const accounts::User* user) {
    if (user == nullptr) {
        out.null();
    } else {
        write_user(out, *user);
    }
}

}  // namespace

void write_user(json::Writer& out, const accounts::User& user) {
    out.begin_object().key("id").id(user.id()).key("username").string(user.username());
    out.key("display_name").string(user.display_name()).key("bio").string(user.bio());
    out.key("link").string(user.link()).key("avatar");
    if (user.avatar().empty()) {
        out.null();
    } else {
        out.string("/avatars/" + std::to_string(user.id()) + "/" + user.avatar());
    }
    out.key("created_at");
    write_time(out, user.created_ms());
    out.end_object();
}

void write_post(json::Writer& out, const Post& post) {
    const tweets::Tweet& tweet = *post.tweet;
    out.begin_object().key("id").id(tweet.id());
    out.key("text").string(post.is_gap() ? "" : std::string_view(tweet.text())).key("author");
    write_person_or_null(out, post.author);
    out.key("created_at");
    write_time(out, tweet.created_ms());
    out.key("edited_at");
    write_time(out, tweet.edited_ms());
    out.key("reply_to");
    write_next(out, tweet.reply_to_id());
    out.key("replies").integer(static_cast<std::int64_t>(tweet.replies()));
    out.key("favourites").integer(static_cast<std::int64_t>(tweet.favourites()));
    out.key("reposts").integer(static_cast<std::int64_t>(tweet.reposts()));
    out.key("favourited").boolean(post.marks.favourited()).key("reposted").boolean(post.marks.reposted());
    out.key("reposted_by");
    write_person_or_null(out, post.reposted_by);
    out.key("deleted").boolean(post.is_gap()).end_object();
}

void write_time(json::Writer& out, WallMs at_ms) {
    if (at_ms == 0) {
        out.null();
    } else {
        out.string(iso8601(at_ms));
    }
}

void write_next(json::Writer& out, std::uint64_t next) {
    if (next == 0) {
        out.null();
    } else {
        out.id(next);
    }
}

Result<std::vector<accounts::User>> users_seen(const Asked& asked, const accounts::UsersPage& page) {
    std::vector<std::uint64_t> ids;
    for (const accounts::User& user : page.users())
        ids.push_back(user.id());
    TRY(const auto hidden, hidden_of(asked.site, asked.call, std::move(ids), Reading::Muted::shown));
    std::vector<accounts::User> seen;
    for (const accounts::User& user : page.users()) {
        if (!std::ranges::binary_search(hidden, user.id())) seen.push_back(user);
    }
    return seen;
}

http::Response created(std::string body, std::string location) {
    http::Response response = http::Response::json(201, std::move(body));
    response.fields.add("Location", std::move(location));
    return response;
}

http::Response no_content() {
    return {.status = 204};
}

Answer users_answer(const Asked& asked, std::span<const std::uint64_t> ids, std::uint64_t next) {
    TRY(const auto people, people_of(asked.site, asked.call, ids));
    json::Writer out;
    out.begin_object().key("users").begin_array();
    for (const Person& person : people)
        write_user(out, person.user);
    out.end_array().key("next");
    write_next(out, next);
    out.end_object();
    return http::Response::json(200, out.take());
}

Result<Cursor> cursor_of(const Asked& asked) {
    Cursor cursor;
    TRY(cursor.before, asked.given.id("cursor"));
    TRY(cursor.limit, asked.given.number("limit", limit_standard, limit_max));
    return cursor;
}

}  // namespace jebi::web::api
