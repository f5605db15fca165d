// News for a page that is open, as server-sent events: /events?feed=&since=.
//
//   event: news            data: {"count":3}      tweets in the list `feed` after the tweet `since`;
//                                                 40 stands for all above it
//   event: notifications   data: {"count":1}      what the counts in the header say now
//   event: messages        data: {"count":0}
//
// `feed` is home, all, or "tag:" and a hashtag, as the page's list has it; empty: only the header. The page
// asks for what it wants to show: events carry counts and nothing that somebody wrote.
#include <algorithm>

#include "kit/base/json.h"
#include "modules/web/hub.h"
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

constexpr Millis quiet_max{5'000};     // then a comment, by which both sides see that the other is there
constexpr Millis stream_max{600'000};  // the browser connects again, and what it may see is looked at anew
constexpr std::uint32_t count_max = 40;
constexpr std::string_view tag_feed = "tag:";

Wanted wanted_by(const Visit& visit, const std::string& feed) {
    const bool member = static_cast<bool>(visit.user);
    Wanted wanted{.user = visit.call.user, .notifications = member, .messages = member};
    if (feed == "home") wanted.home = member;
    if (feed == "all") wanted.everybody = true;
    if (feed.starts_with(tag_feed)) wanted.hashtag = feed.substr(tag_feed.size());
    return wanted;
}

// One page's stream. Lives as long as the answer is sent; the site outlives it.
class Stream {
public:
    Stream(const Site& site, const Visit& visit, std::string feed, std::unique_ptr<Subscription> subscription)
        : site_(site),
          user_(visit.call.user),
          is_unknown_(visit.unknown.has_value()),
          trace_(visit.request.trace),
          feed_(std::move(feed)),
          since_(id_from(visit.query("since")).value_or(0)),
          subscription_(std::move(subscription)) {}

    void run(http::BodyWriter& out) {
        const Deadline end = in(stream_max);
        if (!out.write("retry: 5000\n\n") || is_unknown_) return;
        count_ = missed();
        if (count_ > 0 && !tell(out, "news", count_)) return;
        while (std::chrono::steady_clock::now() < end) {
            const auto happened = subscription_->next(std::min(end, in(quiet_max)));
            if (!happened) return;
            if (!(*happened == nullptr ? out.write(":\n\n") : tell(out, **happened))) return;
        }
    }

private:
    Call call() const { return Call{.user = user_, .until = in(request_max), .trace = trace_}; }

    static bool tell(http::BodyWriter& out, std::string_view what, std::uint32_t count) {
        json::Writer data;
        data.begin_object().key("count").integer(count).end_object();
        return out.write("event: " + std::string(what) + "\ndata: " + data.take() + "\n\n");
    }

    bool tell(http::BodyWriter& out, const Happened& happened) {
        if (std::holds_alternative<notifications::Notification>(happened))
            return tell_unread(out, "notifications", site_.notifications.unread(call(), {}));
        if (std::holds_alternative<messages::Message>(happened))
            return tell_unread(out, "messages", site_.messages.unread(call(), {}));
        const auto* const written = std::get_if<TweetWritten>(&happened);
        if (written == nullptr || !is_in_the_list(written->tweet)) return true;
        count_ = std::min(count_ + 1, count_max);
        return tell(out, "news", count_);
    }

    template <typename Unread>
    static bool tell_unread(http::BodyWriter& out, std::string_view what, const Unread& unread) {
        return !unread || tell(out, what, unread->count());
    }

    // As the list would have it: without one's own, which one has seen, and without whom one does not see.
    bool is_in_the_list(const tweets::Tweet& tweet) const {
        if (tweet.author_id() == user_.value) return false;
        if (feed_ == "all" && (tweet.reply_to_id() != 0 || tweet.repost_of_id() != 0)) return false;
        std::vector<std::uint64_t> people{tweet.author_id(), tweet.repost_of_author_id()};
        const auto hidden = hidden_of(site_, call(), std::move(people), Reading::Muted::hidden);
        return hidden && hidden->empty();
    }

    // What came while nobody listened.
    std::uint32_t missed() const {
        if (since_ == 0) return 0;
        if (feed_ == "home" && user_) {
            timelines::NewerThanRequest request;
            request.set_tweet_id(since_);
            const auto newer = site_.timelines.newer_than(call(), request);
            return newer ? std::min(newer->count(), count_max) : 0;
        }
        return feed_ == "all" ? missed_of_all() : 0;
    }

    std::uint32_t missed_of_all() const {
        tweets::AllRequest request;
        request.mutable_position()->set_newer_than(since_);
        request.mutable_position()->set_limit(count_max);
        const auto newer = site_.tweets.all(call(), request);
        if (!newer) return 0;
        const auto counts = [this](const tweets::Tweet& tweet) { return is_in_the_list(tweet); };
        return static_cast<std::uint32_t>(std::ranges::count_if(newer->tweets(), counts));
    }

    const Site& site_;
    UserId user_;
    bool is_unknown_;  // the browser comes again until it can be told whose header it is
    Trace trace_;
    std::string feed_;
    std::uint64_t since_;
    std::unique_ptr<Subscription> subscription_;
    std::uint32_t count_ = 0;
};

}  // namespace

Shown live(const Site& site, Visit& visit) {
    const std::string feed = visit.query("feed");
    TRY(auto subscription, site.hub.subscribe(wanted_by(visit, feed)));
    const auto stream = std::make_shared<Stream>(site, visit, feed, std::move(subscription));
    http::Response response;
    response.fields.add("Content-Type", "text/event-stream");
    response.fields.add("Cache-Control", "no-store");
    response.stream = [stream](http::BodyWriter& out) { stream->run(out); };
    return response;
}

}  // namespace jebi::web
