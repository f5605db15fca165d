#include "modules/tweets/service_parts.h"

#include <algorithm>
#include <array>
#include <functional>

#include "modules/tweets/text/text.h"

namespace jebi::tweets {

namespace {

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

void set_text(Tweet& tweet, std::string text) {
    for (TextEntity& found : entities(text)) {
        Entity& entity = *tweet.add_entities();
        entity.set_kind(kind_of(found.kind));
        entity.set_begin(found.begin);
        entity.set_end(found.end);
        entity.set_value(std::move(found.value));
    }
    tweet.set_text(std::move(text));
}

}  // namespace

Tweet message_of(StoredTweet stored) {
    Tweet tweet;
    tweet.set_id(stored.id.value);
    tweet.set_author_id(stored.author.value);
    set_text(tweet, std::move(stored.text));
    tweet.set_created_ms(stored.created_ms);
    tweet.set_edited_ms(stored.edited_ms);
    tweet.set_reply_to_id(stored.reply_to.value);
    tweet.set_reply_to_author_id(stored.reply_to_author.value);
    tweet.set_thread_id(stored.thread.value);
    tweet.set_repost_of_id(stored.repost_of.value);
    tweet.set_repost_of_author_id(stored.repost_of_author.value);
    tweet.set_replies(stored.replies);
    tweet.set_favourites(stored.favourites);
    tweet.set_reposts(stored.reposts);
    tweet.set_deleted(stored.deleted);
    return tweet;
}

std::uint64_t version_of(const StoredTweet& tweet) {
    const std::array<std::uint64_t, 5> changing{static_cast<std::uint64_t>(tweet.edited_ms), tweet.replies,
                                                tweet.favourites, tweet.reposts, tweet.deleted ? 1u : 0u};
    const std::string_view bytes{reinterpret_cast<const char*>(changing.data()), sizeof changing};
    return std::max<std::uint64_t>(std::hash<std::string_view>{}(bytes), 1);
}

Marks message_of(const Store::Mark& mark) {
    Marks marks;
    marks.set_favourited(mark.favourited);
    marks.set_reposted(mark.reposted);
    marks.set_pinned(mark.pinned);
    return marks;
}

Result<void> at_most_100(int count, std::string what, std::string field) {
    if (count <= static_cast<int>(Store::list_max)) return {};
    return fail(error(Code::invalid, "At most 100 " + what + " can be asked for at once.")
                    .because("too_many")
                    .at(std::move(field)));
}

}  // namespace jebi::tweets
