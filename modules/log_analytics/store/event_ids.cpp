#include "modules/log_analytics/store/event_ids.h"

namespace jebi::log_analytics {

bool EventIds::add(std::string_view id) {
    if (count_max_ == 0) return true;
    const Hash128 hash = hash128(id);
    if (!known_.insert(hash).second) return false;
    if (order_.size() < count_max_) {
        order_.push_back(hash);
        return true;
    }
    known_.erase(order_[oldest_]);
    order_[oldest_] = hash;
    oldest_ = (oldest_ + 1) % count_max_;
    return true;
}

}  // namespace jebi::log_analytics
