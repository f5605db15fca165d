// What every page stands on. Put together once, in app/, and only read afterwards.
#pragma once

#include <chrono>
#include <string>

#include "kit/base/clock.h"
#include "kit/http/assets.h"
#include "kit/http/rate_limit.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/follows/follows.jebi.h"
#include "modules/messages/messages.jebi.h"
#include "modules/notifications/notifications.jebi.h"
#include "modules/search/search.jebi.h"
#include "modules/timelines/timelines.jebi.h"
#include "modules/tweets/tweets.jebi.h"
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
    Trends* trends = nullptr;  // where a module counts what trends
};

inline constexpr Millis request_max{2'000};  // the deadline that a page gives its calls

}  // namespace jebi::web
