#include "bench/twitter/site.h"

#include <filesystem>
#include <thread>

#include "kit/base/crypto.h"
#include "kit/sql/sqlite.h"
#include "modules/accounts/accounts_schema.h"
#include "modules/accounts/service.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/timelines/builder.h"
#include "modules/timelines/timelines_schema.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace jebi::bench {

namespace {

constexpr std::size_t writers = 32;  // at once, so that many writes share a transaction

Call call_of(std::uint64_t user) {
    return Call{.user = UserId{user}, .until = in(Millis{60'000}), .trace = Trace::start()};
}

// work(i) for each i below `count`, several at once.
template <typename Work>
void in_parallel(std::size_t count, Work work) {
    std::vector<std::thread> threads;
    for (std::size_t part = 0; part < writers; ++part) {
        threads.emplace_back([=] {
            for (std::size_t i = part; i < count; i += writers)
                work(i);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
}

class Site {
public:
    explicit Site(const std::string& file) : database_(sql::open_sqlite({.file = file}).value()) {
        database_->room("accounts").migrate(accounts::schema_files()).value();
        database_->room("follows").migrate(follows::schema_files()).value();
        database_->room("tweets").migrate(tweets::schema_files()).value();
        database_->room("timelines").migrate(timelines::schema_files()).value();
    }

    std::vector<std::string> fill(const People& people) {
        ids_.resize(people.count);
        tokens_.resize(people.count);
        in_parallel(people.count, [this](std::size_t i) { sign_up(static_cast<std::uint32_t>(i)); });
        in_parallel(people.follows.size(), [&](std::size_t i) { follow(people.follows[i]); });
        in_parallel(people.posts.size(), [&](std::size_t i) { write(people.posts[i]); });
        build_homes();
        return std::move(tokens_);
    }

private:
    void sign_up(std::uint32_t person) {
        accounts::SignUpRequest request;
        request.set_username(username(person));
        request.set_email(username(person) + "@example.org");
        request.set_password("a long enough one");
        request.set_display_name("제비 " + std::to_string(person));
        const auto reply = accounts_.sign_up(call_of(0), request).value();
        ids_[person] = reply.user().id();
        tokens_[person] = reply.token();
    }

    void follow(const Follow& follow) {
        follows::TargetRequest request;
        request.set_target_id(ids_[follow.followed]);
        follows_.follow(call_of(ids_[follow.follower]), request).value();
    }

    void write(const Post& post) {
        tweets::WriteRequest request;
        request.set_text(post.text);
        tweets_.write(call_of(ids_[post.author]), request).value();
    }

    // From the lists: quicker than following half a million events.
    void build_homes() {
        timelines::Builder builder{accounts_, follows_, tweets_, timelines_store_, clock_};
        builder.begin_rebuild(call_of(0)).value();
        while (builder.run(call_of(0)).value() > 0) {
        }
    }

    std::unique_ptr<sql::Database> database_;
    SystemClock clock_;
    IdGenerator user_ids_{clock_, 1}, follow_ids_{clock_, 1}, tweet_ids_{clock_, 1};
    accounts::Service accounts_{database_->room("accounts"),
                                user_ids_,
                                clock_,
                                {.password_cost = {.memory_bytes = 8192, .passes = 1}}};
    follows::Store follows_store_{database_->room("follows")};
    follows::Service follows_{follows_store_, follow_ids_, clock_};
    tweets::Store tweets_store_{database_->room("tweets")};
    tweets::Service tweets_{tweets_store_, follows_, tweet_ids_, clock_};
    timelines::Store timelines_store_{database_->room("timelines")};
    std::vector<std::uint64_t> ids_;
    std::vector<std::string> tokens_;
};

}  // namespace

std::vector<std::string> fill_site(const std::string& data, const People& people) {
    if (!start_crypto()) std::abort();
    std::filesystem::create_directories(data);
    return Site{data + "/jebi.db"}.fill(people);
}

}  // namespace jebi::bench
