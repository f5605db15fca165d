#include "modules/tweets/service.h"

#include <algorithm>
#include <cstring>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/tweets/service_parts.h"
#include "modules/tweets/text/text.h"

namespace jebi::tweets {

namespace {

std::unexpected<Error> refuse_text(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at("text"));
}

// The text as it is kept, or why it cannot be.
Result<std::string> checked_text(const std::string& given) {
    if (given.size() > text_bytes_max)
        return refuse_text("A tweet has at most 280 characters.", "text_too_long");
    if (!is_utf8(given)) return refuse_text("The text is not valid UTF-8.", "text_invalid");
    const std::string text = nfc(trimmed(given));
    if (is_blank(text)) return refuse_text("A tweet needs some text.", "text_empty");
    if (text.find('\0') != std::string::npos)
        return refuse_text("The text is not valid UTF-8.", "text_invalid");
    if (const auto weighs = weight(text); weighs > weight_max) {
        return refuse_text(
            "A tweet has at most 280 characters; this one counts " + std::to_string(weighs) + ".",
            "text_too_long");
    }
    return text;
}

std::vector<Hashtag> hashtags_of(const std::string& text) {
    std::vector<Hashtag> all;
    for (const TextEntity& entity : entities(text)) {
        if (entity.kind == TextEntity::Kind::hashtag) all.push_back({folded(entity.value), entity.value});
    }
    std::erase_if(all,
                  [](const Hashtag& one) { return one.folded.empty(); });  // of invisible characters only
    std::ranges::stable_sort(all, {}, &Hashtag::folded);
    all.erase(std::ranges::unique(all, {}, &Hashtag::folded).begin(), all.end());
    return all;
}

Result<Key> key_of(const Call& call, const std::string& text, std::uint64_t reply_to) {
    if (call.idempotency_key.size() > Call::idempotency_key_bytes_max || !is_utf8(call.idempotency_key)) {
        return fail(error(Code::invalid, "An idempotency key has at most 128 bytes.").because("bad_key"));
    }
    std::string asked = text;
    if (reply_to != 0) asked.append(1, '\0').append(std::to_string(reply_to));  // no text has a '\0'
    return Key{call.idempotency_key, hex(bytes_of(sha256(asked)))};
}

// The low bits of an id of the past: the same ones for the same key, so that no key makes two tweets.
std::uint64_t chance_of(UserId user, const std::string& key) {
    const std::string bytes = key.empty()
                                  ? random_bytes(sizeof(std::uint64_t))
                                  : std::string(bytes_of(sha256(std::to_string(user.value) + " " + key)));
    std::uint64_t chance = 0;
    std::memcpy(&chance, bytes.data(), sizeof chance);
    return chance;
}

}  // namespace

// A new tweet, before it answers anything.
Result<StoredTweet> Service::begun(UserId author, const std::string& text, const std::string& key,
                                   WallMs written_ms) {
    const WallMs now = clock_.wall_ms();
    StoredTweet tweet{.author = author, .text = text, .created_ms = now};
    if (written_ms == 0) {
        tweet.id = TweetId{ids_.next()};
    } else {
        if (id_before(written_ms) == 0 || written_ms > now)
            return fail(error(Code::invalid, "That is no time of the past.")
                            .because("out_of_range")
                            .at("written_ms"));
        tweet.id = TweetId{id_within(written_ms, chance_of(author, key))};
        tweet.created_ms = written_ms;
        tweet.edited_ms = now;
    }
    tweet.thread = tweet.id;
    return tweet;
}

Result<Tweet> Service::write(const Call& call, const WriteRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const std::string text, checked_text(request.text()));
    TRY(const Key key, key_of(call, text, request.reply_to_id()));
    TRY(StoredTweet tweet, begun(me, text, key.key, request.written_ms()));
    if (request.reply_to_id() != 0) {
        // What it replied to, and whether it might, may have changed since it was first sent.
        if (!key.key.empty() && store_.key(call, me, key.key)) return written_before(call, me, key);
        TRY_VOID(reply(call, tweet, TweetId{request.reply_to_id()}));
    }
    const auto written = store_.write(call, tweet, hashtags_of(text), key);
    if (has_reason(written, "key_seen")) return written_before(call, me, key);
    if (has_reason(written, "id_taken")) return brought_before(call, tweet);
    TRY_VOID(written);
    happened_.tell();
    return message_of(std::move(tweet));
}

