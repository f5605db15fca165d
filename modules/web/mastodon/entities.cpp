#include "modules/web/mastodon/entities.h"

#include <algorithm>

#include "kit/base/unicode.h"
#include "modules/web/mastodon/content.h"
#include "modules/web/show.h"

namespace jebi::web::mastodon {

namespace {

constexpr std::size_t a_call = 100;  // ids or names that one call takes

// Leaves each once, without those that are known.
template <typename Thing, typename Known>
void keep_missing(std::vector<Thing>& things, const Known& known) {
    std::erase_if(things, [&](const Thing& thing) { return known.contains(thing); });
    std::ranges::sort(things);
    const auto repeated = std::ranges::unique(things);
    things.erase(repeated.begin(), repeated.end());
}

// Calls `ask` with at most so many at a time, until it says no.
template <typename Thing, typename Ask>
void in_parts(std::span<const Thing> things, Ask ask) {
    for (; !things.empty(); things = things.subspan(std::min(a_call, things.size())))
        if (!ask(things.first(std::min(a_call, things.size())))) return;
}

void write_empty(json::Writer& out, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        out.key(name).begin_array().end_array();
}
void write_null(json::Writer& out, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        out.key(name).null();
}
void write_false(json::Writer& out, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        out.key(name).boolean(false);
}

void write_count(json::Writer& out, std::string_view name, std::uint64_t count) {
    out.key(name).integer(static_cast<std::int64_t>(count));
}

void write_id(json::Writer& out, std::string_view name, std::uint64_t id) {
    out.key(name);
    if (id == 0) {
        out.null();
    } else {
        out.id(id);
    }
}

void write_time(json::Writer& out, std::string_view name, WallMs at_ms) {
    out.key(name);
    if (at_ms == 0) {
        out.null();
    } else {
        out.string(iso8601(at_ms));
    }
}

// The profile's link, which Mastodon has as one of several fields. HTML for everybody, plain for the owner.
void write_fields(json::Writer& out, const accounts::User& user, bool as_html) {
    out.key("fields").begin_array();
    if (!user.link().empty()) {
        out.begin_object().key("name").string("Link").key("value");
        out.string(as_html ? link_of(user.link()) : user.link());
        out.key("verified_at").null().end_object();
    }
    out.end_array();
}

}  // namespace

std::string avatar_url(std::string_view origin, const accounts::User& user) {
    return std::string(origin) + avatar_address(user);
}

void Entities::need(const Posts& posts) {
    known_.relations.insert(posts.beside.relations.begin(), posts.beside.relations.end());
    known_.statuses.insert(posts.beside.statuses.begin(), posts.beside.statuses.end());
    known_.mentioned.insert(posts.beside.mentioned.begin(), posts.beside.mentioned.end());
    for (const Post& post : posts.list) {
        if (post.is_gap()) continue;
        need(*post.author);
        if (post.reposted_by != nullptr) need(*post.reposted_by);
        for (const tweets::Entity& entity : post.tweet->entities()) {
            if (entity.kind() == tweets::Entity::KIND_MENTION) usernames_.push_back(lower(entity.value()));
        }
    }
}

void Entities::need(const accounts::User& user) {
    people_.push_back(user.id());
}

void Entities::need(std::span<const accounts::User> users) {
    for (const accounts::User& user : users)
        need(user);
}

void Entities::load() {
    load_mentioned();
    load_relations();
    load_statuses();
}

void Entities::load_mentioned() {
    keep_missing(usernames_, known_.mentioned);
    in_parts<std::string>(usernames_, [&](std::span<const std::string> part) {
        accounts::UsersByNamesRequest request;
        request.mutable_usernames()->Assign(part.begin(), part.end());
        auto reply = site_.accounts.users_by_names(extras(call_), request);
        if (!reply) return false;
        for (accounts::User& user : *reply->mutable_users()) {
            std::string name = user.username();
            known_.mentioned.emplace(std::move(name), std::move(user));
        }
        return true;
    });
}

void Entities::load_relations() {
    auto people = people_;
    keep_missing(people, known_.relations);
    in_parts<std::uint64_t>(people, [&](std::span<const std::uint64_t> part) {
        follows::UserIdsRequest request;
        request.mutable_user_ids()->Assign(part.begin(), part.end());
        const auto reply = site_.follows.counts(extras(call_), request);
        if (!reply || static_cast<std::size_t>(reply->counts_size()) != part.size()) return false;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto& counts = reply->counts(static_cast<int>(i));
            known_.relations[part[i]] = {.followers = counts.followers(), .following = counts.following()};
        }
        return true;
    });
}

