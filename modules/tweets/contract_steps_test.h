// What the contract's cases are written with.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "modules/tweets/tweets.jebi.h"

namespace jebi::tweets {

inline const UserId minji{101};
inline const UserId daniel{202};

inline Call as(UserId user, std::string key = "") {
    return Call{.user = user,
                .until = in(Millis{10'000}),
                .trace = Trace::start(),
                .idempotency_key = std::move(key)};
}

inline WriteRequest text(std::string words) {
    WriteRequest request;
    request.set_text(std::move(words));
    return request;
}

inline AllRequest page(std::uint32_t number, std::uint32_t limit, std::uint64_t cursor = 0) {
    AllRequest request;
    request.mutable_position()->set_page(number);
    request.mutable_position()->set_limit(limit);
    request.mutable_position()->set_cursor(cursor);
    return request;
}

template <typename Request>
Request with_id(std::uint64_t id) {
    Request request;
    request.set_id(id);
    return request;
}

inline EditRequest edit_to(std::uint64_t id, std::string words) {
    auto request = with_id<EditRequest>(id);
    request.set_text(std::move(words));
    return request;
}

inline std::vector<std::string> texts(const TweetPage& page) {
    std::vector<std::string> all;
    for (const Tweet& tweet : page.tweets())
        all.push_back(tweet.text());
    return all;
}

inline std::vector<std::string> tagged(Tweets& tweets, const std::string& hashtag) {
    ByHashtagRequest request;
    request.set_hashtag(hashtag);
    return texts(tweets.by_hashtag(as({}), request).value());
}

inline WriteRequest reply_to(std::uint64_t id, std::string words) {
    WriteRequest request = text(std::move(words));
    request.set_reply_to_id(id);
    return request;
}

inline ByIdRequest of(std::uint64_t id) {
    return with_id<ByIdRequest>(id);
}

inline std::uint64_t wrote(Tweets& tweets, UserId user, std::string words, std::uint64_t to = 0) {
    return tweets.write(as(user), reply_to(to, std::move(words))).value().id();
}

inline void deleted(Tweets& tweets, UserId user, std::uint64_t id) {
    CHECK(tweets.delete_(as(user), with_id<DeleteRequest>(id)).has_value());
}

// What a list of tweets says; a tombstone says "(gone)", a repost names what it reposts.
template <typename List>
std::vector<std::string> said(const List& list) {
    std::vector<std::string> all;
    for (const Tweet& tweet : list) {
        all.push_back(tweet.deleted()             ? "(gone)"
                      : tweet.repost_of_id() != 0 ? "again " + std::to_string(tweet.repost_of_id())
                                                  : tweet.text());
    }
    return all;
}

using Words = std::vector<std::string>;

inline Tweet now(Tweets& tweets, std::uint64_t id) {
    return tweets.by_id(as({}), of(id)).value();
}

inline UsersOfRequest users_of(std::uint64_t tweet, std::uint32_t limit = 0, std::uint64_t before = 0) {
    UsersOfRequest request;
    request.set_tweet_id(tweet);
    request.set_limit(limit);
    request.set_before(before);
    return request;
}

inline std::vector<std::uint64_t> ids(const UserIds& users) {
    return {users.user_ids().begin(), users.user_ids().end()};
}

}  // namespace jebi::tweets
