#include "modules/web/mastodon/streams.h"

#include <algorithm>
#include <array>

#include "kit/base/unicode.h"
#include "kit/http/websocket.h"
#include "modules/web/mastodon/entities.h"
#include "modules/web/mastodon/notification_entities.h"

namespace jebi::web::mastodon {

namespace {

constexpr std::array<std::string_view, 7> silent{"public:media",        "public:local:media", "public:remote",
                                                 "public:remote:media", "hashtag:remote",     "direct",
                                                 "user:direct"};
constexpr std::size_t tag_bytes_max = 1'120;  // 280 characters of four bytes

bool is_of_hashtag(std::string_view name) {
    return name == "hashtag" || name == "hashtag:local";
}
bool is_of_everybody(std::string_view name) {
    return name == "public" || name == "public:local";
}
bool is_ones_own(std::string_view name) {
    return name == "user" || name == "user:notification" || name == "direct" || name == "user:direct";
}

Result<void> check_allowed(const Listener& listener, std::string_view name) {
    if (!is_ones_own(name)) return {};
    if (!listener.user)
        return fail(error(Code::unauthenticated, "This stream is for people: send their token.")
                        .because("sign_in_first"));
    const std::string_view scope = name == "user:notification" ? "read:notifications" : "read:statuses";
    if (api::holds(listener.scopes, scope)) return {};
    return fail(error(Code::forbidden, "This token lacks the scope " + std::string(scope) + ".")
                    .because("scope_missing"));
}

Result<Wanted> wanted_of(const Listener& listener, const Stream& stream) {
    Wanted wanted{.user = listener.user};
    wanted.home = stream.name == "user";
    wanted.notifications = (stream.name == "user" && api::holds(listener.scopes, "read:notifications")) ||
                           stream.name == "user:notification";
    wanted.everybody = is_of_everybody(stream.name);
    if (is_of_hashtag(stream.name)) {
        if (stream.tag.empty() || stream.tag.size() > tag_bytes_max)
            return fail(error(Code::invalid, "\"tag\" must be a hashtag.").at("tag"));
        wanted.hashtag = stream.tag;
    }
    return wanted;
}

bool is_a_stream(std::string_view name) {
    return is_of_hashtag(name) || is_of_everybody(name) || is_ones_own(name) ||
           std::ranges::find(silent, name) != silent.end();
}

// The public list has no reposts and no replies, and so has its stream.
bool fits(const Stream& stream, const tweets::Tweet& tweet) {
    return !is_of_everybody(stream.name) || (tweet.repost_of_id() == 0 && tweet.reply_to_id() == 0);
}

// A browser cannot set header fields for a WebSocket, so the token stands where a protocol's name would.
std::string offered_token(const http::Request& request) {
    const auto offered = http::offered_protocols(request);
    return offered.empty() ? "" : std::string(offered.front());
}

Call call_for(const Listener& listener) {
    return {.user = listener.user, .until = in(request_max), .trace = Trace::start()};
}

}  // namespace

Result<Listener> listener_of(const api::Asked& asked) {
    Listener listener{.site = asked.site, .origin = asked.origin(), .token = asked.token};
    if (!asked.token.empty()) {
        listener.user = asked.call.user;
        listener.scopes = asked.scopes;
        return listener;
    }
    TRY(listener.token, asked.given.text("access_token"));
    if (listener.token.empty()) {
        listener.token = offered_token(asked.request);
        listener.protocol = listener.token;
    }
    if (listener.token.empty()) return listener;
    accounts::AuthenticateRequest request;
    request.set_token(listener.token);
    TRY(const auto reply, asked.site.accounts.authenticate(asked.call, request));
    listener.user = UserId{reply.user().id()};
    listener.scopes = reply.scopes();
    return listener;
}

Result<void> check_token(const Listener& listener) {
    if (listener.token.empty()) return {};
    accounts::AuthenticateRequest request;
    request.set_token(listener.token);
    const auto reply = listener.site.accounts.authenticate(call_for(listener), request);
    // While nobody can tell, what has begun goes on.
    if (!reply && reply.error().code == Code::unauthenticated) return std::unexpected(reply.error());
    return {};
}

Result<std::shared_ptr<Feed>> Feed::open(const Listener& listener, Stream stream) {
    if (stream.tag.starts_with('#')) stream.tag.erase(0, 1);
    if (!is_a_stream(stream.name))
        return fail(
            error(Code::not_found, "There is no such stream.").because("no_such_stream").at("stream"));
    TRY_VOID(check_allowed(listener, stream.name));
    TRY(auto wanted, wanted_of(listener, stream));
    TRY(auto subscription, listener.site.hub.subscribe(std::move(wanted)));
    return std::shared_ptr<Feed>(new Feed(listener, std::move(stream), std::move(subscription)));
}

Result<std::optional<Feed::Event>> Feed::next(Deadline until) {
    while (true) {
        TRY(const auto happened, subscription_->next(until));
        if (happened == nullptr) return std::nullopt;
        if (auto event = event_of(*happened)) return event;
    }
}

std::optional<Feed::Event> Feed::event_of(const Happened& happened) const {
    const Call call = call_for(listener_);
    if (const auto* written = std::get_if<TweetWritten>(&happened))
        return told(call, written->tweet, "update");
    if (const auto* edited = std::get_if<TweetEdited>(&happened))
        return told(call, edited->tweet, "status.update");
    if (const auto* deleted = std::get_if<tweets::TweetDeleted>(&happened))
        return Event{"delete", std::to_string(deleted->id())};
    if (const auto* notification = std::get_if<notifications::Notification>(&happened))
        return told(call, *notification);
    return std::nullopt;
}

std::optional<Feed::Event> Feed::told(const Call& call, const tweets::Tweet& tweet,
                                      std::string_view name) const {
    if (!fits(stream_, tweet)) return std::nullopt;
    const auto posts = posts_of(listener_.site, call, std::vector{tweet}, {.with_beside = true});
    if (!posts || posts->list.empty()) return std::nullopt;  // not for this listener, or nobody can tell
    Entities entities{listener_.site, call, listener_.origin};
    entities.need(*posts);
    entities.load();
    json::Writer out;
    entities.write(out, posts->list.front());
    return Event{name, out.take()};
}

std::optional<Feed::Event> Feed::told(const Call& call,
                                      const notifications::Notification& notification) const {
    const std::array all{&notification};
    NotificationEntities entities{listener_.site, call, listener_.origin};
    if (!entities.load(all)) return std::nullopt;
    json::Writer out;
    if (!entities.write(out, notification)) return std::nullopt;
    return Event{"notification", out.take()};
}

std::string message_of(const Stream& stream, const Feed::Event& event) {
    json::Writer out;
    out.begin_object().key("stream").begin_array().string(stream.name);
    if (!stream.tag.empty()) out.string(stream.tag);
    out.end_array().key("event").string(event.name).key("payload").string(event.payload).end_object();
    return out.take();
}

}  // namespace jebi::web::mastodon
