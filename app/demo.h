// Believable people and tweets, for a first look, for a workshop, for screenshots.
#pragma once

#include <span>
#include <string>

#include "kit/base/clock.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/follows/follows.jebi.h"
#include "modules/messages/messages.jebi.h"
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

struct DemoMessage {
    const char* from;
    const char* to;
    int minutes_ago;
    const char* text;
};

// demo_people.cpp, demo_tweets.cpp, demo_messages.cpp. Tweets and messages are in the order of their time,
// oldest first. A tweet that begins with somebody's name answers what they wrote last.
std::span<const DemoPerson> demo_people();
std::span<const DemoTweet> demo_tweets();
std::span<const DemoMessage> demo_messages();

struct DemoModules {
    accounts::Accounts& accounts;
    follows::Follows& follows;
    tweets::Tweets& tweets;
    messages::Messages& messages;
};

// Signs everybody up with the password given, writes what they wrote, and lets them follow, like and repost:
// the same ones each time. `clock` is the one that the modules look at: it is set to when each thing is meant
// to have happened, so the tweets spread over the last days.
Result<void> fill_with_demo(const DemoModules& modules, ManualClock& clock, WallMs now_ms,
                            const std::string& password);

}  // namespace jebi::app
