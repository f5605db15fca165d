// What trends, where somebody counts it: shown beside most pages, so it is asked for at most once in some
// seconds, and for no longer than a reader notices. Times come from the caller.
#pragma once

#include <chrono>
#include <mutex>
#include <vector>

#include "kit/base/call.h"
#include "modules/trending/trending.jebi.h"
#include "modules/web/templates/templates.h"

namespace jebi::web {

struct Site;
struct Visit;

class Trends {
public:
    using Hashtags = std::vector<trending::TopReply::Hashtag>;

    explicit Trends(trending::Trending& trending) : trending_(trending) {}

    // Thread-safe. When it cannot be asked, or the call has no time left: what was known last, for
    // `known_max`; then nothing.
    Hashtags at(Deadline now, const Call& call);

    static constexpr Millis kept{5'000};
    static constexpr Millis asked_max{200};
    static constexpr Millis known_max{600'000};

private:
    trending::Trending& trending_;
    std::mutex mutex_;
    Hashtags hashtags_;
    Deadline fresh_until_{};
    Deadline known_until_{};
};

// A section TRENDING_NOW as _trending.html wants it; none where nobody counts, nothing is known, or nothing
// trends. One of a page's extras (site.h).
void show_trends(const Site& site, const Visit& visit, Section aside);

}  // namespace jebi::web
