#include "modules/web/site.h"

namespace jebi::web {

namespace {

// Counted from the beginning of the page, which is request_max before its end.
Call within(Call call, Millis time) {
    call.until -= request_max - time;
    return call;
}

}  // namespace

Call replaceable(Call call) {
    return within(std::move(call), replaceable_max);
}

Call extras(Call call) {
    return within(std::move(call), extras_max);
}

bool is_away(const Error& error) {
    return error.code == Code::unavailable || error.code == Code::deadline || error.code == Code::internal;
}

}  // namespace jebi::web