void Entities::load_statuses() {
    auto people = people_;
    keep_missing(people, known_.statuses);
    in_parts<std::uint64_t>(people, [&](std::span<const std::uint64_t> part) {
        tweets::CountsRequest request;
        request.mutable_author_ids()->Assign(part.begin(), part.end());
        const auto reply = site_.tweets.counts(extras(call_), request);
        if (!reply || static_cast<std::size_t>(reply->counts_size()) != part.size()) return false;
        for (std::size_t i = 0; i < part.size(); ++i)
            known_.statuses[part[i]] = reply->counts(static_cast<int>(i));
        return true;
    });
}

const accounts::User* Entities::mentioned(std::string_view username) const {
    const auto found = known_.mentioned.find(std::string(username));
    return found == known_.mentioned.end() || !found->second ? nullptr : &*found->second;
}

// ---- Accounts ----

void Entities::write(json::Writer& out, const accounts::User& user) const {
    out.begin_object();
    write_members(out, user);
    write_fields(out, user, true);
    out.end_object();
}

void Entities::write_own(json::Writer& out, const accounts::User& user) const {
    out.begin_object();
    write_members(out, user);
    write_fields(out, user, true);
    out.key("source").begin_object().key("privacy").string("public").key("sensitive").boolean(false);
    out.key("language").null().key("note").string(user.bio());
    write_fields(out, user, false);
    out.key("follow_requests_count").integer(0).end_object();
    out.key("role").begin_object().key("id").string("-99").key("name").string("");
    out.key("permissions").string("0").key("color").string("").key("highlighted").boolean(false);
    out.end_object().end_object();
}

void Entities::write_members(json::Writer& out, const accounts::User& user) const {
    const auto related = known_.relations.find(user.id());
    const auto relations = related == known_.relations.end() ? Beside::Relations{} : related->second;
    const auto statuses = known_.statuses.find(user.id());
    const std::string url = account_url(origin_, user.username());
    const std::string avatar = avatar_url(origin_, user);
    const std::string header = origin_ + "/headers/generated.svg";
    out.key("id").id(user.id()).key("username").string(user.username()).key("acct").string(user.username());
    out.key("display_name").string(user.display_name());
    write_false(out, {"locked", "bot", "group"});
    out.key("discoverable").boolean(true);
    write_time(out, "created_at", user.created_ms());
    out.key("note").string(note_of(user.bio())).key("url").string(url).key("uri").string(url);
    for (const std::string_view name : {"avatar", "avatar_static"})
        out.key(name).string(avatar);
    for (const std::string_view name : {"header", "header_static"})
        out.key(name).string(header);
    write_count(out, "followers_count", relations.followers);
    write_count(out, "following_count", relations.following);
    write_count(out, "statuses_count", statuses == known_.statuses.end() ? 0 : statuses->second);
    write_null(out, {"last_status_at"});
    write_empty(out, {"emojis", "roles"});
}

// ---- Statuses ----

void Entities::write(json::Writer& out, const Post& post) const {
    out.begin_object();
    if (post.repost == nullptr) {
        write_members(out, post, {post.tweet->id(), post.tweet->created_ms(), post.author});
        out.key("reblog").null();
    } else {
        write_members(out, post, {post.id, post.repost->created_ms(), post.reposted_by});
        out.key("reblog");
        write_inside(out, post);
    }
    out.end_object();
}

