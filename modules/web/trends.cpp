#include "modules/web/trends.h"

#include <algorithm>

#include "modules/web/show.h"
#include "modules/web/site.h"

namespace jebi::web {

namespace {

constexpr std::uint32_t hours = 24;
constexpr std::uint32_t hashtags_max = 5;

}  // namespace

Trends::Hashtags Trends::at(Deadline now, const Call& call) {
    {
        const std::lock_guard lock{mutex_};
        if (now < fresh_until_ || call.until <= now) return now < known_until_ ? hashtags_ : Hashtags{};
        fresh_until_ = now + kept;  // others go on with what is known while this one asks
    }
    Call brief = call;
    brief.until = std::min(call.until, in(asked_max));
    trending::TopRequest request;
    request.set_hours(hours);
    request.set_limit(hashtags_max);
    const auto top = trending_.top(brief, request);
    const std::lock_guard lock{mutex_};
    if (top) {
        hashtags_.assign(top->hashtags().begin(), top->hashtags().end());
        known_until_ = now + known_max;
    }
    return now < known_until_ ? hashtags_ : Hashtags{};
}

void show_trends(const Site& site, const Visit& visit, Section aside) {
    if (site.trends == nullptr) return;
    const auto hashtags = site.trends->at(std::chrono::steady_clock::now(), extras(visit.call));
    if (hashtags.empty()) return;
    Section trending = aside.section("TRENDING_NOW");
    for (const auto& hashtag : hashtags)
        show_hashtag(trending.section("TRENDING_TAG"), hashtag.hashtag(), hashtag.tweets());
}

}  // namespace jebi::web
