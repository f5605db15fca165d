// What happens right now, told to those who are connected: pages (server-sent events) and streaming clients.
//
// One job a module follows the events of tweets, notifications and messages from the moment the process
// began; each event goes to the subscriptions it concerns:
//
//   home           tweets, edits and deletions by whom the subscriber follows and by themselves
//   everybody      tweets, edits and deletions by anybody, reposts too
//   hashtag        tweets with that hashtag
//   notifications  what others did that concerns the subscriber
//   messages       messages to and from the subscriber
//
// An event tells that something has happened, and no more: who shows it to somebody reads it as for a list
// (reading.h), where blocks count. Nothing is kept: who was away asks the lists. Deletions come with `home`
// to followers of now, also of tweets from before they followed.
//
// A subscription holds at most `queue_max` events; one whose reader does not keep up is cut, and so are all
// when the hub ends. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "kit/base/call.h"
#include "kit/fiber/fiber.h"
#include "modules/follows/follows.jebi.h"
#include "modules/messages/messages.jebi.h"
#include "modules/notifications/notifications.jebi.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::web {

struct TweetWritten {
    tweets::Tweet tweet;  // as it was then
};
struct TweetEdited {
    tweets::Tweet tweet;
};
// One event of the hub. The same one stands in many queues.
using Happened = std::variant<TweetWritten, TweetEdited, tweets::TweetDeleted, notifications::Notification,
                              messages::Message>;

struct Wanted {
    UserId user{};  // whose home, notifications and messages
    bool home = false;
    bool notifications = false;
    bool messages = false;
    bool everybody = false;
    std::string hashtag{};  // with or without '#'; empty: none
};

class Hub;

// One reader's events. Ends before the hub.
class Subscription {
public:
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    // The next event; null when nothing came until then. `unavailable` when the subscription was cut: the
    // reader begins anew. One reader at a time; waits on a fiber or a plain thread.
    Result<std::shared_ptr<const Happened>> next(Deadline until);

    // Whoever waits in next() is told `unavailable`, and so is who asks later. Thread-safe.
    void cut();

    static constexpr std::size_t queue_max = 200;

private:
    friend class Hub;
    Subscription(Hub& hub, Wanted wanted);
    void put(const std::shared_ptr<const Happened>& happened);

    Hub& hub_;
    const Wanted wanted_;
    std::mutex mutex_;  // of the rest; held for a moment only, never across a wait
    std::deque<std::shared_ptr<const Happened>> queue_;
    fiber::Event arrived_;
    bool cut_ = false;
};

class Hub {
public:
    // All of them outlive the hub.
    Hub(tweets::Tweets& tweets, follows::Follows& follows, notifications::Notifications& notifications,
        messages::Messages& messages)
        : tweets_(tweets), follows_(follows), notifications_(notifications), messages_(messages) {}

    static constexpr std::size_t subscriptions_max = 20'000;
    static constexpr std::size_t subscriptions_a_user_max = 50;

    // `exhausted` beyond the bounds, `unavailable` after the end.
    Result<std::unique_ptr<Subscription>> subscribe(Wanted wanted);
    std::size_t subscriptions() const;

    // The jobs that are repeated, each on its own: tell what has happened since the last run, wait for more,
    // until the call's time is nearly up. What a module cannot tell now is told when it can.
    Result<void> follow_tweets(const Call& call);
    Result<void> follow_notifications(const Call& call);
    Result<void> follow_messages(const Call& call);

    // Cuts all subscriptions and lets no new ones in; the jobs end with their next answer.
    void end();

private:
    friend class Subscription;
    using Happening = std::shared_ptr<const Happened>;
    struct Position {
        std::atomic<bool> known = false;
        std::uint64_t after = 0;
    };

    template <typename Request, typename Module, typename Tell>
    Result<void> follow(Module& module, Position& position, const Call& call, Tell tell);
    void tell(const Call& call, const tweets::Event& event);
    void tell(const notifications::Notification& notification);
    void tell(const messages::Message& message);
    void tell_tweet(const Call& call, std::uint64_t author, const tweets::Tweet* with_hashtags,
                    const Happening& happening);
    std::vector<std::uint64_t> at_home() const;
    std::vector<std::uint64_t> concerned(const Call& call, std::uint64_t author) const;
    template <typename Which>
    void put(const Happening& happening, Which which) const;
    void leave(const Subscription& subscription);

    tweets::Tweets& tweets_;
    follows::Follows& follows_;
    notifications::Notifications& notifications_;
    messages::Messages& messages_;
    Position of_tweets_, of_notifications_, of_messages_;

    mutable std::mutex mutex_;  // of the next two
    std::vector<Subscription*> all_;
    std::unordered_map<std::uint64_t, std::size_t> of_user_;
    std::atomic<bool> ended_ = false;
};

}  // namespace jebi::web
