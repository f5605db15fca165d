#include "modules/log_analytics/query/monitor.h"

#include <algorithm>

namespace jebi::log_analytics::query {

bool Monitor::may_go_on() {
    if (ended_) return false;
    if (options_.stop && *options_.stop) {
        fail(error(Code::deadline, "The query was stopped, as nobody waits for its answer.")
                 .because("stopped"));
    } else if (std::chrono::steady_clock::now() >= options_.until) {
        fail(error(
                 Code::deadline,
                 "The query took too long. Ask for a shorter time, as in WHERE ts > now() - INTERVAL 1 HOUR.")
                 .because("query_time"));
    }
    return !ended_;
}

bool Monitor::keep(std::size_t bytes, std::size_t& before) {
    const std::size_t kept = kept_.fetch_add(bytes - before) + (bytes - before);  // wraps where it gets less
    before = bytes;
    if (kept <= options_.memory_bytes_max) return true;
    fail(error(Code::exhausted, "The query needs more than " +
                                    std::to_string(options_.memory_bytes_max / 1024 / 1024) +
                                    " MiB for its groups, distinct values or rows. Ask for a shorter time, "
                                    "fewer groups, or fewer rows (LIMIT).")
             .because("query_memory"));
    return false;
}

void Monitor::fail(Error error) {
    const std::lock_guard lock{mutex_};
    if (!error_) error_ = std::move(error);
    ended_ = true;
}

bool Monitor::note_damage(const Error& error) {
    if (error.reason != "damaged") return false;
    const std::lock_guard lock{mutex_};
    if (damaged_.size() < damaged_max && std::ranges::find(damaged_, error.message) == damaged_.end())
        damaged_.push_back(error.message);
    return true;
}

void Monitor::add(const AnswerCost& cost) {
    const std::lock_guard lock{mutex_};
    cost_.parts_read += cost.parts_read;
    cost_.blocks_read += cost.blocks_read;
    cost_.rows_read += cost.rows_read;
    cost_.bytes_read += cost.bytes_read;
}

Result<void> Monitor::result() const {
    const std::lock_guard lock{mutex_};
    if (error_) return jebi::fail(*error_);
    return {};
}

}  // namespace jebi::log_analytics::query
