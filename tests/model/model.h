// The whole of Twitter by the simplest rules there are: a few lists in memory, looked through from end to
// end.
//
// What people do happens at once, but for who is told of what: a notification is made a while after the act,
// and who blocks or mutes whom counts at that moment. Where somebody was hidden meanwhile, and is not any
// more, either is right (`doubtful`); settle() takes over what really became of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "modules/notifications/notifications.jebi.h"

namespace jebi::model {

using Id = std::uint64_t;
using Ids = std::vector<Id>;
using Pair = std::pair<Id, Id>;
using Kind = notifications::Notification;

struct Tweet {
    Id author = 0;
    Id reply_to = 0;
    Id repost_of = 0;
    bool deleted = false;  // a tombstone
    bool tagged = false;
    std::set<Id> mentioned{};
};

struct Notification {
    using Key = std::tuple<Id, Kind::Kind, Id, Id>;  // user, kind, actor, tweet
    Id user = 0;
    Kind::Kind kind = Kind::KIND_UNSPECIFIED;
    Id actor = 0;
    Id tweet = 0;
    bool doubtful = false;
    bool settled = false;
    bool read = false;
    Key key() const { return {user, kind, actor, tweet}; }
};

struct Message {
    Id id = 0;
    Id from = 0;
    Id to = 0;
    bool read = false;
    std::set<Id> seen_by{};
};

class Model {
public:
    // Relations.
    bool blocked(Id one, Id other) const;  // in either direction
    bool hidden(Id reader, Id other) const;
    void follow(Id user, Id target);
    void unfollow(Id user, Id target);
    void block(Id user, Id target);
    void mute(Id user, Id target);

    // Tweets.
    const Tweet* living(Id id) const;  // null: gone, or a tombstone
    Id original(Id id) const;          // of a repost, else the same
    void write(Id id, const Tweet& tweet);
    void edit(Id id, const std::set<Id>& mentioned, bool tagged);
    void remove(Id id);
    void like(Id user, Id id);
    void unlike(Id user, Id id);
    Id repost_by(Id user, Id id) const;  // 0: none

    // Somebody's account is deleted, and all that they have goes.
    void leave(Id user);

    // What is to be seen, newest first.
    Ids where(const std::function<bool(const Tweet&)>& is_wanted) const;
    Ids home(Id reader) const;
    Ids replies(Id id) const;  // oldest first, tombstones among them
    Ids ancestors(Id id) const;
    Ids descendants(Id id) const;
    Ids liked(Id user) const;

    // Messages.
    Ids conversation(Id owner, Id with) const;
    Ids partners(Id owner) const;
    std::size_t unread_conversations(Id owner) const;

    // All of the user's notifications have been made that there will be, and these are they: takes over what
    // became of the doubtful ones.
    void settle(Id user, const std::set<Notification::Key>& real);

    std::map<Pair, std::uint64_t> follows;  // to when it began
    std::set<Pair> blocks, mutes;
    std::map<Id, Tweet> tweets;
    std::vector<Pair> likes;  // (user, tweet), oldest first
    std::vector<Message> messages;
    std::vector<Notification> told;  // oldest first

private:
    enum class Told { surely, yes, perhaps };  // yes: unless the person is hidden before it is made
    void tell(Notification one);
    void tell_of_text(Id id, const Tweet& tweet, bool is_new);
    void take_back(const std::function<bool(const Notification&)>& is_taken);
    void hide(Id user, Id actor);
    void forget(Id id);

    std::uint64_t last_ = 0;
    std::map<Pair, Told> told_of_;  // (tweet, user)
};

}  // namespace jebi::model
