// What one event of another module means here: who is to be told of what, and what is taken back. Asks nobody
// and keeps nothing; who hides whom is looked at by those who call (teller.h).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "modules/follows/follows.jebi.h"
#include "modules/notifications/store.h"
#include "modules/tweets/tweets.jebi.h"

namespace jebi::notifications {

// The people behind the names that texts mention, names in lower case. Names of nobody are not in it.
using Named = std::map<std::string, UserId>;

// The names that the text mentions, in lower case, once each; empty for events without a text.
std::vector<std::string> names_in(const tweets::Event& event);

// Without ids. Never somebody about themselves; of one tweet nobody twice. Nobody of a tweet that was brought
// from elsewhere.
std::vector<StoredNotification> told_by(const follows::Event& event, const Named& named);
std::vector<StoredNotification> told_by(const tweets::Event& event, const Named& named);

void take_back(const follows::Event& event, const Named& named, Changes& changes);
void take_back(const tweets::Event& event, const Named& named, Changes& changes);

}  // namespace jebi::notifications
