#include "app/demo.h"

#include <map>
#include <vector>

namespace jebi::app {

namespace {

constexpr Millis step_max{10'000};
constexpr WallMs minute_ms = 60'000;
constexpr WallMs day_ms = 24 * 60 * minute_ms;

void set(ManualClock& clock, WallMs to_ms) {
    clock.advance(Millis{to_ms - clock.wall_ms()});
}

Call call_of(UserId user) {
    return Call{.user = user, .until = in(step_max), .trace = Trace::start()};
}

// An address of its own for each, from those reserved for documentation (RFC 5737): one address may not
// sign up everybody.
std::string address_of(std::size_t index) {
    return "198.51.100." + std::to_string(1 + index % 250);
}

Result<UserId> sign_up(accounts::Accounts& accounts, const DemoPerson& person, const std::string& address,
                       const std::string& password) {
    accounts::SignUpRequest request;
    request.set_username(person.username);
    request.set_email(std::string(person.username) + "@example.org");
    request.set_password(password);
    request.set_display_name(person.display_name);
    request.mutable_client()->set_address(address);
    TRY(const auto reply, accounts.sign_up(call_of({}), request));
    const UserId user{reply.user().id()};
    accounts::ChangeProfileRequest profile;
    profile.set_display_name(person.display_name);
    profile.set_bio(person.bio);
    profile.set_link(person.link);
    TRY(const auto changed, accounts.change_profile(call_of(user), profile));
    accounts::SignOutRequest out;
    out.set_token(reply.token());
    TRY(const auto ended, accounts.sign_out(call_of(user), out));
    return user;
}

// The same number for the same two, between 0 and 99: who follows whom, who likes what.
unsigned chance(std::uint64_t one, std::uint64_t other) {
    constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // spreads numbers evenly (Knuth, TAOCP 6.4)
    const std::uint64_t mixed = (one * golden_ratio + other + 1) * golden_ratio;
    return static_cast<unsigned>((mixed >> 32) % 100);
}

// "@minji so do I" -> "minji".
std::string answered_by(std::string_view text) {
    if (!text.starts_with('@')) return "";
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", 1);
    return std::string(text.substr(1, end - 1));
}

class Demo {
public:
    Demo(const DemoModules& modules, ManualClock& clock, WallMs now_ms)
        : modules_(modules), clock_(clock), now_ms_(now_ms) {}

    Result<void> fill(const std::string& password) {
        TRY_VOID(sign_up_everybody(password));
        TRY_VOID(follow());
        TRY_VOID(write_tweets());
        TRY_VOID(like_and_repost());
        return write_messages();
    }

private:
    void set_to(WallMs minutes_ago) { set(clock_, now_ms_ - minutes_ago * minute_ms); }

    Result<void> sign_up_everybody(const std::string& password) {
        for (const DemoPerson& person : demo_people()) {
            set(clock_, now_ms_ - person.joined_days_ago * day_ms);
            TRY(users_[person.username],
                sign_up(modules_.accounts, person, address_of(users_.size()), password));
        }
        return {};
    }

    // Everybody follows a few; those who joined early are known to more.
    Result<void> follow() {
        set_to(follows_minutes_ago);
        const auto people = demo_people();
        for (std::size_t i = 0; i < people.size(); ++i) {
            for (std::size_t j = 0; j < people.size(); ++j) {
                const unsigned known = people[j].joined_days_ago > 280 ? 40 : 12;
                if (i == j || chance(i, j) >= known) continue;
                follows::TargetRequest request;
                request.set_target_id(users_[people[j].username].value);
                TRY_VOID(modules_.follows.follow(call_of(users_[people[i].username]), request));
            }
        }
        return {};
    }

    Result<void> write_tweets() {
        std::map<std::string, std::uint64_t> last;  // by who wrote it
        for (const DemoTweet& tweet : demo_tweets()) {
            set_to(tweet.minutes_ago);
            tweets::WriteRequest request;
            request.set_text(tweet.text);
            if (const auto to = last.find(answered_by(tweet.text)); to != last.end())
                request.set_reply_to_id(to->second);
            TRY(const auto written, modules_.tweets.write(call_of(users_[tweet.author]), request));
            last[tweet.author] = written.id();
            tweets_.push_back({written.id(), tweet.minutes_ago});
        }
        return {};
    }

    Result<void> like_and_repost() {
        const auto people = demo_people();
        for (std::size_t i = 0; i < tweets_.size(); ++i) {
            set_to(tweets_[i].minutes_ago / 2);
            const unsigned liked = chance(i, 1'000) / 12;  // some tweets please more than others
            tweets::ByIdRequest request;
            request.set_id(tweets_[i].id);
            for (std::size_t j = 0; j < people.size(); ++j) {
                const Call call = call_of(users_[people[j].username]);
                const unsigned likes = chance(i + 1, j);
                if (likes < liked) TRY_VOID(modules_.tweets.favourite(call, request));
                if (liked > 5 && likes == liked) TRY_VOID(modules_.tweets.repost(call, request));
            }
        }
        return {};
    }

    Result<void> write_messages() {
        for (const DemoMessage& message : demo_messages()) {
            set_to(message.minutes_ago);
            messages::SendRequest request;
            request.set_to_id(users_[message.to].value);
            request.set_text(message.text);
            TRY_VOID(modules_.messages.send(call_of(users_[message.from]), request));
        }
        return {};
    }

    struct Written {
        std::uint64_t id = 0;
        int minutes_ago = 0;
    };
    static constexpr WallMs follows_minutes_ago = 10 * 24 * 60;  // before the first tweet
    const DemoModules& modules_;
    ManualClock& clock_;
    WallMs now_ms_;
    std::map<std::string_view, UserId> users_;
    std::vector<Written> tweets_;
};

}  // namespace

Result<void> fill_with_demo(const DemoModules& modules, ManualClock& clock, WallMs now_ms,
                            const std::string& password) {
    return Demo(modules, clock, now_ms).fill(password);
}

}  // namespace jebi::app
