#include "modules/timelines/changes.h"

#include <utility>

namespace jebi::timelines {

Result<void> Changes::commit(const Call& call) {
    if (sequence_ != 0) store_.move(batch_, source_, sequence_);
    if (at_ms_ != 0) store_.move(batch_, Store::followed_until, static_cast<std::uint64_t>(at_ms_));
    rows_ = 0;
    sequence_ = 0;
    at_ms_ = 0;
    return store_.commit(call, std::exchange(batch_, {}));
}

}  // namespace jebi::timelines
