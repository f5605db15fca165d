#include "modules/messages/service.h"

#include <algorithm>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"

namespace jebi::messages {

namespace {

constexpr std::uint32_t conversations_shown = 20;
constexpr std::uint32_t messages_shown = 40;
constexpr std::uint32_t page_size_max = 100;
constexpr std::uint32_t removed_at_once_max = 500;
constexpr int removals_max = 20;  // what is left then is seen by nobody, and goes with the next deletion

std::unexpected<Error> refuse_text(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at("text"));
}

// The text as it is kept, or why it cannot be.
Result<std::string> checked_text(const std::string& given) {
    constexpr const char* too_long = "A message has at most 1,000 characters.";
    if (given.size() > text_bytes_max) return refuse_text(too_long, "text_too_long");
    if (!is_utf8(given) || given.contains('\0'))
        return refuse_text("The text is not valid UTF-8.", "text_invalid");
    std::string text = nfc(trimmed(given));
    if (is_blank(text)) return refuse_text("A message needs some text.", "text_empty");
    if (text.size() > text_bytes_max || grapheme_count(text, text_graphemes_max) > text_graphemes_max)
        return refuse_text(too_long, "text_too_long");
    return text;
}

Result<Key> key_of(const Call& call, UserId to, const std::string& text) {
    if (call.idempotency_key.size() > Call::idempotency_key_bytes_max || !is_utf8(call.idempotency_key)) {
        return fail(error(Code::invalid, "An idempotency key has at most 128 bytes.").because("bad_key"));
    }
    return Key{call.idempotency_key, hex(bytes_of(sha256(std::to_string(to.value) + " " + text)))};
}

Result<UserId> other_than(UserId me, std::uint64_t id) {
    if (me.value == id)
        return fail(error(Code::invalid, "You cannot write to yourself.").because("yourself"));
    return UserId{id};
}

Message message_of(const StoredMessage& stored) {
    Message message;
    message.set_id(stored.id.value);
    message.set_from_id(stored.from.value);
    message.set_to_id(stored.to.value);
    message.set_text(stored.text);
    message.set_created_ms(stored.created_ms);
    message.set_read(stored.read);
    return message;
}

Result<std::uint32_t> limit_of(std::uint32_t asked, std::uint32_t standard) {
    if (asked > page_size_max)
        return fail(error(Code::invalid, "A page has at most 100 entries.").because("bad_page").at("limit"));
    return asked == 0 ? standard : asked;
}

std::uint64_t before_of(std::uint64_t asked) {
    return asked == 0 ? INT64_MAX : std::min<std::uint64_t>(asked, INT64_MAX);
}

}  // namespace

Result<Message> Service::send(const Call& call, const SendRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const std::string text, checked_text(request.text()));
    TRY(const UserId to, other_than(me, request.to_id()));
    TRY(const Key key, key_of(call, to, text));
    TRY(auto before, sent_before(call, me, key));
    if (before) return std::move(*before);
    TRY_VOID(may_write(call, to));
    const StoredMessage message{
        .id = MessageId{ids_.next()}, .from = me, .to = to, .text = text, .created_ms = clock_.wall_ms()};
    const auto sent = store_.send(call, message, key, send_rate);
    if (!sent && sent.error().reason == "key_seen") {
        TRY(auto other, sent_before(call, me, key));
        if (other) return std::move(*other);
    }
    if (!sent && sent.error().reason == "too_many") return fail(too_many(call, me, sent.error()));
    TRY_VOID(sent);
    happened_.tell();
    return message_of(message);
}

Result<std::optional<Message>> Service::sent_before(const Call& call, UserId user, const Key& key) {
    if (key.key.empty()) return std::nullopt;
    const auto kept = store_.key(call, user, key.key);
    if (!kept && kept.error().code == Code::not_found) return std::nullopt;
    TRY_VOID(kept);
    if (kept->digest != key.digest) {
        return fail(error(Code::conflict, "This idempotency key was used for another message.")
                        .because("key_reused"));
    }
    TRY(const StoredMessage message, store_.by_id(call, kept->message));
    return message_of(message);
}

