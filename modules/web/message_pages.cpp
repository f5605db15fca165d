// One's messages: the conversations, and one of them.
#include <algorithm>
#include <ranges>

#include "kit/base/unicode.h"
#include "modules/web/linkify.h"
#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

constexpr std::size_t excerpt_bytes_max = 160;

using Users = std::unordered_map<std::uint64_t, accounts::User>;

// Also those who are blocked: what was written stays readable.
Result<Users> others_of(const Site& site, const Visit& visit, const messages::ConversationPage& page) {
    accounts::UsersByIdsRequest request;
    for (const auto& conversation : page.conversations())
        request.add_ids(conversation.with_id());
    TRY(auto reply, site.accounts.users_by_ids(visit.call, request));
    Users users;
    for (accounts::User& user : *reply.mutable_users()) {
        const std::uint64_t id = user.id();
        users.emplace(id, std::move(user));
    }
    return users;
}

void show_when(const Site& site, const Visit& visit, Section section, WallMs when_ms) {
    section.set("ISO", iso8601(when_ms));
    section.set("WHEN", ago(site.templates, visit.language, when_ms, site.clock.wall_ms()));
}

Result<void> show_talks(const Site& site, const Visit& visit, Section page, const List& list) {
    messages::ConversationsRequest request;
    request.set_before(list.cursor);
    TRY(const auto talks, site.messages.conversations(visit.call, request));
    TRY(const Users others, others_of(site, visit, talks));
    for (const auto& talk : talks.conversations()) {
        const auto other = others.find(talk.with_id());
        if (other == others.end()) continue;  // they have just left
        Section section = page.section("TALK");
        show_person(site, visit, section, other->second);
        section.set("EXCERPT", excerpt_of(talk.last().text(), excerpt_bytes_max));
        show_when(site, visit, section, talk.last().created_ms());
        if (talk.last().from_id() == visit.user->id()) section.show("BY_ME");
        if (talk.unread()) section.show("NEW");
    }
    if (talks.conversations_size() == 0) page.show("EMPTY");
    show_older(page, list, talks.next());
    return {};
}

// Where to write to the person whose name was typed, with or without its sign.
Result<std::string> address_of(const Site& site, const Visit& visit, std::string_view typed) {
    if (typed.starts_with('@')) typed.remove_prefix(1);
    accounts::UserByNameRequest request;
    request.set_username(std::string(typed));
    TRY(const auto user, site.accounts.user_by_name(visit.call, request));
    return "/messages/" + user.username();
}

void show_said(const Site& site, const Visit& visit, Section page, const messages::Message& message) {
    Section said = page.section("SAID");
    said.set("SAID_ID", message.id()).set_html("TEXT_HTML", with_addresses_linked(message.text()));
    show_when(site, visit, said, message.created_ms());
    if (message.from_id() != visit.user->id()) {
        said.show("BY_OTHER");
        return;
    }
    said.show("BY_ME");
    if (message.read()) said.show("READ");
}

// The last message of the other that has not been read; 0: none.
std::uint64_t unread_in(const Visit& visit, const messages::MessagePage& page) {
    for (const messages::Message& message : page.messages()) {
        if (message.to_id() == visit.user->id() && !message.read()) return message.id();
    }
    return 0;
}

Result<void> show_conversation(const Site& site, const Visit& visit, Section page, const List& list,
                               std::uint64_t with) {
    messages::WithRequest request;
    request.set_with_id(with);
    request.set_before(list.cursor);
    TRY(const auto said, site.messages.with(visit.call, request));
    for (const messages::Message& message : std::views::reverse(said.messages()))
        show_said(site, visit, page, message);
    if (said.messages_size() == 0) page.show("EMPTY");
    if (const std::uint64_t last = unread_in(visit, said)) page.section("MARK").set("LAST_ID", last);
    show_older(page, list, said.next());
    return {};
}

Result<messages::Message> sent_from(const Site& site, const Visit& visit, const Form& form) {
    TRY_VOID(signed_in(visit));
    TRY(const auto other, user_in_path(site, visit));
    messages::SendRequest request;
    request.set_to_id(other.id());
    request.set_text(typed_text(form));
    Call call = visit.call;
    call.idempotency_key = value(form, "key");
    return site.messages.send(call, request);
}

// What was typed before, and why it was refused.
struct Typed {
    std::string text{};
    const Error* error = nullptr;
};

Shown conversation_page(const Site& site, Visit& visit, int refused_status, const Typed& typed) {
    TRY_VOID(signed_in(visit));
    TRY(const auto other, user_in_path(site, visit));
    Page page;
    page.show("AT_MESSAGES");
    visit.opens_at = "/messages/" + other.username();
    show_person(site, visit, page, other);
    show_compose(page, "");
    page.set("TYPED", typed.text);
    if (typed.error != nullptr) show_error(site, visit, page, *typed.error);
    const List list = list_of(visit, "/messages/" + other.username());
    TRY(const int status, show_away(visit, page, show_conversation(site, visit, page, list, other.id())));
    return shown(site, visit, typed.error != nullptr ? refused_status : status, "conversation", page);
}

}  // namespace

Shown conversations(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    Page page;
    page.show("AT_MESSAGES");
    if (const std::string to = visit.query("to"); !to.empty()) {
        const auto address = address_of(site, visit, to);
        if (address) return redirected(site, visit, *address);
        page.set("TO", to).show("TO_ERROR", site.templates.text(visit.language, "error_no_such_user"));
    }
    TRY(const int status, show_away(visit, page, show_talks(site, visit, page, list_of(visit, "/messages"))));
    return shown(site, visit, status, "messages", page);
}

Shown conversation(const Site& site, Visit& visit) {
    return conversation_page(site, visit, 200, {});
}

Shown send_message(const Site& site, Visit& visit, const Form& form) {
    const Unsent unsent{std::string(visit.request.path), typed_text(form), value(form, "key")};
    auto sent = sent_from(site, visit, form);
    if (!sent && is_away(sent.error())) return kept(site, visit, unsent, sent.error());
    if (!sent && (is_for_the_form(sent.error()) || sent.error().reason == "blocked")) {
        // The same word as for a tweet's text, which may be of another length.
        if (sent.error().reason == "text_too_long") sent.error().reason = "message_text_too_long";
        auto again = conversation_page(site, visit, form_status(sent.error()), {unsent.text, &sent.error()});
        return form_or_kept(site, visit, std::move(again), unsent, sent.error());
    }
    TRY_VOID(sent);
    return redirected(site, visit, unsent.address + "#m" + std::to_string(sent->id()));
}

Shown read_messages(const Site& site, Visit& visit, const Form& form) {
    TRY(const auto other, user_in_path(site, visit));
    messages::MarkReadRequest request;
    request.set_with_id(other.id());
    request.set_message_id(id_from(value(form, "id")).value_or(0));
    TRY(const auto left, site.messages.mark_read(visit.call, request));
    return done(site, visit, "{\"unread\":" + std::to_string(left.count()) + "}",
                "/messages/" + other.username());
}

Shown delete_messages(const Site& site, Visit& visit, const Form& form) {
    TRY(const auto other, user_in_path(site, visit));
    messages::DeleteRequest request;
    request.set_with_id(other.id());
    request.set_message_id(id_from(value(form, "id")).value_or(0));
    TRY_VOID(site.messages.delete_(visit.call, request));
    const std::string next = request.message_id() == 0 ? "/messages" : "/messages/" + other.username();
    return redirected(site, visit, next, "message_deleted");
}

}  // namespace jebi::web
