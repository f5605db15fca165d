#include "modules/web/hub.h"

#include <algorithm>

#include "kit/base/unicode.h"

namespace jebi::web {

namespace {

constexpr std::uint32_t events_a_call = 500;
constexpr std::size_t candidates_a_call = 1'000;
constexpr Millis wait_max{2'000};
constexpr Millis fresh_max{60'000};  // older ones were brought from elsewhere, and are no news
constexpr Millis answer_max{1'000};  // on top of the wait, for a module to answer in

std::string tag_key(std::string_view hashtag) {
    if (hashtag.starts_with('#')) hashtag.remove_prefix(1);
    return is_utf8(hashtag) ? folded(hashtag) : "";
}

bool has_hashtag(const tweets::Tweet& tweet, std::string_view key) {
    return std::ranges::any_of(tweet.entities(), [&](const tweets::Entity& entity) {
        return entity.kind() == tweets::Entity::KIND_HASHTAG && tag_key(entity.value()) == key;
    });
}

std::unexpected<Error> was_cut() {
    return fail(Code::unavailable, "This stream has ended. Connect again.");
}

}  // namespace

Subscription::Subscription(Hub& hub, Wanted wanted) : hub_(hub), wanted_(std::move(wanted)) {}

Subscription::~Subscription() {
    hub_.leave(*this);
}

Result<std::shared_ptr<const Happened>> Subscription::next(Deadline until) {
    for (bool waited = false;; waited = true) {
        fiber::Event arrived;
        {
            const std::lock_guard lock{mutex_};
            if (cut_) return was_cut();
            if (!queue_.empty()) {
                auto first = std::move(queue_.front());
                queue_.pop_front();
                return first;
            }
            if (waited) return nullptr;
            arrived_ = arrived;
        }
        arrived.wait_until(until);
    }
}

void Subscription::put(const std::shared_ptr<const Happened>& happened) {
    const std::lock_guard lock{mutex_};
    if (queue_.size() >= queue_max) {
        cut_ = true;
        queue_.clear();
    } else if (!cut_) {
        queue_.push_back(happened);
    }
    arrived_.set();
}

void Subscription::cut() {
    const std::lock_guard lock{mutex_};
    cut_ = true;
    arrived_.set();
}

Result<std::unique_ptr<Subscription>> Hub::subscribe(Wanted wanted) {
    wanted.hashtag = tag_key(wanted.hashtag);
    const std::uint64_t user = wanted.user.value;
    std::unique_ptr<Subscription> subscription{new Subscription(*this, std::move(wanted))};
    const std::lock_guard lock{mutex_};
    if (ended_) return was_cut();
    const auto mine = of_user_.find(user);
    if (all_.size() >= subscriptions_max ||
        (user != 0 && mine != of_user_.end() && mine->second >= subscriptions_a_user_max))
        return fail(Code::exhausted, "Too many streams are open. Close some.");
    ++of_user_[user];
    all_.push_back(subscription.get());
    return subscription;
}

std::size_t Hub::subscriptions() const {
    const std::lock_guard lock{mutex_};
    return all_.size();
}

void Hub::leave(const Subscription& subscription) {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(all_, &subscription);
    if (found == all_.end()) return;  // it was never let in
    all_.erase(found);
    const auto mine = of_user_.find(subscription.wanted_.user.value);
    if (--mine->second == 0) of_user_.erase(mine);
}

void Hub::end() {
    ended_ = true;
    const std::lock_guard lock{mutex_};
    for (Subscription* const subscription : all_)
        subscription->cut();
}

template <typename Which>
void Hub::put(const Happening& happening, Which which) const {
    const std::lock_guard lock{mutex_};
    for (Subscription* const subscription : all_)
        if (which(subscription->wanted_)) subscription->put(happening);
}

template <typename Request, typename Module, typename Tell>
Result<void> Hub::follow(Module& module, Position& position, const Call& call, Tell tell) {
    if (!position.known) {
        TRY(const auto last, module.last_event(call, {}));
        position.after = last.sequence();
        position.known = true;
    }
    while (!ended_ && left_until(call.until) > wait_max + answer_max) {
        Request request;
        request.set_after(position.after);
        request.set_limit(events_a_call);
        request.set_wait_ms(static_cast<std::uint32_t>(wait_max.count()));
        TRY(const auto reply, module.events(call, request));
        for (const auto& event : reply.events()) {
            tell(event);
            position.after = event.sequence();
        }
    }
    return {};
}

Result<void> Hub::follow_tweets(const Call& call) {
    return follow<tweets::EventsRequest>(tweets_, of_tweets_, call,
                                         [&](const tweets::Event& event) { tell(call, event); });
}

Result<void> Hub::follow_notifications(const Call& call) {
    return follow<notifications::EventsRequest>(notifications_, of_notifications_, call,
                                                [&](const auto& event) { tell(event.notification()); });
}

Result<void> Hub::follow_messages(const Call& call) {
    return follow<messages::EventsRequest>(messages_, of_messages_, call,
                                           [&](const auto& event) { tell(event.message()); });
}

void Hub::tell(const Call& call, const tweets::Event& event) {
    switch (event.what_case()) {
        case tweets::Event::kWritten:
            if (event.at_ms() - event.written().created_ms() > fresh_max.count()) return;
            return tell_tweet(call, event.written().author_id(), &event.written(),
                              std::make_shared<Happened>(TweetWritten{event.written()}));
        case tweets::Event::kEdited:
            return tell_tweet(call, event.edited().author_id(), nullptr,
                              std::make_shared<Happened>(TweetEdited{event.edited()}));
        case tweets::Event::kDeleted:
            return tell_tweet(call, event.deleted().author_id(), nullptr,
                              std::make_shared<Happened>(event.deleted()));
        default:
            return;
    }
}

void Hub::tell(const notifications::Notification& notification) {
    put(std::make_shared<Happened>(notification), [&](const Wanted& wanted) {
        return wanted.notifications && wanted.user.value == notification.user_id();
    });
}

void Hub::tell(const messages::Message& message) {
    put(std::make_shared<Happened>(message), [&](const Wanted& wanted) {
        return wanted.messages &&
               (wanted.user.value == message.to_id() || wanted.user.value == message.from_id());
    });
}

void Hub::tell_tweet(const Call& call, std::uint64_t author, const tweets::Tweet* with_hashtags,
                     const Happening& happening) {
    const auto homes = concerned(call, author);
    put(happening, [&](const Wanted& wanted) {
        if (wanted.everybody || (wanted.home && std::ranges::binary_search(homes, wanted.user.value)))
            return true;
        return with_hashtags != nullptr && !wanted.hashtag.empty() &&
               has_hashtag(*with_hashtags, wanted.hashtag);
    });
}

// Those connected who want their home, sorted.
std::vector<std::uint64_t> Hub::at_home() const {
    std::vector<std::uint64_t> users;
    {
        const std::lock_guard lock{mutex_};
        for (const Subscription* const subscription : all_)
            if (subscription->wanted_.home && subscription->wanted_.user)
                users.push_back(subscription->wanted_.user.value);
    }
    std::ranges::sort(users);
    const auto repeated = std::ranges::unique(users);
    users.erase(repeated.begin(), repeated.end());
    return users;
}

// Those connected whose home it is in, sorted. Who cannot be asked about sees it at the next look at home.
std::vector<std::uint64_t> Hub::concerned(const Call& call, std::uint64_t author) const {
    const auto candidates = at_home();
    std::vector<std::uint64_t> concerned;
    if (std::ranges::binary_search(candidates, author)) concerned.push_back(author);
    for (std::size_t done = 0; done < candidates.size(); done += candidates_a_call) {
        follows::AmongFollowersRequest request;
        request.set_user_id(author);
        const auto begin = candidates.begin() + static_cast<std::ptrdiff_t>(done);
        const auto part = std::min(candidates_a_call, candidates.size() - done);
        request.mutable_candidate_ids()->Assign(begin, begin + static_cast<std::ptrdiff_t>(part));
        const auto reply = follows_.among_followers(call, request);
        if (reply) concerned.insert(concerned.end(), reply->user_ids().begin(), reply->user_ids().end());
    }
    std::ranges::sort(concerned);
    return concerned;
}

}  // namespace jebi::web
