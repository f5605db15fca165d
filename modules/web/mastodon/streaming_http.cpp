#include "modules/web/mastodon/streaming_http.h"

#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/streaming_socket.h"
#include "modules/web/mastodon/streams.h"

namespace jebi::web::mastodon {

namespace {

constexpr Millis thump_every{15'000};

// JSON has no line ends, and an id has none, so one "data:" is enough. No empty line follows a comment:
// Mastodon.py takes it for the end of an event.
void tell(http::BodyWriter& out, const Listener& listener, Feed& feed) {
    if (!out.write(":)\n")) return;
    Deadline next_check = in(token_checked_every);
    while (true) {
        const auto event = feed.next(in(thump_every));
        if (!event) return;
        const std::string piece =
            *event ? "event: " + std::string((*event)->name) + "\ndata: " + (*event)->payload + "\n\n"
                   : ":thump\n";
        if (!out.write(piece)) return;
        if (std::chrono::steady_clock::now() < next_check) continue;
        if (!check_token(listener)) return;
        next_check = in(token_checked_every);
    }
}

Answer stream(const Asked& asked, std::string name) {
    TRY(const Listener listener, listener_of(asked));
    Stream stream{std::move(name)};
    TRY(stream.tag, asked.given.text("tag"));
    TRY(const auto feed, Feed::open(listener, std::move(stream)));
    http::Response response;
    response.fields.add("Content-Type", "text/event-stream");
    response.fields.add("Cache-Control", "private, no-store");
    response.stream = [listener, feed](http::BodyWriter& out) { tell(out, listener, *feed); };
    return response;
}

// "/api/v1/streaming/user/notification" -> "user:notification".
Answer stream_of_the_path(const Asked& asked) {
    std::string name{asked.request.route.substr(std::string_view("/api/v1/streaming/").size())};
    std::ranges::replace(name, '/', ':');
    return stream(asked, std::move(name));
}

Answer health(const Asked&) {
    return http::Response::text(200, "OK");
}

Operation over_http(std::string_view pattern, std::string_view id, std::string_view summary) {
    Operation operation =
        reading("streaming", {pattern,
                              id,
                              summary,
                              stream_of_the_path,
                              "",
                              "",
                              {{"access_token", "The token, where no Authorization field can be sent."}}});
    if (pattern.contains("hashtag"))
        operation.parameters.push_back({"tag", "The hashtag.", Kind::text, true});
    return operation;
}

Operation over_a_socket(std::string_view pattern, std::string_view id) {
    return reading("streaming",
                   {pattern,
                    id,
                    "A WebSocket for any number of streams.",
                    stream_over_a_socket,
                    "",
                    "",
                    {{"stream", "The first: user, user:notification, public, hashtag, ..."},
                     {"tag", "The hashtag."},
                     {"access_token", "The token; it may be the WebSocket's subprotocol instead."}}});
}

}  // namespace

std::vector<Operation> streaming_operations() {
    return {
        over_a_socket("/api/v1/streaming", "stream"),
        over_a_socket("/api/v1/streaming/", "streamWithSlash"),
        over_http("/api/v1/streaming/user", "streamUser", "One's home and notifications."),
        over_http("/api/v1/streaming/user/notification", "streamNotifications", "One's notifications."),
        over_http("/api/v1/streaming/public", "streamPublic", "Everybody's tweets."),
        over_http("/api/v1/streaming/public/local", "streamPublicLocal", "The same: everybody is local."),
        over_http("/api/v1/streaming/public/remote", "streamPublicRemote", "Nothing: jebi stands alone."),
        over_http("/api/v1/streaming/hashtag", "streamHashtag", "Tweets with a hashtag."),
        over_http("/api/v1/streaming/hashtag/local", "streamHashtagLocal", "The same."),
        over_http("/api/v1/streaming/direct", "streamDirect", "Nothing: messages are at /api/v1/messages."),
        reading("streaming", {"/api/v1/streaming/health", "streamingHealth", "OK.", health}),
    };
}

}  // namespace jebi::web::mastodon
