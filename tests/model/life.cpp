#include "tests/model/life.h"

#include <algorithm>

namespace jebi::model {

namespace {

constexpr const char* password = "a long enough one";

Call as(Id user) {
    return Call{.user = UserId{user}, .until = in(Millis{20'000}), .trace = Trace::start()};
}

template <typename Request>
Request of(Id id) {
    Request request;
    if constexpr (requires { request.set_target_id(id); }) {
        request.set_target_id(id);
    } else {
        request.set_id(id);
    }
    return request;
}

tweets::ByIdRequest tweet_of(Id id) {
    return of<tweets::ByIdRequest>(id);
}

}  // namespace

Life::Life(World& world, std::uint64_t seed) : world_(world), random_(seed) {
    for (std::size_t i = 0; i < people_count; ++i)
        people_.push_back(sign_up());
}

Id Life::sign_up() {
    accounts::SignUpRequest request;
    request.set_username("person" + std::to_string(names_.size()));
    request.set_email(request.username() + "@example.org");
    request.set_password(password);
    const Id person = world_.accounts.sign_up(as(0), request).value().user().id();
    names_.emplace(person, request.username());
    return person;
}

Id Life::some_tweet() {
    if (model_.tweets.empty()) return 0;
    // Now and then one that is gone, or never was.
    if (below(30) == 0) return model_.tweets.begin()->first - 1;
    // Rather a new one: that is where people meet.
    const std::uint64_t newest = model_.tweets.size() - 1;
    return std::next(model_.tweets.begin(),
                     static_cast<std::ptrdiff_t>(newest - below(std::min<std::uint64_t>(newest, 40) + 1)))
        ->first;
}

Id Life::own_tweet(Id who) {
    const Ids own =
        model_.where([&](const Tweet& tweet) { return tweet.author == who && tweet.repost_of == 0; });
    return own.empty() ? 0 : own[below(own.size())];
}

std::string Life::text(std::set<Id>& mentioned, bool& tagged) {
    std::string text = "words " + std::to_string(random_());
    for (std::uint64_t count = below(3); count > 0; --count) {
        const Id person = somebody();
        mentioned.insert(person);
        text += " @" + names_.at(person);
    }
    tagged = below(4) == 0;
    return tagged ? text + " #제비" : text;
}

void Life::act() {
    const Id who = somebody();
    const Id whom = somebody();
    switch (below(40)) {
        case 0:
        case 1:
        case 2:
        case 3:
            return follow(who, whom);
        case 4:
            return unfollow(who, whom);
        case 5:
            return block(who, whom);
        case 6:
        case 7:
            return unblock(who, whom);
        case 8:
            return mute(who, whom);
        case 9:
        case 10:
            return unmute(who, whom);
        case 11:
        case 12:
        case 13:
            return edit(who);
        case 14:
        case 15:
            return remove(who);
        case 16:
        case 17:
        case 18:
        case 19:
            return favourite(who);
        case 20:
        case 21:
            return unfavourite(who);
        case 22:
        case 23:
        case 24:
            return repost(who);
        case 25:
            return unrepost(who);
        case 26:
        case 27:
        case 28:
            return send(who, whom);
        case 29:
            return read_messages(who, whom);
        case 30:
            return below(3) == 0 ? delete_conversation(who, whom) : send(who, whom);
        case 36:
            return below(3) == 0 ? leave(who) : write(who);
        case 31:
        case 32:
        case 33:
        case 34:
        case 35:
            return reply(who);
        default:
            return write(who);
    }
}

void Life::disturb(Id one, Id other) {
    disturbed_.insert({one, other});
    disturbed_.insert({other, one});
}

void Life::follow(Id who, Id whom) {
    const auto answer = world_.follows.follow(as(who), of<follows::TargetRequest>(whom));
    if (who == whom) {
        CHECK(answer.error().code == Code::invalid);
    } else if (model_.blocked(who, whom)) {
        CHECK(answer.error().code == Code::forbidden);
    } else {
        CHECK(answer.value().following());
        model_.follow(who, whom);
        disturb(who, whom);
    }
}

void Life::unfollow(Id who, Id whom) {
    if (who == whom) return;
    CHECK_FALSE(world_.follows.unfollow(as(who), of<follows::TargetRequest>(whom)).value().following());
    model_.unfollow(who, whom);
    disturb(who, whom);
}

void Life::block(Id who, Id whom) {
    if (who == whom) return;
    CHECK(world_.follows.block(as(who), of<follows::TargetRequest>(whom)).value().blocking());
    model_.block(who, whom);
    disturb(who, whom);
}

void Life::unblock(Id who, Id whom) {
    if (who == whom) return;
    CHECK_FALSE(world_.follows.unblock(as(who), of<follows::TargetRequest>(whom)).value().blocking());
    model_.blocks.erase({who, whom});
    disturb(who, whom);
}

void Life::mute(Id who, Id whom) {
    if (who == whom) return;
    CHECK(world_.follows.mute(as(who), of<follows::TargetRequest>(whom)).value().muting());
    model_.mute(who, whom);
    disturb(who, whom);
}

void Life::unmute(Id who, Id whom) {
    if (who == whom) return;
    CHECK_FALSE(world_.follows.unmute(as(who), of<follows::TargetRequest>(whom)).value().muting());
    model_.mutes.erase({who, whom});
    disturb(who, whom);
}

void Life::write(Id who) {
    Tweet tweet{.author = who};
    tweets::WriteRequest request;
    request.set_text(text(tweet.mentioned, tweet.tagged));
    const auto written = world_.tweets.write(as(who), request).value();
    model_.write(written.id(), tweet);
    timelines::HomeRequest home;
    home.set_limit(1);
    CHECK(world_.timelines.home(as(who), home).value().entries(0).tweet_id() == written.id());
}

template <typename Answer>
bool Life::is_done(const Answer& answer, Id who, Id tweet) {
    const Tweet* const living = model_.living(model_.original(tweet));
    if (living == nullptr) {
        CHECK(answer.error().code == Code::not_found);
        return false;
    }
    if (model_.blocked(who, living->author)) {
        CHECK(answer.error().code == Code::forbidden);
        return false;
    }
    REQUIRE(answer);
    return true;
}

void Life::reply(Id who) {
    const Id to = some_tweet();
    if (to == 0) return;
    Tweet tweet{.author = who, .reply_to = model_.original(to)};
    tweets::WriteRequest request;
    request.set_text(text(tweet.mentioned, tweet.tagged));
    request.set_reply_to_id(to);
    const auto written = world_.tweets.write(as(who), request);
    if (!is_done(written, who, to)) return;
    model_.write(written->id(), tweet);
    check_counts(tweet.reply_to);
}

void Life::edit(Id who) {
    const Id id = own_tweet(who);
    if (id == 0) return;
    std::set<Id> mentioned;
    bool tagged = false;
    tweets::EditRequest request;
    request.set_id(id);
    request.set_text(text(mentioned, tagged));
    CHECK(world_.tweets.edit(as(who), request).value().text() == request.text());
    model_.edit(id, mentioned, tagged);
    CHECK(world_.tweets.by_id(as(who), tweet_of(id)).value().text() == request.text());
}

void Life::remove(Id who) {
    const Ids own = model_.where([&](const Tweet& tweet) { return tweet.author == who; });
    if (own.empty()) return;
    const Id id = own[below(own.size())];
    tweets::DeleteRequest request;
    request.set_id(id);
    REQUIRE(world_.tweets.delete_(as(who), request));
    model_.remove(id);
    CHECK(world_.tweets.by_id(as(who), tweet_of(id)).error().code == Code::not_found);
}

void Life::favourite(Id who) {
    const Id id = some_tweet();
    if (id == 0 || !is_done(world_.tweets.favourite(as(who), tweet_of(id)), who, id)) return;
    model_.like(who, model_.original(id));
    check_counts(model_.original(id));
}

void Life::unfavourite(Id who) {
    const Ids liked = model_.liked(who);
    if (liked.empty()) return;
    const Id id = liked[below(liked.size())];
    REQUIRE(world_.tweets.unfavourite(as(who), tweet_of(id)));
    model_.unlike(who, id);
    check_counts(id);
}

void Life::repost(Id who) {
    const Id id = some_tweet();
    if (id == 0) return;
    const auto reposted = world_.tweets.repost(as(who), tweet_of(id));
    if (!is_done(reposted, who, id)) return;
    const Id original = model_.original(id);
    if (const Id before = model_.repost_by(who, original); before != 0) {
        CHECK(reposted->id() == before);
    } else {
        model_.write(reposted->id(), {.author = who, .repost_of = original});
    }
    check_counts(original);
}

void Life::unrepost(Id who) {
    const Ids own =
        model_.where([&](const Tweet& tweet) { return tweet.author == who && tweet.repost_of != 0; });
    if (own.empty()) return;
    const Id repost = own[below(own.size())];
    const Id original = model_.tweets.at(repost).repost_of;
    REQUIRE(world_.tweets.unrepost(as(who), tweet_of(original)));
    model_.remove(repost);
    check_counts(original);
}

// Counts are never late.
void Life::check_counts(Id id) {
    const auto tweet = world_.tweets.by_id(as(0), tweet_of(id)).value();
    CHECK(tweet.replies() == model_.replies(id).size());
    CHECK(tweet.favourites() == static_cast<std::uint64_t>(std::ranges::count_if(
                                    model_.likes, [&](const Pair& like) { return like.second == id; })));
    CHECK(tweet.reposts() == model_.where([&](const Tweet& one) { return one.repost_of == id; }).size());
}

void Life::send(Id who, Id whom) {
    messages::SendRequest request;
    request.set_to_id(whom);
    request.set_text("words " + std::to_string(random_()));
    const auto sent = world_.messages.send(as(who), request);
    if (who == whom) {
        CHECK(sent.error().code == Code::invalid);
    } else if (model_.blocked(who, whom)) {
        CHECK(sent.error().code == Code::forbidden);
    } else if (!sent) {
        CHECK(sent.error().code == Code::exhausted);  // more than 60 in a minute
    } else {
        model_.messages.push_back({.id = sent->id(), .from = who, .to = whom, .seen_by = {who, whom}});
        messages::WithRequest with;
        with.set_with_id(whom);
        CHECK(world_.messages.with(as(who), with).value().messages(0).text() == request.text());
    }
}

void Life::read_messages(Id who, Id whom) {
    const Ids messages = model_.conversation(who, whom);
    if (messages.empty()) return;
    const Id until = messages[below(messages.size())];
    messages::MarkReadRequest request;
    request.set_with_id(whom);
    request.set_message_id(until);
    const auto left = world_.messages.mark_read(as(who), request).value();
    for (Message& message : model_.messages) {
        if (message.from == whom && message.to == who && message.id <= until) message.read = true;
    }
    CHECK(left.count() == model_.unread_conversations(who));
}

void Life::delete_conversation(Id who, Id whom) {
    messages::DeleteRequest request;
    request.set_with_id(whom);
    REQUIRE(world_.messages.delete_(as(who), request));
    for (Message& message : model_.messages) {
        if (std::set{message.from, message.to} == std::set{who, whom}) message.seen_by.erase(who);
    }
    std::erase_if(model_.messages, [](const Message& message) { return message.seen_by.empty(); });
}

// Somebody else comes in their place.
void Life::leave(Id who) {
    accounts::DeleteAccountRequest request;
    request.set_password(password);
    REQUIRE(world_.accounts.delete_account(as(who), request));
    world_.forget_who_left();
    model_.leave(who);
    std::ranges::replace(people_, who, sign_up());
}

}  // namespace jebi::model
