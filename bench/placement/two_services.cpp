// The read path of DeathStarBench's social network (Gan et al., ASPLOS 2019): a home of 10 posts from two
// services by their contracts, one that knows which posts they are and one that has the posts. No pages, no
// sessions, nobody's name: what timelines and tweets do for a home, asked by this process as web asks them.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "bench/load.h"
#include "bench/placement/parts.h"
#include "kit/guard/guarded_channel.h"
#include "kit/guard/time.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/timelines/timelines.jebi.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::bench {

namespace {

constexpr unsigned loops_count = 2;
constexpr unsigned readers_a_loop = 8;
constexpr std::uint32_t posts_a_home = 10;
constexpr std::size_t people_max = 1'000;

// The way that the process web has to a neighbour.
class Way {
public:
    Way(const Running& running, const std::string& neighbour)
        : channel_(
              neighbour, {*fiber::Address::from("unix:" + running.data() + "/run/" + neighbour + ".sock")},
              guard::Settings{}, guard::plain_http(), [](const rpc::Observed&) {}, time_) {}
    rpc::Channel& channel() { return channel_; }

private:
    guard::SteadyTime time_;
    guard::GuardedChannel channel_;
};

Call call_of(UserId user) {
    return Call{.user = user, .until = in(Millis{10'000}), .trace = Trace::start()};
}

[[noreturn]] void give_up(const Error& error) {
    std::fprintf(stderr, "bench: a home by contracts failed: %s\n", error.message.c_str());
    std::_Exit(1);
}

class TwoServices {
public:
    TwoServices(const Running& split, const Filled& site) : split_(split) {
        Way way{split, "accounts"};
        accounts::AccountsClient accounts{way.channel()};
        for (std::size_t i = 0; i < std::min(site.tokens.size(), people_max); ++i) {
            accounts::AuthenticateRequest request;
            request.set_token(site.tokens[i]);
            const auto known = accounts.authenticate(call_of({}), request);
            if (!known) give_up(known.error());
            readers_.push_back(UserId{known->user().id()});
        }
    }

    struct Sample {
        double a_second = 0;
        double us = 0;  // of timelines, tweets, and this process
    };
    Sample sample(double seconds) {
        const double before = cpu();
        const auto start = now_ns();
        std::atomic<std::uint64_t> homes = 0;
        std::atomic<unsigned> running = loops_count * readers_a_loop;
        const fiber::Event done;
        for (unsigned i = 0; i < loops_count * readers_a_loop; ++i) {
            fiber::spawn(loops_.at(i % loops_count), [&, i] {
                for (std::size_t n = i; ms_since(start) < seconds * 1e3; ++n, ++homes)
                    read_home(readers_[n * 7 % readers_.size()]);
                if (--running == 0) done.set();
            });
        }
        if (!done.wait_until(in(Millis{120'000}))) std::abort();
        const double took = ms_since(start) / 1e3;
        const auto count = static_cast<double>(homes);
        return {count / took, (cpu() - before) / count};
    }

private:
    void read_home(UserId reader) {
        timelines::HomeRequest home;
        home.set_limit(posts_a_home);
        home.set_without_newest_own(true);
        const auto page = timelines_.home(call_of(reader), home);
        if (!page) give_up(page.error());
        tweets::ByIdsRequest request;
        for (const auto& entry : page->entries())
            request.add_ids(entry.tweet_id());
        request.set_with_marks(true);
        request.set_own_after(page->next());
        const auto posts = tweets_.by_ids(call_of(reader), request);
        if (!posts) give_up(posts.error());
    }

    double cpu() const {
        const auto used = split_.cpu_us();
        return used.at("timelines") + used.at("tweets") + cpu_us(::getpid());
    }

    const Running& split_;
    std::vector<UserId> readers_;
    fiber::Loops loops_{loops_count};
    Way timelines_way_{split_, "timelines"}, tweets_way_{split_, "tweets"};
    timelines::TimelinesClient timelines_{timelines_way_.channel()};
    tweets::TweetsClient tweets_{tweets_way_.channel()};
};

}  // namespace

void measure_two_services(const Settings& settings, const Filled& site, const Running& split,
                          Measured& measured) {
    TwoServices two{split, site};
    two.sample(settings.seconds);  // the caches are warm then
    Figure rate{.id = "two.rate",
                .what = "home of 10 posts by contracts, timelines and tweets: homes a second",
                .unit = "/s"};
    Figure us{.id = "two.us", .what = "... CPU of both, and of who asks", .unit = "us"};
    for (int round = 0; round < settings.rounds; ++round) {
        const auto sample = two.sample(settings.seconds);
        rate.split.push_back(sample.a_second);
        us.split.push_back(sample.us);
    }
    compare_with_others(rate);
    measured.figures.push_back(std::move(rate));
    measured.figures.push_back(std::move(us));
}

}  // namespace jebi::bench