Result<Tweet> Service::written_before(const Call& call, UserId user, const Key& key) {
    TRY(const KeptKey kept, store_.key(call, user, key.key));
    if (kept.digest != key.digest) {
        return fail(
            error(Code::conflict, "This idempotency key was used for another tweet.").because("key_reused"));
    }
    TRY(StoredTweet tweet, store_.by_id(call, kept.tweet));
    return message_of(std::move(tweet));
}

// Its key is forgotten, but its id tells.
Result<Tweet> Service::brought_before(const Call& call, const StoredTweet& tweet) {
    TRY(StoredTweet there, store_.by_id(call, tweet.id));
    if (there.author != tweet.author || there.text != tweet.text)
        return fail(error(Code::conflict, "Another tweet stands there.").because("id_taken"));
    return message_of(std::move(there));
}

Result<void> Service::reply(const Call& call, StoredTweet& tweet, TweetId to) {
    TRY(const StoredTweet target, original(call, to));
    TRY_VOID(refuse_blocked(call, target.author));
    tweet.reply_to = target.id;
    tweet.reply_to_author = target.author;
    tweet.thread = target.thread;
    return {};
}

Result<StoredTweet> Service::own(const Call& call, TweetId id) {
    TRY(const UserId me, signed_in(call));
    TRY(StoredTweet tweet, store_.by_id(call, id));
    if (tweet.author != me) {
        return fail(error(Code::forbidden, "Only its author may change a tweet.").because("not_yours"));
    }
    return tweet;
}

Result<StoredTweet> Service::original(const Call& call, TweetId id) {
    TRY(StoredTweet tweet, store_.by_id(call, id));
    if (tweet.repost_of) return store_.by_id(call, tweet.repost_of);
    return tweet;
}

Result<void> Service::refuse_blocked(const Call& call, UserId author) {
    if (author == call.user) return {};
    follows::UserIdsRequest request;
    request.add_user_ids(author.value);
    const auto reply = follows_.relationships(call, request);
    if (!reply || reply->relationships_size() != 1) {
        return fail(error(Code::unavailable,
                          "It cannot be said right now whether you may do this. Please try again soon.")
                        .because("blocks_unknown")
                        .after_s(1)
                        .detailed(reply ? "follows told nothing of the author" : reply.error().message));
    }
    const follows::Relationship& found = reply->relationships(0);
    if (!found.blocking() && !found.blocked_by()) return {};
    return fail(error(Code::forbidden, "You and the author of this tweet are not to reach each other.")
                    .because("blocked"));
}

Result<Tweet> Service::edit(const Call& call, const EditRequest& request) {
    TRY(StoredTweet tweet, own(call, TweetId{request.id()}));
    if (tweet.repost_of)
        return fail(error(Code::invalid, "A repost has no text.").because("no_text").at("id"));
    TRY(std::string text, checked_text(request.text()));
    if (text == tweet.text) return message_of(std::move(tweet));
    tweet.text = std::move(text);
    tweet.edited_ms = clock_.wall_ms();
    TRY_VOID(store_.edit(call, tweet, hashtags_of(tweet.text)));
    happened_.tell();
    return message_of(std::move(tweet));
}

Result<Empty> Service::delete_(const Call& call, const DeleteRequest& request) {
    TRY(const StoredTweet tweet, own(call, TweetId{request.id()}));
    TRY_VOID(store_.remove(call, tweet, clock_.wall_ms()));
    happened_.tell();
    return Empty{};
}

Result<MeasureReply> Service::measure(const Call&, const MeasureRequest& request) {
    MeasureReply reply;
    reply.set_weight_max(weight_max);
    const std::string& given = request.text();
    reply.set_valid(checked_text(given).has_value());
    if (given.size() <= text_bytes_max && is_utf8(given)) reply.set_weight(weight(nfc(trimmed(given))));
    return reply;
}

}  // namespace jebi::tweets
