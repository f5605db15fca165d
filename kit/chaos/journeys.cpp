#include "kit/chaos/journeys.h"

#include <algorithm>

namespace jebi::chaos {

namespace {

double share_of(std::uint64_t some, std::uint64_t all) {
    return all == 0 ? 1 : static_cast<double>(some) / static_cast<double>(all);
}

}  // namespace

double JourneySeen::first_share() const {
    return share_of(first, walks);
}

double JourneySeen::share() const {
    return share_of(first + second, walks);
}

Journeys::Journeys(std::vector<Journey> journeys, std::string prefix, const guard::Time& time)
    : prefix_(std::move(prefix)), time_(time) {
    for (Journey& journey : journeys) {
        const std::string name = journey.name;
        all_.push_back(std::make_unique<One>(One{std::move(journey), {.name = name}}));
    }
}

Journeys::~Journeys() {
    end();
}

void Journeys::walk_once() {
    for (const auto& one : all_)
        walk(*one);
}

void Journeys::begin() {
    for (const auto& one : all_) {
        threads_.emplace_back([this, &one = *one](const std::stop_token& told) {
            while (!told.stop_requested()) {
                walk(one);
                time_.sleep_until(time_.now() + one.journey.pause);
            }
        });
    }
}

void Journeys::end() {
    for (std::jthread& thread : threads_)
        thread.request_stop();
    threads_.clear();
}

std::vector<JourneySeen> Journeys::seen() const {
    const std::lock_guard lock{mutex_};
    std::vector<JourneySeen> all;
    std::ranges::transform(all_, std::back_inserter(all), [](const auto& one) { return one->seen; });
    return all;
}

std::uint64_t Journeys::first_failures() const {
    std::uint64_t failures = 0;
    for (const JourneySeen& one : seen())
        failures += one.walks - one.first;
    return failures;
}

void Journeys::walk(One& one) {
    const std::string key = prefix_ + "-" + one.seen.name + "-" + std::to_string(one.seen.walks);
    int good = 0;
    Millis longest{};
    std::string failure;
    for (int number = 1; number <= 2 && good == 0; ++number) {
        const Deadline begun = time_.now();
        const auto walked = one.journey.walk({key, number});
        longest = std::max(longest, std::chrono::ceil<Millis>(time_.now() - begun));
        if (walked) {
            good = number;
        } else {
            failure = walked.error().message;
        }
    }
    const std::lock_guard lock{mutex_};
    one.seen.walks += 1;
    one.seen.first += good == 1 ? 1 : 0;
    one.seen.second += good == 2 ? 1 : 0;
    one.seen.longest = std::max(one.seen.longest, longest);
    if (!failure.empty()) one.seen.last_failure = std::move(failure);
}

}  // namespace jebi::chaos
