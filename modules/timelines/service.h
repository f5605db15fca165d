// Home timelines, in this process: reading them. The builder (builder.h) makes what is read.
#pragma once

#include "modules/follows/follows.jebi.h"
#include "modules/timelines/builder.h"
#include "modules/timelines/timelines.jebi.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::timelines {

inline constexpr std::uint32_t page_size = 20;
inline constexpr std::uint32_t page_size_max = 100;
inline constexpr std::uint32_t newer_max = 40;

// Thread-safe; keeps nothing but what the store keeps.
class Service final : public Timelines {
public:
    Service(tweets::Tweets& tweets, follows::Follows& follows, Store& store, Builder& builder)
        : tweets_(tweets), follows_(follows), store_(store), builder_(builder) {}

    Result<HomePage> home(const Call& call, const HomeRequest& request) override;
    Result<NewerThanReply> newer_than(const Call& call, const NewerThanRequest& request) override;
    // Waits while the builder runs elsewhere; `deadline` (still_rebuilding) when that takes longer than half
    // of the call's time: it goes on, and asking again waits for the same one.
    Result<RebuildReply> rebuild(const Call& call, const Empty& request) override;

private:
    tweets::Tweets& tweets_;
    follows::Follows& follows_;
    Store& store_;
    Builder& builder_;
};

}  // namespace jebi::timelines
