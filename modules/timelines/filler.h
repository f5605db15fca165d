// Fills homes from what tweets and follows say now: a whole home, or what one more author adds to it.
//
// An author with more than `merge_above_followers` followers is merged in at reading from then on: each of
// their tweets would be copied too often. They stay so, also when followers go: a home that lacks their
// earlier tweets would have to be filled anew for each follower, which costs more than merging ever does.
// Rebuilding decides it again.
#pragma once

#include "modules/follows/follows.jebi.h"
#include "modules/timelines/lists.h"

namespace jebi::timelines {

struct Options {
    std::uint32_t merge_above_followers = 10'000;
    std::uint32_t kept_max = 800;  // entries a person
};

class Filler {
public:
    Filler(tweets::Tweets& tweets, follows::Follows& follows, Store& store, const Options& options)
        : tweets_(tweets), follows_(follows), store_(store), options_(options) {}

    // Makes the owner's home complete with the batch; how many entries it has then. What is hidden, and who
    // is merged in, may be written before.
    Result<std::size_t> fill(const Call& call, UserId owner, sql::Batch& batch);
    // Adds to the batch what following this author brings into the home.
    Result<void> follow(const Call& call, UserId owner, UserId author, sql::Batch& batch);
    // Writes who follows the author, and adds to the batch that the author is merged in from then on.
    Result<void> merge_from_now(const Call& call, UserId author, sql::Batch& batch);
    // Everybody who follows this author, or nothing when they are more than `merge_above_followers`.
    Result<std::optional<std::vector<std::uint64_t>>> followers(const Call& call, UserId author);

private:
    using Ids = std::vector<std::uint64_t>;
    using List = Result<follows::UserPage> (follows::Follows::*)(const Call&, const follows::ListRequest&);
    Result<void> hide_all(const Call& call, UserId owner);
    Result<void> hide_listed(const Call& call, UserId owner, List list, bool blocks);
    Result<Ids> following(const Call& call, UserId owner);
    // Of these, those who are merged in; makes them so that have come to be followed by too many.
    Result<Ids> merged_of(const Call& call, const Ids& authors);
    Result<void> merge_large(const Call& call, std::span<const std::uint64_t> authors);

    tweets::Tweets& tweets_;
    follows::Follows& follows_;
    Store& store_;
    Options options_;
};

}  // namespace jebi::timelines
