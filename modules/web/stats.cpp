#include "modules/web/stats.h"

namespace jebi::web {

namespace {

constexpr std::uint32_t hashtag_days = 7;
constexpr std::uint32_t hashtags_max = 5;

// Takes over what can be told. Who did not answer is not asked again.
void count(accounts::Accounts& accounts, tweets::Tweets& tweets, const Call& call, Stats::Counted& counted) {
    accounts::UsersRequest users;
    users.set_page(1);
    users.set_size(1);
    if (const auto people = accounts.users(call, users)) counted.people = people->total();
    tweets::AllRequest all;
    all.set_with_replies(true);
    all.mutable_position()->set_page(1);
    all.mutable_position()->set_limit(1);
    const auto written = tweets.all(call, all);
    if (!written) return;
    counted.tweets = written->total();
    tweets::TopHashtagsRequest top;
    top.set_days(hashtag_days);
    top.set_limit(hashtags_max);
    if (const auto used = tweets.top_hashtags(call, top))
        counted.hashtags.assign(used->hashtags().begin(), used->hashtags().end());
}

}  // namespace

Stats::Counted Stats::now(accounts::Accounts& accounts, tweets::Tweets& tweets, const Call& call) {
    Counted fresh;
    {
        const std::lock_guard lock{mutex_};
        if (std::chrono::steady_clock::now() < fresh_until_) return counted_;
        fresh_until_ = in(kept);  // others go on with the old figures while this one asks
        fresh = counted_;
    }
    count(accounts, tweets, call, fresh);
    const std::lock_guard lock{mutex_};
    counted_ = std::move(fresh);
    return counted_;
}

}  // namespace jebi::web
