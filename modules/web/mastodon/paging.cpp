#include "modules/web/mastodon/paging.h"

#include <algorithm>

namespace jebi::web::mastodon {

namespace {

constexpr std::uint32_t asked_for_max = 1'000'000;

// The query without its place in the list, ready for another one. A token in it is not repeated.
std::string kept_query(const http::Request& request) {
    std::string kept;
    const auto query = http::form_from(request.query);
    if (!query) return kept;
    for (const auto& [name, value] : query->list) {
        if (name == "max_id" || name == "since_id" || name == "min_id" || name == "access_token") continue;
        kept += http::percent_encoded(name) + "=" + http::percent_encoded(value) + "&";
    }
    return kept;
}

Result<PostPage> first_shown(const ReadPosts& read, Window window) {
    for (int pages = 1;; ++pages) {
        TRY(PostPage page, read(window));
        const bool is_last = page.next == 0 || window.from_oldest() || pages == pages_read_max;
        if (!page.posts.list.empty() || is_last) return page;
        window.max_id = page.next;
    }
}

Around around(const PostPage& page, const Window& window, Ids ids) {
    const auto& list = page.posts.list;
    if (list.empty()) return {};
    if (ids == Ids::of_the_list) return {.older = page.next};
    return {.older = window.from_oldest() ? list.back().id : page.next, .newer = list.front().id};
}

Result<std::vector<accounts::User>> users_in(const api::Asked& asked, std::span<const std::uint64_t> ids,
                                             Hidden hidden) {
    std::vector<accounts::User> users;
    if (ids.empty()) return users;
    if (hidden == Hidden::left_out) {
        TRY(auto people, people_of(asked.site, asked.call, ids));
        for (Person& person : people)
            users.push_back(std::move(person.user));
        return users;
    }
    accounts::UsersByIdsRequest request;
    request.mutable_ids()->Assign(ids.begin(), ids.end());
    TRY(auto reply, asked.site.accounts.users_by_ids(asked.call, request));
    std::ranges::move(*reply.mutable_users(), std::back_inserter(users));
    return users;
}

}  // namespace

tweets::Position Window::position() const {
    tweets::Position position;
    position.set_cursor(max_id);
    position.set_newer_than(newer_than());
    position.set_from_oldest(from_oldest());
    position.set_limit(limit);
    return position;
}

Result<Window> window_of(const api::Asked& asked, Limits limits) {
    Window window;
    TRY(window.max_id, asked.given.id("max_id"));
    TRY(window.since_id, asked.given.id("since_id"));
    TRY(window.min_id, asked.given.id("min_id"));
    TRY(window.limit, asked.given.number("limit", limits.standard, asked_for_max));
    window.limit = std::min(window.limit, limits.max);
    return window;
}

void add_link(http::Response& response, const api::Asked& asked, Around around) {
    const std::string start =
        "<" + asked.origin() + std::string(asked.request.path) + "?" + kept_query(asked.request);
    std::string link;
    if (around.older != 0) link = start + "max_id=" + std::to_string(around.older) + R"(>; rel="next")";
    if (around.newer != 0) {
        link += link.empty() ? "" : ", ";
        link += start + "min_id=" + std::to_string(around.newer) + R"(>; rel="prev")";
    }
    if (!link.empty()) response.fields.add("Link", std::move(link));
}

api::Answer statuses_answer(const api::Asked& asked, const ReadPosts& read, Ids ids) {
    TRY(const Window window, window_of(asked));
    TRY(const PostPage page, first_shown(read, window));
    Entities entities = entities_for(asked);
    entities.need(page.posts);
    entities.load();
    json::Writer out;
    out.begin_array();
    for (const Post& post : page.posts.list)
        entities.write(out, post);
    out.end_array();
    http::Response response = http::Response::json(200, out.take());
    add_link(response, asked, around(page, window, ids));
    return response;
}

api::Answer accounts_answer(const api::Asked& asked, std::span<const std::uint64_t> ids, std::uint64_t next,
                            Hidden hidden) {
    TRY(const auto users, users_in(asked, ids, hidden));
    Entities entities = entities_for(asked);
    entities.need(users);
    entities.load();
    json::Writer out;
    out.begin_array();
    for (const accounts::User& user : users)
        entities.write(out, user);
    out.end_array();
    http::Response response = http::Response::json(200, out.take());
    if (!users.empty()) add_link(response, asked, {.older = next});
    return response;
}

Entities entities_for(const api::Asked& asked) {
    return {asked.site, asked.call, asked.origin()};
}

}  // namespace jebi::web::mastodon
