// Home timelines under posts: how soon a post is in its followers' homes at so many posts a second, and what
// reading a home costs. Real tweets, follows and homes in one database, as in the monolith; people follow 38
// others on average, and some are followed far more than most.
//
// Bars: at 1,000 posts a second a post is in its followers' homes within 2 s; the ids of a home of 20 cost
// about 10 us.
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <random>
#include <thread>

#include "bench/load.h"
#include "kit/sql/sqlite.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/timelines/service.h"
#include "modules/timelines/timelines_schema.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace {

using namespace jebi;
using Steady = std::chrono::steady_clock;

constexpr std::uint64_t seed = 20'261'125;
constexpr unsigned writers = 32;
constexpr Millis warm_up{1'000};
constexpr Millis load_time{8'000};
constexpr Millis seen_max{20'000};
constexpr int reads = 20'000;
constexpr int rounds = 7;

Call call_of(std::uint64_t user) {
    return Call{.user = UserId{user}, .until = in(Millis{10'000}), .trace = Trace::start()};
}

// Nobody leaves here.
class NoAccounts final : public accounts::AccountsAbsent {
    Result<accounts::EventsReply> events(const Call&, const accounts::EventsRequest&) override {
        return accounts::EventsReply{};
    }
};

struct Site {
    explicit Site(const std::string& folder)
        : database(sql::open_sqlite({.file = folder + "/jebi.db"}).value()) {
        database->room("tweets").migrate(tweets::schema_files()).value();
        database->room("follows").migrate(follows::schema_files()).value();
        database->room("timelines").migrate(timelines::schema_files()).value();
    }
    std::unique_ptr<sql::Database> database;
    SystemClock clock;
    IdGenerator tweet_ids{clock, 1};
    IdGenerator follow_ids{clock, 2};
    NoAccounts accounts;
    follows::Store follows_store{database->room("follows")};
    follows::Service follows{follows_store, follow_ids, clock};
    tweets::Store tweets_store{database->room("tweets")};
    tweets::Service tweets{tweets_store, follows, tweet_ids, clock};
    timelines::Store store{database->room("timelines")};
    timelines::Builder builder{accounts, follows, tweets, store, clock};
    timelines::Service timelines{tweets, follows, store, builder};
};

// Whom a person follows: popularity falls with the rank (exponent 0.6), so that no one has everybody.
std::uint64_t somebody(std::mt19937_64& random, std::uint64_t people) {
    const double at = std::uniform_real_distribution{0.0, 1.0}(random);
    return 1 +
           std::min(people - 1, static_cast<std::uint64_t>(std::pow(at, 2.5) * static_cast<double>(people)));
}

void let_follow(Site& site, std::uint64_t people, unsigned part) {
    std::mt19937_64 random{seed + part};
    std::lognormal_distribution count{3.14, 1.0};  // a mean of 38
    for (std::uint64_t person = part + 1; person <= people; person += writers) {
        const auto wanted = std::min<std::uint64_t>(static_cast<std::uint64_t>(count(random)), 1'000);
        for (std::uint64_t i = 0; i < wanted; ++i) {
            follows::TargetRequest request;
            request.set_target_id(somebody(random, people));
            if (request.target_id() != person) site.follows.follow(call_of(person), request).value();
        }
    }
}

template <typename Work>
void in_parallel(Work work) {
    std::vector<std::thread> threads;
    for (unsigned part = 0; part < writers; ++part)
        threads.emplace_back(work, part);
    for (auto& thread : threads)
        thread.join();
}

std::uint64_t write(Site& site, std::uint64_t author) {
    tweets::WriteRequest request;
    request.set_text("오늘은 제비를 세 마리 봤다. 아침 공기가 좋다");
    return site.tweets.write(call_of(author), request).value().id();
}

std::uint64_t any_follower(Site& site, std::uint64_t author) {
    follows::ListRequest request;
    request.set_user_id(author);
    request.set_limit(1);
    const auto page = site.follows.followers(call_of(0), request).value();
    return page.user_ids().empty() ? 0 : page.user_ids(0);
}

bool is_at_home(Site& site, std::uint64_t reader, std::uint64_t tweet) {
    timelines::HomeRequest request;
    request.set_newer_than(tweet - 1);
    request.set_from_oldest(true);
    request.set_limit(1);
    const auto page = site.timelines.home(call_of(reader), request).value();
    return page.entries_size() > 0 && page.entries(0).tweet_id() == tweet;
}

// Writes at a constant rate, whatever the answers take.
void post(Site& site, std::uint64_t people, double a_second, unsigned part, Steady::time_point from,
          std::atomic<std::uint64_t>& posts) {
    std::mt19937_64 random{seed * 2 + part};
    const auto pause = std::chrono::duration<double>{writers / a_second};
    for (std::uint64_t n = 0;; ++n) {
        const auto at = from + std::chrono::duration_cast<Steady::duration>(
                                   pause * (static_cast<double>(n) + part / double{writers}));
        if (at >= from + warm_up + load_time) return;
        std::this_thread::sleep_until(at);
        write(site, 1 + random() % people);
        ++posts;
    }
}

// One post after the other, each until a follower sees it: how long that took, in ms.
std::vector<double> watch(Site& site, std::uint64_t people, Steady::time_point from) {
    std::mt19937_64 random{seed * 3};
    std::vector<double> ms;
    while (Steady::now() < from + warm_up + load_time) {
        const std::uint64_t author = 1 + random() % people;
        const std::uint64_t reader = any_follower(site, author);
        if (reader == 0) continue;
        const std::uint64_t tweet = write(site, author);
        const auto written = Steady::now();
        while (!is_at_home(site, reader, tweet) && Steady::now() < written + seen_max)
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        if (written > from + warm_up)
            ms.push_back(std::chrono::duration<double, std::milli>(Steady::now() - written).count());
    }
    std::ranges::sort(ms);
    return ms;
}

void measure_posts(Site& site, std::uint64_t people, double a_second) {
    std::atomic<std::uint64_t> posts{0};
    std::vector<double> seen_ms;
    const auto from = Steady::now();
    std::thread watcher{[&] { seen_ms = watch(site, people, from); }};
    in_parallel([&](unsigned part) { post(site, people, a_second, part, from, posts); });
    watcher.join();
    const double seconds = std::chrono::duration<double>(Steady::now() - from).count();
    std::printf(
        "%5.0f posts/s wanted, %5.0f written; seen by a follower after ms: p50 %.0f, p99 %.0f, max %.0f (%zu "
        "posts)\n",
        a_second, static_cast<double>(posts) / seconds, seen_ms[seen_ms.size() / 2],
        seen_ms[seen_ms.size() * 99 / 100], seen_ms.back(), seen_ms.size());
    std::fflush(stdout);
}

double cpu_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void measure_reads(Site& site, std::uint64_t people) {
    std::vector<double> us;
    for (int round = 0; round < rounds; ++round) {
        std::mt19937_64 random{seed};
        timelines::HomeRequest request;
        request.set_limit(20);
        const double before = cpu_us();
        for (int i = 0; i < reads; ++i)
            site.timelines.home(call_of(1 + random() % people), request).value();
        us.push_back((cpu_us() - before) / reads);
    }
    bench::report("home of 20, ids: CPU us a read", bench::spread(us), "about 10");
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t people = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
    std::string folder = "/tmp/jebi-bench-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) return 1;
    {
        Site site{folder};
        in_parallel([&](unsigned part) { let_follow(site, people, part); });
        std::atomic<bool> ending{false};
        std::thread builder{[&] {
            while (!ending) {
                const auto done = site.builder.run(call_of(0));
                if (!done)
                    std::printf("builder: %s %s\n", done.error().message.c_str(),
                                done.error().detail.c_str());
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
            }
        }};
        const auto from = Steady::now();
        while (site.store.positions().of(call_of(0), "follows").value() <
               site.follows_store.last_event(call_of(0)).value())
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        std::printf("%llu people, %llu followings, followed in %.1f s\n",
                    static_cast<unsigned long long>(people),
                    static_cast<unsigned long long>(site.follows_store.last_event(call_of(0)).value()),
                    std::chrono::duration<double>(Steady::now() - from).count());
        for (const double a_second : {500.0, 1'000.0, 1'500.0, 2'000.0})
            measure_posts(site, people, a_second);
        measure_reads(site, people);
        ending = true;
        builder.join();
    }
    std::filesystem::remove_all(folder);
}
