#include "modules/web/transfer/export.h"

#include <array>

#include "kit/base/json.h"
#include "modules/web/show.h"

namespace jebi::web::transfer {

namespace {

constexpr std::uint32_t page_size = 100;
constexpr std::size_t message_pages_max = 200;  // of one conversation, of 100 each

void write_id(json::Writer& out, std::string_view name, std::uint64_t id) {
    out.key(name);
    if (id == 0) {
        out.null();
    } else {
        out.id(id);
    }
}

std::string tweet_json(const tweets::Tweet& tweet) {
    json::Writer out;
    out.begin_object().key("id").id(tweet.id()).key("text").string(tweet.text());
    out.key("created_ms").integer(tweet.created_ms()).key("edited_ms").integer(tweet.edited_ms());
    write_id(out, "reply_to", tweet.reply_to_id());
    write_id(out, "repost_of", tweet.repost_of_id());
    return out.end_object().take();
}

std::string string_json(const std::string& text) {
    std::string quoted;
    json::append_quoted(quoted, text);
    return quoted;
}

}  // namespace

Result<void> Export::begin() {
    for (const PageFrom list : {&Export::tweets, &Export::following, &Export::conversations})
        TRY_VOID((this->*list)(0));
    return {};
}

Result<void> Export::write(http::BodyWriter& out) {
    TRY(const std::string profile, profile());
    if (!out.write(R"({"format":"jebi-account","version":1,"profile":)" + profile)) return {};
    const std::array lists{std::pair{"tweets", &Export::tweets},
                           std::pair{"likes", &Export::likes},
                           std::pair{"following", &Export::following},
                           std::pair{"followers", &Export::followers},
                           std::pair{"blocked", &Export::blocked},
                           std::pair{"muted", &Export::muted},
                           std::pair{"conversations", &Export::conversations}};
    for (const auto& [name, page_from] : lists)
        TRY_VOID(write_list(out, name, page_from));
    static_cast<void>(out.write(",\"complete\":true}\n"));
    return {};
}

Result<void> Export::write_list(http::BodyWriter& out, const std::string& name, PageFrom page_from) {
    std::string piece = ",\"" + name + "\":[";
    std::string_view comma;
    std::uint64_t before = 0;
    for (std::size_t pages = 0; pages < pages_max; ++pages) {
        TRY(const Page page, tried(page_from, before));
        for (const std::string& item : page.items) {
            piece.append(comma).append("\n").append(item);
            comma = ",";
        }
        if (!out.write(piece)) return {};
        piece.clear();
        before = page.next;
        if (before == 0) break;
    }
    static_cast<void>(out.write("]"));
    return {};
}

Result<Export::Page> Export::tried(PageFrom page_from, std::uint64_t before) {
    auto page = (this->*page_from)(before);
    for (int tries = 1; tries < tries_max && !page && is_away(page.error()); ++tries)
        page = (this->*page_from)(before);
    return page;
}

Result<std::string> Export::profile() {
    const auto own = site_.accounts.own(call(), {});
    json::Writer out;
    out.begin_object().key("id").id(user_.id()).key("username").string(user_.username());
    out.key("display_name").string(user_.display_name()).key("bio").string(user_.bio());
    out.key("link").string(user_.link()).key("email").string(own ? own->email() : "");
    return out.key("created_ms").integer(user_.created_ms()).end_object().take();
}

Result<Export::Page> Export::tweets(std::uint64_t before) {
    tweets::ByAuthorRequest request;
    request.set_author_id(user_.id());
    request.mutable_position()->set_cursor(before);
    request.mutable_position()->set_limit(page_size);
    TRY(const auto reply, site_.tweets.by_author(call(), request));
    Page page{.items = {}, .next = reply.next_cursor()};
    for (const tweets::Tweet& tweet : reply.tweets())
        page.items.push_back(tweet_json(tweet));
    return page;
}

Result<Export::Page> Export::likes(std::uint64_t before) {
    tweets::FavouritesRequest request;
    request.set_before(before);
    request.set_limit(page_size);
    TRY(const auto reply, site_.tweets.favourites(call(), request));
    std::vector<std::uint64_t> authors;
    for (const tweets::Tweet& tweet : reply.tweets())
        authors.push_back(tweet.author_id());
    TRY(const auto names, names_of(std::move(authors)));
    Page page{.items = {}, .next = reply.next_cursor()};
    for (const tweets::Tweet& tweet : reply.tweets()) {
        const auto author = names.find(tweet.author_id());
        if (author == names.end()) continue;
        json::Writer out;
        out.begin_object().key("id").id(tweet.id()).key("author").string(author->second);
        page.items.push_back(out.key("text").string(tweet.text()).end_object().take());
    }
    return page;
}

Result<Export::Page> Export::following(std::uint64_t before) {
    return names(&follows::Follows::following, before);
}

Result<Export::Page> Export::followers(std::uint64_t before) {
    return names(&follows::Follows::followers, before);
}

Result<Export::Page> Export::blocked(std::uint64_t before) {
    return names(&follows::Follows::blocked, before);
}

Result<Export::Page> Export::muted(std::uint64_t before) {
    return names(&follows::Follows::muted, before);
}

Result<Export::Page> Export::names(Follows follows_of, std::uint64_t before) {
    follows::ListRequest request;
    request.set_user_id(user_.id());
    request.set_before(before);
    request.set_limit(page_size);
    TRY(const auto reply, (site_.follows.*follows_of)(call(), request));
    TRY(const auto names, names_of({reply.user_ids().begin(), reply.user_ids().end()}));
    Page page{.items = {}, .next = reply.next()};
    for (const std::uint64_t id : reply.user_ids()) {
        if (const auto name = names.find(id); name != names.end())
            page.items.push_back(string_json(name->second));
    }
    return page;
}

// Without those who are gone.
Result<std::unordered_map<std::uint64_t, std::string>> Export::names_of(std::vector<std::uint64_t> ids) {
    accounts::UsersByIdsRequest request;
    request.mutable_ids()->Assign(ids.begin(), ids.end());
    TRY(const auto reply, site_.accounts.users_by_ids(call(), request));
    std::unordered_map<std::uint64_t, std::string> names;
    for (const accounts::User& user : reply.users())
        names.emplace(user.id(), user.username());
    return names;
}

Result<Export::Page> Export::conversations(std::uint64_t before) {
    messages::ConversationsRequest request;
    request.set_before(before);
    request.set_limit(1);  // each is long enough for a piece of its own
    TRY(const auto reply, site_.messages.conversations(call(), request));
    Page page{.items = {}, .next = reply.next()};
    for (const auto& conversation : reply.conversations()) {
        TRY(const auto names, names_of({conversation.with_id()}));
        if (names.empty()) continue;
        TRY(auto item, this->conversation(conversation.with_id(), names.begin()->second));
        page.items.push_back(std::move(item));
    }
    return page;
}

Result<std::string> Export::conversation(std::uint64_t with, const std::string& name) {
    json::Writer out;
    out.begin_object().key("with").string(name).key("messages").begin_array();
    messages::WithRequest request;
    request.set_with_id(with);
    request.set_limit(page_size);
    for (std::size_t pages = 0; pages < message_pages_max; ++pages) {
        TRY(const auto reply, site_.messages.with(call(), request));
        for (const messages::Message& message : reply.messages()) {
            out.begin_object()
                .key("id")
                .id(message.id())
                .key("from_me")
                .boolean(message.from_id() == user_.id());
            out.key("text")
                .string(message.text())
                .key("created_ms")
                .integer(message.created_ms())
                .end_object();
        }
        request.set_before(reply.next());
        if (reply.next() == 0) break;
    }
    return out.end_array().end_object().take();
}

}  // namespace jebi::web::transfer
