#include "modules/tweets/service.h"

#include <algorithm>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/tweets/text/text.h"

namespace jebi::tweets {

namespace {

constexpr std::uint32_t events_max = 1'000;
constexpr std::uint32_t counts_max = 100;
constexpr Millis events_wait_max{5'000};
constexpr std::size_t hashtag_bytes_max = 1'000;

std::unexpected<Error> refuse_text(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at("text"));
}

// The text as it is kept, or why it cannot be.
Result<std::string> checked_text(const std::string& given) {
    if (given.size() > text_bytes_max)
        return refuse_text("A tweet has at most 280 characters.", "text_too_long");
    if (!is_utf8(given)) return refuse_text("The text is not valid UTF-8.", "text_invalid");
    const std::string text = nfc(trimmed(given));
    if (text.empty()) return refuse_text("A tweet needs some text.", "text_empty");
    if (text.find('\0') != std::string::npos)
        return refuse_text("The text is not valid UTF-8.", "text_invalid");
    if (const auto weighs = weight(text); weighs > weight_max) {
        return refuse_text(
            "A tweet has at most 280 characters; this one counts " + std::to_string(weighs) + ".",
            "text_too_long");
    }
    return text;
}

std::vector<std::string> hashtags_of(const std::string& text) {
    std::vector<std::string> all;
    for (const TextEntity& entity : entities(text)) {
        if (entity.kind == TextEntity::Kind::hashtag) all.push_back(folded(entity.value));
    }
    std::erase(all, "");  // of invisible characters only
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

Entity::Kind kind_of(TextEntity::Kind kind) {
    switch (kind) {
        case TextEntity::Kind::hashtag:
            return Entity::KIND_HASHTAG;
        case TextEntity::Kind::mention:
            return Entity::KIND_MENTION;
        case TextEntity::Kind::link:
            return Entity::KIND_LINK;
    }
    return Entity::KIND_UNSPECIFIED;
}

Tweet message_of(const StoredTweet& stored) {
    Tweet tweet;
    tweet.set_id(stored.id.value);
    tweet.set_author_id(stored.author.value);
    tweet.set_text(stored.text);
    tweet.set_created_ms(stored.created_ms);
    tweet.set_edited_ms(stored.edited_ms);
    for (TextEntity& found : entities(stored.text)) {
        Entity& entity = *tweet.add_entities();
        entity.set_kind(kind_of(found.kind));
        entity.set_begin(found.begin);
        entity.set_end(found.end);
        entity.set_value(std::move(found.value));
    }
    return tweet;
}

// What a Position asks for, with one tweet more than is shown: it tells whether there is a next page.
Result<Store::Slice> slice_of(const Position& position) {
    const std::uint32_t limit = position.limit() == 0 ? page_size : position.limit();
    if (limit > page_size_max) {
        return fail(error(Code::invalid, "A page has at most 100 tweets.").because("bad_page").at("limit"));
    }
    if (position.page() > page_max) {
        return fail(error(Code::invalid, "There are at most 1000 pages; go on with a cursor.")
                        .because("bad_page")
                        .at("page"));
    }
    Store::Slice slice{.limit = limit + 1};
    if (position.cursor() != 0) {
        slice.before = std::min<std::uint64_t>(position.cursor(), INT64_MAX);
    } else if (position.page() > 1) {
        slice.offset = (position.page() - 1) * limit;
    }
    return slice;
}

TweetPage page_of(const std::vector<StoredTweet>& tweets, const Store::Slice& slice) {
    TweetPage page;
    const std::size_t shown = std::min<std::size_t>(tweets.size(), slice.limit - 1);
    for (std::size_t i = 0; i < shown; ++i)
        *page.add_tweets() = message_of(tweets[i]);
    if (tweets.size() > shown) page.set_next_cursor(tweets[shown - 1].id.value);
    return page;
}

bool wants_total(const Position& position) {
    return position.cursor() == 0 && position.page() > 0;
}

Event event_message(const StoredEvent& stored) {
    Event event;
    event.set_sequence(stored.sequence);
    event.set_at_ms(stored.at_ms);
    if (stored.kind == "written") {
        *event.mutable_written() = message_of(stored.tweet);
    } else if (stored.kind == "edited") {
        *event.mutable_edited() = message_of(stored.tweet);
    } else {
        event.mutable_deleted()->set_id(stored.tweet.id.value);
        event.mutable_deleted()->set_author_id(stored.tweet.author.value);
    }
    return event;
}

Result<Key> key_of(const Call& call, const std::string& text) {
    if (call.idempotency_key.size() > Call::idempotency_key_bytes_max || !is_utf8(call.idempotency_key)) {
        return fail(error(Code::invalid, "An idempotency key has at most 128 bytes.").because("bad_key"));
    }
    return Key{call.idempotency_key, hex(bytes_of(sha256(text)))};
}

}  // namespace

Result<Tweet> Service::write(const Call& call, const WriteRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const std::string text, checked_text(request.text()));
    TRY(const Key key, key_of(call, text));
    const StoredTweet tweet{
        .id = TweetId{ids_.next()}, .author = me, .text = text, .created_ms = clock_.wall_ms()};
    const auto written = store_.write(call, tweet, hashtags_of(text), key);
    if (!written && written.error().reason == "key_seen") return written_before(call, me, key);
    TRY_VOID(written);
    happened_.tell();
    return message_of(tweet);
}

Result<Tweet> Service::written_before(const Call& call, UserId user, const Key& key) {
    TRY(const KeptKey kept, store_.key(call, user, key.key));
    if (kept.digest != key.digest) {
        return fail(
            error(Code::conflict, "This idempotency key was used for another tweet.").because("key_reused"));
    }
    TRY(const StoredTweet tweet, store_.by_id(call, kept.tweet));
    return message_of(tweet);
}

Result<StoredTweet> Service::own(const Call& call, TweetId id) {
    TRY(const UserId me, signed_in(call));
    TRY(StoredTweet tweet, store_.by_id(call, id));
    if (tweet.author != me) {
        return fail(error(Code::forbidden, "Only its author may change a tweet.").because("not_yours"));
    }
    return tweet;
}

Result<Tweet> Service::edit(const Call& call, const EditRequest& request) {
    TRY(StoredTweet tweet, own(call, TweetId{request.id()}));
    TRY(std::string text, checked_text(request.text()));
    if (text == tweet.text) return message_of(tweet);
    tweet.text = std::move(text);
    tweet.edited_ms = clock_.wall_ms();
    TRY_VOID(store_.edit(call, tweet, hashtags_of(tweet.text)));
    happened_.tell();
    return message_of(tweet);
}

Result<Empty> Service::delete_(const Call& call, const DeleteRequest& request) {
    TRY(const StoredTweet tweet, own(call, TweetId{request.id()}));
    TRY_VOID(store_.remove(call, tweet, clock_.wall_ms()));
    happened_.tell();
    return Empty{};
}

Result<Tweet> Service::by_id(const Call& call, const ByIdRequest& request) {
    TRY(const StoredTweet tweet, store_.by_id(call, TweetId{request.id()}));
    return message_of(tweet);
}

Result<TweetPage> Service::all(const Call& call, const AllRequest& request) {
    TRY(const auto slice, slice_of(request.position()));
    TRY(const auto tweets, store_.all(call, slice));
    TweetPage page = page_of(tweets, slice);
    if (wants_total(request.position())) {
        TRY(const auto total, store_.count(call, UserId{}));
        page.set_total(total);
    }
    return page;
}

Result<TweetPage> Service::by_author(const Call& call, const ByAuthorRequest& request) {
    TRY(const auto slice, slice_of(request.position()));
    const UserId author{request.author_id()};
    TRY(const auto tweets, store_.by_author(call, author, slice));
    TweetPage page = page_of(tweets, slice);
    if (wants_total(request.position())) {
        TRY(const auto total, store_.count(call, author));
        page.set_total(total);
    }
    return page;
}

Result<TweetPage> Service::by_hashtag(const Call& call, const ByHashtagRequest& request) {
    TRY(const auto slice, slice_of(request.position()));
    std::string_view given = request.hashtag();
    if (given.size() > hashtag_bytes_max || !is_utf8(given)) return TweetPage{};
    for (const std::string_view sign : {"#", "＃"}) {
        if (given.starts_with(sign)) given.remove_prefix(sign.size());
    }
    const std::string hashtag = folded(given);
    TRY(const auto tweets, store_.by_hashtag(call, hashtag, slice));
    TweetPage page = page_of(tweets, slice);
    if (wants_total(request.position())) {
        TRY(const auto total, store_.count_of_hashtag(call, hashtag));
        page.set_total(total);
    }
    return page;
}

Result<CountsReply> Service::counts(const Call& call, const CountsRequest& request) {
    if (request.author_ids_size() > static_cast<int>(counts_max)) {
        return fail(error(Code::invalid, "At most 100 authors can be asked for at once.").at("author_ids"));
    }
    CountsReply reply;
    for (const std::uint64_t author : request.author_ids()) {
        TRY(const auto count, store_.count(call, UserId{author}));
        reply.add_counts(count);
    }
    return reply;
}

Result<MeasureReply> Service::measure(const Call&, const MeasureRequest& request) {
    MeasureReply reply;
    reply.set_weight_max(weight_max);
    const std::string& given = request.text();
    reply.set_valid(checked_text(given).has_value());
    if (given.size() <= text_bytes_max && is_utf8(given)) reply.set_weight(weight(nfc(trimmed(given))));
    return reply;
}

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    if (request.limit() == 0 || request.limit() > events_max) {
        return fail(error(Code::invalid, "The limit is from 1 to 1000.").at("limit"));
    }
    const Deadline until = std::min(call.until, in(std::min(Millis{request.wait_ms()}, events_wait_max)));
    while (true) {
        const fiber::Event next = happened_.next();
        TRY(const auto events, store_.events(call, request.after(), request.limit()));
        EventsReply reply;
        for (const StoredEvent& event : events)
            *reply.add_events() = event_message(event);
        if (reply.events_size() > 0 || !next.wait_until(until)) return reply;
    }
}

Result<void> Service::sweep(const Call& call) {
    const WallMs now = clock_.wall_ms();
    return store_.sweep(call, now - keys_kept.count(), now - events_kept.count());
}

}  // namespace jebi::tweets
