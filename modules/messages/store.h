// What messages need kept: all of the module's SQL.
#pragma once

#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"

namespace jebi::messages {

using MessageId = Id<struct MessageKind>;

struct StoredMessage {
    MessageId id;
    UserId from;
    UserId to;
    std::string text;
    WallMs created_ms = 0;
    bool read = false;  // by `to`
};

struct StoredConversation {
    UserId with;
    StoredMessage last;
    bool unread = false;
};

struct StoredEvent {
    std::uint64_t sequence = 0;
    StoredMessage message;
};

// An idempotency key with what it stands for. No key: no row is kept.
struct Key {
    std::string key;
    std::string digest;  // of the request; the same key with another digest is another request
};

struct KeptKey {
    std::string digest;
    MessageId message;
};

// At most so many messages by one person in such a time.
struct Rate {
    std::uint32_t messages_max;
    Millis window;
};

// Thread-safe. Errors as kit/sql/database.h has them, and those named here.
class Store {
public:
    explicit Store(sql::Room& room) : room_(room) {}

    // `conflict` with reason "key_seen" when the key was used; `exhausted` with reason "too_many" beyond the
    // rate; `not_found` with reason "no_such_user" when one of the two is gone.
    Result<void> send(const Call& call, const StoredMessage& message, const Key& key, const Rate& rate);
    Result<KeptKey> key(const Call& call, UserId user, const std::string& key);  // `not_found`
    Result<StoredMessage> by_id(const Call& call, MessageId id);                 // `not_found`
    // When the message was sent that is so many before the sender's last; 0: there is none.
    Result<WallMs> sent_ms(const Call& call, UserId sender, std::uint32_t back);

    // The owner's conversations whose last message is older than `before`, newest first.
    Result<std::vector<StoredConversation>> conversations(const Call& call, UserId owner,
                                                          std::uint64_t before, std::uint32_t limit);
    // What the owner sees of a conversation, newest first.
    Result<std::vector<StoredMessage>> with(const Call& call, UserId owner, UserId with, std::uint64_t before,
                                            std::uint32_t limit);
    // The position never goes back, and never beyond what has come in.
    Result<void> mark_read(const Call& call, UserId owner, UserId with, MessageId up_to);
    // In how many conversations something is unread; stops counting at `max`.
    Result<std::uint32_t> unread(const Call& call, UserId owner, std::uint32_t max);
    // Out of the owner's view; fine when there is nothing.
    Result<void> hide_message(const Call& call, UserId owner, UserId with, MessageId message);
    Result<void> hide_conversation(const Call& call, UserId owner, UserId with);
    // Removes at most `rows_max` messages that neither of the two sees any more. True: there may be more.
    Result<bool> remove_unseen(const Call& call, UserId one, UserId other, std::uint32_t rows_max);

    Result<std::vector<StoredEvent>> events(const Call& call, std::uint64_t after, std::uint32_t limit);
    Result<std::uint64_t> last_event(const Call& call);

    // How far the accounts' events have been followed.
    Result<std::uint64_t> accounts_position(const Call& call);
    Result<void> move_accounts_position(const Call& call, std::uint64_t sequence);
    // From now on nobody sends to or as this person.
    Result<void> refuse_person(const Call& call, UserId person);
    // Removes at most `rows_max` rows of each kind that have to do with the person. True: there may be more.
    Result<bool> forget_some(const Call& call, UserId person, std::uint32_t rows_max);

    // Throws away keys and events from before these times.
    Result<void> sweep(const Call& call, WallMs keys_before_ms, WallMs events_before_ms);
    // The highest id in use, 0 when there is none.
    Result<std::uint64_t> highest_id(const Call& call);

private:
    sql::Room& room_;
};

}  // namespace jebi::messages
