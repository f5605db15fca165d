// What happens, as it happens, in Mastodon's words (https://docs.joinmastodon.org/methods/streaming/): which
// streams there are, who listens, and events as text. The connections are in streaming_socket.cpp and
// streaming_http.cpp.
//
//   user               one's home and what others did          user:notification   only the latter
//   public, :local     everybody's tweets, as on their list    hashtag, :local     those with one hashtag
//   public:remote, public:media (and both), hashtag:remote, direct: there, and silent, as there is nothing
//   such here
#pragma once

#include "modules/web/api/operation.h"
#include "modules/web/hub.h"

namespace jebi::web::mastodon {

struct Stream {
    std::string name;
    std::string tag{};  // of a hashtag's, without '#'

    bool operator==(const Stream&) const = default;
};

// Outlives the request that it came with.
struct Listener {
    const Site& site;
    std::string origin;
    UserId user{};           // none: a visitor, or a program of its own
    std::string token;       // empty: none
    std::string scopes{};    // empty: a session, which may do everything
    std::string protocol{};  // the token, when it was offered as WebSocket's subprotocol
};

// The token is in the Authorization field, in "access_token", or is the WebSocket's subprotocol.
// `unauthenticated` for a wrong one.
Result<Listener> listener_of(const api::Asked& asked);
// Asks again whether the token is still good.
Result<void> check_token(const Listener& listener);
inline constexpr Millis token_checked_every{60'000};  // so long a stream outlives its token at most

// One stream of one listener. Its reader is one fiber at a time.
class Feed {
public:
    // `not_found` for a stream that is none, `invalid` without a hashtag, `unauthenticated` and `forbidden`
    // for one's own without a token or its scope; `exhausted` beyond the hub's bounds.
    static Result<std::shared_ptr<Feed>> open(const Listener& listener, Stream stream);

    struct Event {
        std::string_view name;  // "update"
        std::string payload;    // JSON, or an id
    };
    // The next one that this listener is to see; nothing when none came until then. `unavailable` when it has
    // ended.
    Result<std::optional<Event>> next(Deadline until);
    // Whoever waits in next() is told that it has ended. Thread-safe.
    void end() const { subscription_->cut(); }

    const Stream& stream() const { return stream_; }

private:
    Feed(const Listener& listener, Stream stream, std::unique_ptr<Subscription> subscription)
        : listener_(listener), stream_(std::move(stream)), subscription_(std::move(subscription)) {}

    std::optional<Event> event_of(const Happened& happened) const;
    std::optional<Event> told(const Call& call, const tweets::Tweet& tweet, std::string_view name) const;
    std::optional<Event> told(const Call& call, const notifications::Notification& notification) const;

    const Listener listener_;
    const Stream stream_;
    std::unique_ptr<Subscription> subscription_;
};

// {"stream":["hashtag","제비"],"event":"update","payload":"..."}: what a WebSocket is sent.
std::string message_of(const Stream& stream, const Feed::Event& event);

}  // namespace jebi::web::mastodon