void Entities::write_own(json::Writer& out, const Post& post) const {
    out.begin_object();
    write_members(out, post, {post.tweet->id(), post.tweet->created_ms(), post.author});
    out.key("reblog").null().key("text").string(post.tweet->text()).end_object();
}

void Entities::write_edit(json::Writer& out, const Post& post) const {
    const tweets::Tweet& tweet = *post.tweet;
    out.begin_object().key("content").string(content(tweet));
    out.key("spoiler_text").string("").key("sensitive").boolean(false);
    write_time(out, "created_at", tweet.edited_ms() == 0 ? tweet.created_ms() : tweet.edited_ms());
    out.key("account");
    write(out, *post.author);
    write_null(out, {"poll"});
    write_empty(out, {"media_attachments", "emojis"});
    out.end_object();
}

void Entities::write_inside(json::Writer& out, const Post& post) const {
    out.begin_object();
    write_members(out, post, {post.tweet->id(), post.tweet->created_ms(), post.author});
    out.key("reblog").null().end_object();
}

void Entities::write_members(json::Writer& out, const Post& post, const Outside& outside) const {
    const tweets::Tweet& tweet = *post.tweet;
    const std::string url = status_url(origin_, tweet.id());
    const bool is_reply = outside.id == tweet.id();  // and no repost of one
    out.key("id").id(outside.id);
    write_time(out, "created_at", outside.created_ms);
    write_id(out, "in_reply_to_id", is_reply ? tweet.reply_to_id() : 0);
    write_id(out, "in_reply_to_account_id", is_reply ? tweet.reply_to_author_id() : 0);
    out.key("sensitive").boolean(false).key("spoiler_text").string("").key("visibility").string("public");
    out.key("language").null().key("url").string(url);
    out.key("uri").string(is_reply ? url : status_url(origin_, outside.id));
    write_counts(out, post);
    out.key("content").string(content(tweet));
    write_null(out, {"application", "card", "poll"});
    write_empty(out, {"media_attachments", "emojis", "filtered"});
    out.key("account");
    write(out, *outside.account);
    write_names(out, tweet);
}

std::string Entities::content(const tweets::Tweet& tweet) const {
    return content_of(tweet, origin_,
                      [&](std::string_view username) { return mentioned(username) != nullptr; });
}

void Entities::write_counts(json::Writer& out, const Post& post) const {
    write_count(out, "replies_count", post.tweet->replies());
    write_count(out, "reblogs_count", post.tweet->reposts());
    write_count(out, "favourites_count", post.tweet->favourites());
    write_time(out, "edited_at", post.tweet->edited_ms());
    out.key("favourited").boolean(post.marks.favourited()).key("reblogged").boolean(post.marks.reposted());
    out.key("pinned").boolean(post.marks.pinned());
    write_false(out, {"muted", "bookmarked"});
}

void Entities::write_names(json::Writer& out, const tweets::Tweet& tweet) const {
    out.key("mentions").begin_array();
    write_mentions(out, tweet);
    out.end_array().key("tags").begin_array();
    write_tags(out, tweet);
    out.end_array();
}

void Entities::write_mentions(json::Writer& out, const tweets::Tweet& tweet) const {
    std::vector<std::uint64_t> told;
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.kind() != tweets::Entity::KIND_MENTION) continue;
        const accounts::User* const user = mentioned(lower(entity.value()));
        if (user == nullptr || std::ranges::find(told, user->id()) != told.end()) continue;
        told.push_back(user->id());
        out.begin_object().key("id").id(user->id()).key("username").string(user->username());
        out.key("acct").string(user->username());
        out.key("url").string(account_url(origin_, user->username())).end_object();
    }
}

void Entities::write_tags(json::Writer& out, const tweets::Tweet& tweet) const {
    std::vector<std::string> told;
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.kind() != tweets::Entity::KIND_HASHTAG) continue;
        std::string name = lower(entity.value());
        if (std::ranges::find(told, name) != told.end()) continue;
        out.begin_object().key("name").string(name);
        out.key("url").string(hashtag_url(origin_, name)).end_object();
        told.push_back(std::move(name));
    }
}

}  // namespace jebi::web::mastodon
