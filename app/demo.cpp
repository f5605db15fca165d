#include "app/demo.h"

#include <map>

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

}  // namespace

Result<void> fill_with_demo(accounts::Accounts& accounts, tweets::Tweets& tweets, ManualClock& clock,
                            WallMs now_ms, const std::string& password) {
    std::map<std::string_view, UserId> users;
    for (const DemoPerson& person : demo_people()) {
        set(clock, now_ms - person.joined_days_ago * day_ms);
        TRY(users[person.username], sign_up(accounts, person, address_of(users.size()), password));
    }
    for (const DemoTweet& tweet : demo_tweets()) {
        set(clock, now_ms - tweet.minutes_ago * minute_ms);
        tweets::WriteRequest request;
        request.set_text(tweet.text);
        TRY(const auto written, tweets.write(call_of(users[tweet.author]), request));
    }
    return {};
}

}  // namespace jebi::app
