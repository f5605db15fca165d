#include "modules/web/mastodon/streaming_socket.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "kit/http/websocket.h"
#include "modules/web/mastodon/streams.h"

namespace jebi::web::mastodon {

namespace {

constexpr Millis looks_again_every{600'000};  // a feed's fiber, when nothing happens
constexpr Millis feeds_end_within{60'000};

// One client's connection.
class Connection {
public:
    Connection(http::WebSocket& socket, const Listener& listener) : socket_(socket), listener_(listener) {}
    // Feeds end soon: each of their calls has a deadline.
    ~Connection() {
        const auto feeds = std::exchange(feeds_, {});
        for (const auto& feed : feeds)
            feed->end();
        running_.close();
        [[maybe_unused]] const bool ended = running_.wait_until(in(feeds_end_within));
        assert(ended);
    }
    Connection(const Connection&) = delete;

    void subscribe(Stream stream) {
        const bool is_there =
            std::ranges::any_of(feeds_, [&](const auto& feed) { return feed->stream() == stream; });
        if (is_there) return;
        if (feeds_.size() >= streams_a_socket_max)
            return refuse(error(Code::exhausted, "Too many streams over one connection."));
        auto feed = Feed::open(listener_, std::move(stream));
        if (!feed) return refuse(feed.error());
        feeds_.push_back(*feed);
        start(*feed);
    }

    // Until the client or the server ends it.
    void run() {
        Deadline next_check = in(token_checked_every);
        while (true) {
            const auto message = socket_.receive(next_check);
            if (message) {
                take(*message);
            } else if (message.error().code != Code::deadline) {
                return;
            }
            if (std::chrono::steady_clock::now() < next_check) continue;
            if (!check_token(listener_))
                return socket_.close(http::CloseCode::policy, "The token has ended.");
            next_check = in(token_checked_every);
        }
    }

private:
    // {"type":"subscribe","stream":"user"}; what is none of these is told so.
    void take(const http::WebSocketMessage& message) {
        const auto said = json::parse(message.bytes);
        const auto text = [&](std::string_view name) -> std::string {
            const json::Value* const value = said ? said->find(name) : nullptr;
            return value != nullptr && value->text() != nullptr ? *value->text() : "";
        };
        const std::string type = text("type");
        Stream stream{text("stream"), text("tag")};
        if (type == "subscribe") return subscribe(std::move(stream));
        if (type == "unsubscribe") return unsubscribe(stream);
        refuse(error(Code::invalid, R"(A message is {"type":"subscribe","stream":"..."} or "unsubscribe".)"));
    }

    void unsubscribe(const Stream& stream) {
        const auto found =
            std::ranges::find_if(feeds_, [&](const auto& feed) { return feed->stream() == stream; });
        if (found == feeds_.end()) return;
        const auto feed = *found;
        feeds_.erase(found);
        feed->end();
    }

    void refuse(const Error& error) {
        json::Writer out;
        out.begin_object().key("error").string(error.message);
        out.key("status").integer(http::status_of(error.code)).end_object();
        static_cast<void>(socket_.send(out.take()));  // when it cannot be sent, receive() tells
    }

    // The fiber is on the connection's own loop, so nobody else touches what this object has.
    void start(const std::shared_ptr<Feed>& feed) {
        auto pass = std::make_shared<fiber::Gate::Pass>(running_.enter());
        fiber::spawn(*fiber::current_loop(), [this, kept = std::shared_ptr(feed), pass]() mutable {
            try {
                follow(*kept);
            } catch (...) {
                socket_.close(http::CloseCode::mistake);
            }
            kept.reset();
            pass.reset();
        });
    }

    void follow(Feed& feed) {
        while (true) {
            const auto event = feed.next(in(looks_again_every));
            if (!event) return feed_ended(feed);
            if (!*event) continue;
            if (!socket_.send(message_of(feed.stream(), **event))) return;
        }
    }

    // Not by unsubscribe(): then the client has missed something, and begins anew.
    void feed_ended(const Feed& feed) {
        const bool is_wanted =
            std::ranges::any_of(feeds_, [&](const auto& other) { return other.get() == &feed; });
        if (is_wanted) socket_.close(http::CloseCode::try_later, "Connect again.");
    }

    http::WebSocket& socket_;
    const Listener& listener_;
    std::vector<std::shared_ptr<Feed>> feeds_;
    fiber::Gate running_;
};

}  // namespace

api::Answer stream_over_a_socket(const api::Asked& asked) {
    TRY(const Listener listener, listener_of(asked));
    Stream first;
    TRY(first.name, asked.given.text("stream"));
    TRY(first.tag, asked.given.text("tag"));
    return http::websocket(asked.request, {.protocol = listener.protocol},
                           [listener, first](http::WebSocket& socket) {
                               Connection connection{socket, listener};
                               if (!first.name.empty()) connection.subscribe(first);
                               connection.run();
                           });
}

}  // namespace jebi::web::mastodon