Result<void> Service::may_write(const Call& call, UserId to) {
    accounts::UsersByIdsRequest users;
    users.add_ids(to.value);
    TRY(const auto found, accounts_.users_by_ids(call, users));
    if (found.users_size() == 0)
        return fail(error(Code::not_found, "There is no such user.").because("no_such_user"));
    follows::UserIdsRequest both;
    both.add_user_ids(to.value);
    TRY(const auto reply, follows_.relationships(call, both));
    const bool blocked = reply.relationships_size() != 1 || reply.relationships(0).blocking() ||
                         reply.relationships(0).blocked_by();
    if (blocked) return fail(error(Code::forbidden, "You cannot write to this person.").because("blocked"));
    return {};
}

// How long until the first of the messages that fill the window is out of it.
Error Service::too_many(const Call& call, UserId user, Error error) {
    const auto first = store_.sent_ms(call, user, send_rate.messages_max - 1);
    const WallMs free_ms = first.value_or(clock_.wall_ms()) + send_rate.window.count() - clock_.wall_ms();
    error.retry_after_s = std::clamp<WallMs>((free_ms + 999) / 1'000, 1, send_rate.window.count() / 1'000);
    return error;
}

Result<ConversationPage> Service::conversations(const Call& call, const ConversationsRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const std::uint32_t limit, limit_of(request.limit(), conversations_shown));
    TRY(const auto found, store_.conversations(call, me, before_of(request.before()), limit + 1));
    ConversationPage page;
    for (std::size_t i = 0; i < found.size() && i < limit; ++i) {
        auto& conversation = *page.add_conversations();
        conversation.set_with_id(found[i].with.value);
        *conversation.mutable_last() = message_of(found[i].last);
        conversation.set_unread(found[i].unread);
    }
    if (found.size() > limit) page.set_next(found[limit - 1].last.id.value);
    return page;
}

Result<MessagePage> Service::with(const Call& call, const WithRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const std::uint32_t limit, limit_of(request.limit(), messages_shown));
    TRY(const auto found,
        store_.with(call, me, UserId{request.with_id()}, before_of(request.before()), limit + 1));
    MessagePage page;
    for (std::size_t i = 0; i < found.size() && i < limit; ++i)
        *page.add_messages() = message_of(found[i]);
    if (found.size() > limit) page.set_next(found[limit - 1].id.value);
    return page;
}

Result<UnreadReply> Service::mark_read(const Call& call, const MarkReadRequest& request) {
    TRY(const UserId me, signed_in(call));
    const MessageId up_to{std::min<std::uint64_t>(request.message_id(), INT64_MAX)};
    TRY_VOID(store_.mark_read(call, me, UserId{request.with_id()}, up_to));
    return unread(call, {});
}

Result<UnreadReply> Service::unread(const Call& call, const Empty&) {
    TRY(const UserId me, signed_in(call));
    UnreadReply reply;
    TRY(const std::uint32_t count, store_.unread(call, me, unread_max));
    reply.set_count(count);
    return reply;
}

Result<Empty> Service::delete_(const Call& call, const DeleteRequest& request) {
    TRY(const UserId me, signed_in(call));
    const UserId with{request.with_id()};
    const MessageId message{request.message_id()};
    TRY_VOID(message ? store_.hide_message(call, me, with, message)
                     : store_.hide_conversation(call, me, with));
    for (int i = 0; i < removals_max; ++i) {
        TRY(const bool more, store_.remove_unseen(call, me, with, removed_at_once_max));
        if (!more) break;
    }
    return Empty{};
}

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    return happened_.answer<EventsReply>(call, request, [&](EventsReply& reply) -> Result<void> {
        TRY(const auto events, store_.events(call, request.after(), request.limit()));
        for (const StoredEvent& stored : events) {
            auto& event = *reply.add_events();
            event.set_sequence(stored.sequence);
            *event.mutable_message() = message_of(stored.message);
        }
        return {};
    });
}

Result<LastEventReply> Service::last_event(const Call& call, const Empty&) {
    LastEventReply reply;
    TRY(const std::uint64_t sequence, store_.last_event(call));
    reply.set_sequence(sequence);
    return reply;
}

Result<void> Service::sweep(const Call& call) {
    const WallMs now = clock_.wall_ms();
    return store_.sweep(call, now - keys_kept.count(), now - events_kept.count());
}

}  // namespace jebi::messages
