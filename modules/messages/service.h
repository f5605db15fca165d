// The rules of messages, in this process.
#pragma once

#include "kit/base/ids.h"
#include "kit/rpc/event_source.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/follows/follows.jebi.h"
#include "modules/messages/messages.jebi.h"
#include "modules/messages/store.h"

namespace jebi::messages {

inline constexpr std::size_t text_graphemes_max = 1'000;
inline constexpr std::size_t text_bytes_max = 16 * 1024;
inline constexpr Rate send_rate{.messages_max = 60, .window = Millis{60'000}};
inline constexpr std::uint32_t unread_max = 99;
inline constexpr Millis keys_kept{24LL * 3600 * 1000};
inline constexpr Millis events_kept{24LL * 3600 * 1000};

// Thread-safe; keeps nothing but what the store keeps.
class Service final : public MessagesAbsent {
public:
    Service(Store& store, accounts::Accounts& accounts, follows::Follows& follows, IdGenerator& ids,
            const Clock& clock)
        : store_(store), accounts_(accounts), follows_(follows), ids_(ids), clock_(clock) {}

    Result<Message> send(const Call& call, const SendRequest& request) override;
    Result<ConversationPage> conversations(const Call& call, const ConversationsRequest& request) override;
    Result<MessagePage> with(const Call& call, const WithRequest& request) override;
    Result<UnreadReply> mark_read(const Call& call, const MarkReadRequest& request) override;
    Result<UnreadReply> unread(const Call& call, const Empty& request) override;
    Result<Empty> delete_(const Call& call, const DeleteRequest& request) override;
    Result<EventsReply> events(const Call& call, const EventsRequest& request) override;
    Result<LastEventReply> last_event(const Call& call, const Empty& request) override;

    // Throws away what has been kept long enough. Called now and then by whoever runs the module.
    Result<void> sweep(const Call& call);
    // Lets everybody who waits for events go, now and from now on. Before the process ends.
    void end_waits() { happened_.end_waits(); }

private:
    // `conflict` (key_reused), or the message that the key stands for, or nothing when it is new.
    Result<std::optional<Message>> sent_before(const Call& call, UserId user, const Key& key);
    Result<void> may_write(const Call& call, UserId to);
    Error too_many(const Call& call, UserId user, Error error);

    Store& store_;
    accounts::Accounts& accounts_;
    follows::Follows& follows_;
    IdGenerator& ids_;
    const Clock& clock_;
    rpc::EventSource happened_;
};

}  // namespace jebi::messages
