#include <algorithm>

#include "modules/tweets/service_parts.h"

namespace jebi::tweets {

namespace {

void fill_deleted(TweetDeleted& deleted, const StoredTweet& tweet) {
    deleted.set_id(tweet.id.value);
    deleted.set_author_id(tweet.author.value);
    deleted.set_repost_of_id(tweet.repost_of.value);
}

void fill_favourited(TweetFavourited& favourited, const StoredEvent& stored) {
    favourited.set_tweet_id(stored.tweet.id.value);
    favourited.set_author_id(stored.tweet.author.value);
    favourited.set_user_id(stored.user.value);
}

Event event_message(StoredEvent stored) {
    Event event;
    event.set_sequence(stored.sequence);
    event.set_at_ms(stored.at_ms);
    if (stored.kind == "written") {
        *event.mutable_written() = message_of(std::move(stored.tweet));
    } else if (stored.kind == "edited") {
        *event.mutable_edited() = message_of(std::move(stored.tweet));
    } else if (stored.kind == "favourited") {
        fill_favourited(*event.mutable_favourited(), stored);
    } else if (stored.kind == "unfavourited") {
        fill_favourited(*event.mutable_unfavourited(), stored);
    } else {
        fill_deleted(*event.mutable_deleted(), stored.tweet);
    }
    return event;
}

}  // namespace

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    return happened_.answer<EventsReply>(call, request, [&](EventsReply& reply) -> Result<void> {
        TRY(auto events, store_.events(call, request.after(), request.limit()));
        for (StoredEvent& event : events)
            *reply.add_events() = event_message(std::move(event));
        return {};
    });
}

Result<LastEventReply> Service::last_event(const Call& call, const Empty&) {
    TRY(const std::uint64_t sequence, store_.last_event(call));
    LastEventReply reply;
    reply.set_sequence(sequence);
    return reply;
}

Result<void> Service::sweep(const Call& call) {
    const WallMs now = clock_.wall_ms();
    return store_.sweep(call, now - keys_kept.count(), now - events_kept.count());
}

}  // namespace jebi::tweets
