// Believable people and tweets, for a first look, for a workshop, for screenshots.
#pragma once

#include <span>
#include <string>

#include "kit/base/clock.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::app {

struct DemoPerson {
    const char* username;
    const char* display_name;
    const char* bio;
    const char* link;
    int joined_days_ago;
};

struct DemoTweet {
    const char* author;
    int minutes_ago;
    const char* text;
};

// demo_people.cpp and demo_tweets.cpp. Tweets are in the order of their time, oldest first.
std::span<const DemoPerson> demo_people();
std::span<const DemoTweet> demo_tweets();

// Signs everybody up with the password given and writes their tweets. `clock` is the one that the two modules
// look at: it is set to when each thing is meant to have happened, so the tweets spread over the last days.
Result<void> fill_with_demo(accounts::Accounts& accounts, tweets::Tweets& tweets, ManualClock& clock,
                            WallMs now_ms, const std::string& password);

}  // namespace jebi::app
