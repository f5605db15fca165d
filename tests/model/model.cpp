#include "tests/model/model.h"

#include <algorithm>

namespace jebi::model {

bool Model::blocked(Id one, Id other) const {
    return blocks.contains({one, other}) || blocks.contains({other, one});
}

bool Model::hidden(Id reader, Id other) const {
    return blocked(reader, other) || mutes.contains({reader, other});
}

void Model::follow(Id user, Id target) {
    if (!follows.emplace(Pair{user, target}, ++last_).second) return;
    tell({.user = target, .kind = Kind::KIND_FOLLOWED, .actor = user});
}

void Model::unfollow(Id user, Id target) {
    if (follows.erase({user, target}) == 0) return;
    take_back([&](const Notification& one) {
        return one.kind == Kind::KIND_FOLLOWED && one.user == target && one.actor == user;
    });
}

void Model::block(Id user, Id target) {
    unfollow(user, target);
    unfollow(target, user);
    if (!blocks.insert({user, target}).second) return;
    hide(user, target);
    hide(target, user);
}

void Model::mute(Id user, Id target) {
    if (mutes.insert({user, target}).second) hide(user, target);
}

// What was told is taken back; what is to be told is, or is not.
void Model::hide(Id user, Id actor) {
    take_back([&](const Notification& one) { return one.user == user && one.actor == actor && one.settled; });
    for (Notification& one : told)
        one.doubtful = one.doubtful || (one.user == user && one.actor == actor);
    for (auto& [pair, is_told] : told_of_) {
        if (pair.second == user && tweets.at(pair.first).author == actor && is_told == Told::yes)
            is_told = Told::perhaps;
    }
}

void Model::tell(Notification one) {
    if (one.user == one.actor) return;
    one.doubtful = one.doubtful || hidden(one.user, one.actor);
    take_back([&](const Notification& other) { return other.key() == one.key(); });
    told.push_back(one);
}

void Model::take_back(const std::function<bool(const Notification&)>& is_taken) {
    std::erase_if(told, is_taken);
}

void Model::tell_of_text(Id id, const Tweet& tweet, bool is_new) {
    std::vector<Notification> all;
    const Id answered = is_new && tweets.contains(tweet.reply_to) ? tweets.at(tweet.reply_to).author : 0;
    if (answered != 0)
        all.push_back({.user = answered, .kind = Kind::KIND_REPLIED, .actor = tweet.author, .tweet = id});
    for (const Id person : tweet.mentioned) {
        if (person != answered)
            all.push_back({.user = person, .kind = Kind::KIND_MENTIONED, .actor = tweet.author, .tweet = id});
    }
    for (Notification& one : all) {
        const auto [before, is_first] = told_of_.emplace(Pair{id, one.user}, Told::yes);
        if (!is_first && before->second != Told::perhaps) continue;
        one.doubtful = !is_first;
        if (hidden(one.user, one.actor)) before->second = Told::perhaps;
        tell(one);
    }
}

const Tweet* Model::living(Id id) const {
    const auto found = tweets.find(id);
    return found == tweets.end() || found->second.deleted ? nullptr : &found->second;
}

Id Model::original(Id id) const {
    const Tweet* const tweet = living(id);
    return tweet != nullptr && tweet->repost_of != 0 ? tweet->repost_of : id;
}

void Model::write(Id id, const Tweet& tweet) {
    tweets.emplace(id, tweet);
    if (tweet.repost_of == 0) return tell_of_text(id, tweet, true);
    tell({.user = tweets.at(tweet.repost_of).author,
          .kind = Kind::KIND_REPOSTED,
          .actor = tweet.author,
          .tweet = tweet.repost_of});
}

void Model::edit(Id id, const std::set<Id>& mentioned, bool tagged) {
    Tweet& tweet = tweets.at(id);
    tweet.mentioned = mentioned;
    tweet.tagged = tagged;
    take_back([&](const Notification& one) {
        return one.tweet == id && one.kind == Kind::KIND_MENTIONED && !mentioned.contains(one.user);
    });
    tell_of_text(id, tweet, false);
}

void Model::remove(Id id) {
    const Tweet gone = tweets.at(id);
    take_back([&](const Notification& one) {
        return one.tweet == id ||
               (one.tweet == gone.repost_of && one.kind == Kind::KIND_REPOSTED && one.actor == gone.author);
    });
    std::erase_if(told_of_, [&](const auto& entry) { return entry.first.first == id; });
    std::erase_if(likes, [&](const Pair& like) { return like.second == id; });
    for (const Id repost : where([&](const Tweet& tweet) { return tweet.repost_of == id; }))
        tweets.erase(repost);
    tweets.at(id).deleted = true;
    forget(id);
}

// Tombstones go when nothing answers them any more.
void Model::forget(Id id) {
    const auto found = tweets.find(id);
    if (found == tweets.end() || !found->second.deleted || !replies(id).empty()) return;
    const Id parent = found->second.reply_to;
    tweets.erase(found);
    forget(parent);
}

void Model::like(Id user, Id id) {
    if (std::ranges::find(likes, Pair{user, id}) != likes.end()) return;
    likes.emplace_back(user, id);
    tell({.user = tweets.at(id).author, .kind = Kind::KIND_FAVOURITED, .actor = user, .tweet = id});
}

void Model::unlike(Id user, Id id) {
    std::erase(likes, Pair{user, id});
    take_back([&](const Notification& one) {
        return one.kind == Kind::KIND_FAVOURITED && one.actor == user && one.tweet == id;
    });
}

Id Model::repost_by(Id user, Id id) const {
    const Ids found =
        where([&](const Tweet& tweet) { return tweet.author == user && tweet.repost_of == id; });
    return found.empty() ? 0 : found.front();
}

void Model::leave(Id user) {
    for (const Id id : where([&](const Tweet& tweet) { return tweet.author == user; })) {
        if (living(id) != nullptr) remove(id);  // a repost of one's own goes with it
    }
    const auto has_part = [&](const Pair& pair) { return pair.first == user || pair.second == user; };
    std::erase_if(follows, [&](const auto& relation) { return has_part(relation.first); });
    std::erase_if(blocks, has_part);
    std::erase_if(mutes, has_part);
    std::erase_if(likes, [&](const Pair& like) { return like.first == user; });
    std::erase_if(messages,
                  [&](const Message& message) { return message.from == user || message.to == user; });
    take_back([&](const Notification& one) { return one.user == user || one.actor == user; });
}

Ids Model::where(const std::function<bool(const Tweet&)>& is_wanted) const {
    Ids ids;
    for (auto tweet = tweets.rbegin(); tweet != tweets.rend(); ++tweet) {
        if (!tweet->second.deleted && is_wanted(tweet->second)) ids.push_back(tweet->first);
    }
    return ids;
}

Ids Model::home(Id reader) const {
    return where([&](const Tweet& tweet) {
        const bool is_there = tweet.author == reader || follows.contains({reader, tweet.author});
        const Id of = tweet.repost_of != 0 ? tweets.at(tweet.repost_of).author : tweet.author;
        return is_there && !hidden(reader, tweet.author) && !hidden(reader, of);
    });
}

Ids Model::replies(Id id) const {
    Ids ids;
    for (const auto& [other, tweet] : tweets) {
        if (tweet.reply_to == id) ids.push_back(other);
    }
    return ids;
}

Ids Model::ancestors(Id id) const {
    Ids ids;
    for (Id parent = tweets.at(id).reply_to; parent != 0; parent = tweets.at(parent).reply_to)
        ids.insert(ids.begin(), parent);
    return ids;
}

Ids Model::descendants(Id id) const {
    Ids ids;
    for (const Id reply : replies(id)) {
        ids.push_back(reply);
        const Ids below = descendants(reply);
        ids.insert(ids.end(), below.begin(), below.end());
    }
    return ids;
}

Ids Model::liked(Id user) const {
    Ids ids;
    for (auto like = likes.rbegin(); like != likes.rend(); ++like) {
        if (like->first == user) ids.push_back(like->second);
    }
    return ids;
}

Ids Model::conversation(Id owner, Id with) const {
    Ids ids;
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        const bool is_between =
            std::set{message->from, message->to} == std::set{owner, with} && owner != with;
        if (is_between && message->seen_by.contains(owner)) ids.push_back(message->id);
    }
    return ids;
}

Ids Model::partners(Id owner) const {
    Ids all;
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        if (!message->seen_by.contains(owner)) continue;
        const Id other = message->from == owner ? message->to : message->from;
        if (std::ranges::find(all, other) == all.end()) all.push_back(other);
    }
    return all;
}

std::size_t Model::unread_conversations(Id owner) const {
    std::set<Id> unread;
    for (const Message& message : messages) {
        if (message.to == owner && !message.read && message.seen_by.contains(owner))
            unread.insert(message.from);
    }
    return unread.size();
}

void Model::settle(Id user, const std::set<Notification::Key>& real) {
    take_back([&](const Notification& one) {
        const bool is_open = one.user == user && one.doubtful;
        return is_open && (hidden(one.user, one.actor) || !real.contains(one.key()));
    });
    for (Notification& one : told) {
        if (one.user != user) continue;
        const auto found = told_of_.find({one.tweet, user});
        if (one.doubtful && found != told_of_.end()) found->second = Told::yes;
        one.doubtful = false;
        one.settled = true;
    }
    for (auto& [pair, is_told] : told_of_) {
        if (pair.second == user && is_told == Told::yes) is_told = Told::surely;
    }
}

}  // namespace jebi::model
