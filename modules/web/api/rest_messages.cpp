// Messages between two people: one's own only.
#include <map>

#include "modules/web/api/rest.h"
#include "modules/web/api/rest_json.h"

namespace jebi::web::api {

namespace {

using enum http::Method;

void write_message(json::Writer& out, const Asked& asked, const messages::Message& message) {
    const bool mine = message.from_id() == asked.me().id();
    out.begin_object().key("id").id(message.id()).key("mine").boolean(mine);
    out.key("text").string(message.text()).key("created_at");
    write_time(out, message.created_ms());
    out.key("read").boolean(message.read()).end_object();
}

Result<std::map<std::uint64_t, accounts::User>> people_of(const Asked& asked,
                                                          const messages::ConversationPage& page) {
    accounts::UsersByIdsRequest request;
    for (const auto& conversation : page.conversations())
        request.add_ids(conversation.with_id());
    std::map<std::uint64_t, accounts::User> people;
    if (request.ids_size() == 0) return people;
    TRY(auto reply, asked.site.accounts.users_by_ids(asked.call, request));
    for (accounts::User& user : *reply.mutable_users())
        people[user.id()] = std::move(user);
    return people;
}

Answer conversations(const Asked& asked) {
    TRY(const Cursor cursor, cursor_of(asked));
    messages::ConversationsRequest request;
    request.set_before(cursor.before);
    request.set_limit(cursor.limit);
    TRY(const auto page, asked.site.messages.conversations(asked.call, request));
    TRY(const auto people, people_of(asked, page));
    json::Writer out;
    out.begin_object().key("conversations").begin_array();
    for (const auto& conversation : page.conversations()) {
        const auto with = people.find(conversation.with_id());
        if (with == people.end()) continue;
        out.begin_object().key("with");
        write_user(out, with->second);
        out.key("unread").boolean(conversation.unread()).key("last");
        write_message(out, asked, conversation.last());
        out.end_object();
    }
    out.end_array().key("next");
    write_next(out, page.next());
    out.end_object();
    return http::Response::json(200, out.take());
}

Answer with(const Asked& asked) {
    TRY(const auto user, asked.user_in_path());
    TRY(const Cursor cursor, cursor_of(asked));
    messages::WithRequest request;
    request.set_with_id(user.id());
    request.set_before(cursor.before);
    request.set_limit(cursor.limit);
    TRY(const auto page, asked.site.messages.with(asked.call, request));
    json::Writer out;
    out.begin_object().key("messages").begin_array();
    for (const messages::Message& message : page.messages())
        write_message(out, asked, message);
    out.end_array().key("next");
    write_next(out, page.next());
    out.end_object();
    return http::Response::json(200, out.take());
}

Answer send(const Asked& asked) {
    TRY(const auto user, asked.user_in_path());
    messages::SendRequest request;
    request.set_to_id(user.id());
    TRY(*request.mutable_text(), asked.given.text("text"));
    TRY(const auto message, asked.site.messages.send(asked.call, request));
    json::Writer out;
    write_message(out, asked, message);
    return created(out.take(), "/api/v1/messages/" + user.username());
}

Answer mark_read(const Asked& asked) {
    TRY(const auto user, asked.user_in_path());
    messages::MarkReadRequest request;
    request.set_with_id(user.id());
    TRY(const std::uint64_t id, asked.given.id("id"));
    request.set_message_id(id);
    TRY_VOID(asked.site.messages.mark_read(asked.call, request));
    return no_content();
}

Answer remove(const Asked& asked) {
    TRY(const auto user, asked.user_in_path());
    messages::DeleteRequest request;
    request.set_with_id(user.id());
    TRY(const std::uint64_t id, asked.given.id("id"));
    request.set_message_id(id);
    TRY_VOID(asked.site.messages.delete_(asked.call, request));
    return no_content();
}

}  // namespace

std::vector<Operation> message_operations() {
    const std::vector<Parameter> paged{{"cursor", "`next` of the page before.", Parameter::Kind::id},
                                       {"limit", "1 to 100; 15 when absent.", Parameter::Kind::number}};
    return {
        {.method = get,
         .pattern = "/api/v1/messages",
         .id = "listConversations",
         .summary = "One's own conversations, the one written to last first.",
         .tag = "messages",
         .function = conversations,
         .scope = "read:statuses",
         .parameters = paged,
         .reply = "Conversations"},
        {.method = get,
         .pattern = "/api/v1/messages/{name}",
         .id = "listMessages",
         .summary = "The conversation with somebody, the newest message first.",
         .tag = "messages",
         .function = with,
         .scope = "read:statuses",
         .parameters = paged,
         .reply = "Messages"},
        {.method = post,
         .pattern = "/api/v1/messages/{name}",
         .id = "sendMessage",
         .summary = "Write to somebody; the Idempotency-Key field makes it repeatable.",
         .tag = "messages",
         .function = send,
         .scope = "write:statuses",
         .parameters = {{"text", "1 to 1,000 characters.", Parameter::Kind::text, true}},
         .reply = "Message",
         .status = 201},
        {.method = put,
         .pattern = "/api/v1/messages/{name}/read",
         .id = "markMessagesRead",
         .summary = "Everything from somebody up to a message is read.",
         .tag = "messages",
         .function = mark_read,
         .scope = "write:statuses",
         .parameters = {{"id", "The last message that was read.", Parameter::Kind::id, true}},
         .status = 204},
        {.method = del,
         .pattern = "/api/v1/messages/{name}",
         .id = "deleteMessages",
         .summary = "Take a conversation, or one message of it, out of one's own view.",
         .tag = "messages",
         .function = remove,
         .scope = "write:statuses",
         .parameters = {{"id", "One message; all of them when absent.", Parameter::Kind::id}},
         .status = 204},
    };
}

}  // namespace jebi::web::api
