#include "kit/chaos/faults.h"

#include <algorithm>

#include "kit/base/json.h"

namespace jebi::chaos {

namespace {

bool acts_in_process(Kind kind) {
    return kind != Kind::kill && kind != Kind::pause;
}

std::unexpected<Error> refuse(Code code, std::string why) {
    return fail(error(code, std::move(why)).because("bad_fault"));
}

std::string text_of(const std::vector<ActiveFault>& faults) {
    std::string out = "{\"faults\":[";
    for (const ActiveFault& active : faults) {
        std::string one = json_of(active.fault);
        one.pop_back();
        out += (out.back() == '[' ? "" : ",") + one + ",\"left_ms\":" + std::to_string(active.left.count()) +
               ",\"calls\":" + std::to_string(active.calls) + ",\"hits\":" + std::to_string(active.hits) +
               "}";
    }
    return out + "]}";
}

http::Response answer_of(const Error& error) {
    json::Writer out;
    out.begin_object().key("message").string(error.message).key("reason").string(error.reason);
    out.key("field").string(error.field).end_object();
    return http::Response::json(http::status_of(error.code), out.take());
}

}  // namespace

bool Faults::Acting::is_meant(Side side, std::string_view service) const {
    return fault.kind != Kind::disk_full && fault.side == side &&
           (fault.service.empty() || fault.service == service);
}

Result<void> Faults::set(const Fault& fault) {
    TRY_VOID(check(fault));
    if (!acts_in_process(fault.kind))
        return refuse(Code::invalid, "A process does not do that to itself: it is done from outside.");
    if (fault.kind == Kind::disk_full && !fill_disk_)
        return refuse(Code::invalid, "This process writes to no disk that could be full.");
    const std::lock_guard lock{mutex_};
    forget_ended();
    if (acting_.size() >= faults_max)
        return refuse(Code::exhausted, "There are " + std::to_string(faults_max) + " faults already.");
    acting_.push_back(std::make_unique<Acting>(fault, time_.now() + fault.lasts));
    if (fault.kind == Kind::disk_full) fill_disk_(in(fault.lasts));
    any_ = true;
    return {};
}

void Faults::clear() {
    const std::lock_guard lock{mutex_};
    acting_.clear();
    ++clears_;
    if (fill_disk_) fill_disk_(in(Millis{0}));
    any_ = false;
}

std::vector<ActiveFault> Faults::active() const {
    const std::lock_guard lock{mutex_};
    forget_ended();
    std::vector<ActiveFault> all;
    all.reserve(acting_.size());
    for (const auto& one : acting_) {
        const auto left = std::chrono::ceil<Millis>(one->until - time_.now());
        all.push_back({one->fault, left, one->calls, one->hits});
    }
    return all;
}

Hit Faults::meet(Side side, std::string_view service) {
    if (!any_) return {};
    const std::lock_guard lock{mutex_};
    forget_ended();
    any_ = !acting_.empty();
    Hit hit{.clears = clears_};
    for (const auto& one : acting_) {
        if (!one->is_meant(side, service)) continue;
        ++one->calls;
        if (one->dice.fraction() >= one->fault.share) continue;
        ++one->hits;
        hit.chance = one->dice.next();
        if (one->fault.kind == Kind::slow) {
            hit.delay += one->fault.delay;
        } else if (!hit.kind) {
            hit.kind = one->fault.kind;
            hit.code = one->fault.code;
        }
    }
    return hit;
}

bool Faults::wait(const Hit& hit, Deadline until) const {
    if (hit.delay == Millis{0}) return true;
    const Deadline late = until + time_.ahead();
    const Deadline end = std::min(time_.now() + hit.delay, late);
    while (time_.now() < end && hit.clears == clears_)
        time_.sleep_until(std::min(end, time_.now() + look_every));
    return time_.now() < late;
}

void Faults::forget_ended() const {
    std::erase_if(acting_, [now = time_.now()](const auto& one) { return one->until <= now; });
}

void bind(http::Router& router, Faults& faults) {
    const auto told = [&faults](const http::Request&) {
        return http::Response::json(200, text_of(faults.active()));
    };
    router.on(http::Method::get, "/chaos", told);
    router.on(http::Method::post, "/chaos", [&faults, told](const http::Request& request) {
        const auto fault = fault_from(request.body);
        if (!fault) return answer_of(fault.error());
        const auto set = faults.set(*fault);
        return set ? told(request) : answer_of(set.error());
    });
    router.on(http::Method::del, "/chaos", [&faults, told](const http::Request& request) {
        faults.clear();
        return told(request);
    });
}

}  // namespace jebi::chaos
