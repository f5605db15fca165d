#include "kit/guard/server_limit.h"

#include <algorithm>

#include "kit/rpc/errors.h"

namespace jebi::guard {

namespace {

constexpr std::int64_t retry_after_s = 1;

}  // namespace

Result<ServerLimit::Pass> ServerLimit::enter(bool background) {
    const std::lock_guard lock{mutex_};
    int& mine = background ? background_ : users_;
    if (in_flight() >= gradient_.limit() && mine >= share_of(background)) {
        ++(background ? shed_background_ : shed_users_);
        return fail(error(Code::unavailable, "Too much is asked at the moment. Please try again soon.")
                        .because(std::string(rpc::overloaded))
                        .after_s(retry_after_s));
    }
    ++mine;
    return Pass{*this, background, time_.now()};
}

rpc::Door ServerLimit::door() {
    return [this](const rpc::Method& method, const Call& call) -> Result<std::shared_ptr<const void>> {
        if (method.waits) return nullptr;
        TRY(Pass pass, enter(call.background));
        return std::make_shared<const Pass>(std::move(pass));
    };
}

ServerLimitView ServerLimit::view() const {
    const std::lock_guard lock{mutex_};
    return {gradient_.limit(), users_, background_, shed_users_, shed_background_, gradient_.usual()};
}

void ServerLimit::leave(bool background, Deadline since) {
    const std::lock_guard lock{mutex_};
    const Deadline now = time_.now();
    gradient_.add(now, now - since, in_flight());
    --(background ? background_ : users_);
}

int ServerLimit::share_of(bool background) const {
    const int percent = background ? settings_.background_percent : 100 - settings_.background_percent;
    return std::max(1, gradient_.limit() * percent / 100);
}

}  // namespace jebi::guard
