// What every page stands on. Put together once, in app/, and only read afterwards.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "kit/base/clock.h"
#include "kit/guard/server_limit.h"
#include "kit/http/assets.h"
#include "kit/http/rate_limit.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/follows/follows.jebi.h"
#include "modules/messages/messages.jebi.h"
#include "modules/notifications/notifications.jebi.h"
#include "modules/search/search.jebi.h"
#include "modules/timelines/timelines.jebi.h"
#include "modules/tweets/tweets.jebi.h"
#include "modules/web/fragments.h"
#include "modules/web/known_tweets.h"
#include "modules/web/recall.h"
#include "modules/web/templates/templates.h"
#include "modules/web/visits/events.h"

namespace jebi::web {

struct SiteOptions {
    // Browsers reach the site by https, straight or through a proxy in front: cookies are marked so, and
    // forms may come from https pages only.
    bool secure = false;
    // How long a browser that came by https shall use nothing else for this host (HSTS); 0: it is not told.
    std::chrono::days https_only{0};
    // The proxy in front names the client in X-Forwarded-For; without a proxy anybody could.
    bool behind_proxy = false;
    // How often the API may be asked, by an account and by an address.
    http::RateLimits api_rates{};
    // This program's, "0.3.0": clients are told.
    std::string version = "0";
    // Programs may ask for a person's name and password (OAuth's password grant): for those who learn.
    bool password_grant = false;
    // One can sign in through GitHub.
    bool github = false;
    // Pages reload when their files change.
    bool dev = false;
};

class Analytics;
class Hub;
class Stats;
class Trends;

struct Site {
    accounts::Accounts& accounts;
    follows::Follows& follows;
    tweets::Tweets& tweets;
    timelines::Timelines& timelines;
    notifications::Notifications& notifications;
    messages::Messages& messages;
    search::Search& search;
    const Templates& templates;
    const http::Assets& assets;
    const Clock& clock;
    Stats& stats;
    Events& events;        // what log_analytics() tells
    Analytics& analytics;  // and what the page asks
    Hub& hub;
    SiteOptions options{};
    Trends* trends = nullptr;             // where a module counts what trends
    guard::ServerLimit* limit = nullptr;  // of what is answered at once; null: there is none
    // Not by value, so that handlers may keep in it what they read: they get the site as const.
    std::unique_ptr<Recall> recall = std::make_unique<Recall>();
    std::unique_ptr<KnownTweets> known_tweets = std::make_unique<KnownTweets>();
    std::unique_ptr<Fragments> fragments = std::make_unique<Fragments>();
};

inline constexpr Millis request_max{2'000};  // the deadline that a page gives its calls
// What a page can show something else for (a home, who somebody is, names) must come within its first second,
// so that there is time for the other.
inline constexpr Millis replaceable_max{1'000};
// What a page can do without (counts, what is unread, quotes) must come within its first quarter of a second:
// all of it together, so that however many slow parts a page has, it is late by no more than this.
inline constexpr Millis extras_max{250};
inline constexpr std::int64_t retry_after_s = 2;  // what 503 and 504 say when the module said nothing

// The page's call with less time: for what it can replace, and for what it can do without. When that time has
// passed, the call is not made. To be used where a module is asked, and nowhere above: they do not add up.
Call replaceable(Call call);
Call extras(Call call);

// Could a module not be asked, or not answer? Then pages do without, or say so.
bool is_away(const Error& error);

}  // namespace jebi::web
