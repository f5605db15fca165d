#include "modules/log_analytics/store/store.h"

#include "modules/log_analytics/store/engine.h"

namespace jebi::log_analytics {

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, disk::Disk& disk, const Clock& clock) {
    TRY_VOID(disk.make_folder(options.folder));
    TRY(auto lock, disk::FolderLock::take(options.folder));
    if (!options.told) options.told = [](std::string_view) {};
    auto engine = std::make_unique<Engine>(std::move(options), disk, clock, std::move(lock));
    TRY_VOID(engine->open());
    return std::unique_ptr<Store>(new Store(std::move(engine)));
}

Store::Store(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Store::~Store() = default;

Result<std::uint64_t> Store::write(Rows rows, Deadline until) {
    return engine_->write(std::move(rows), until);
}

Snapshot Store::snapshot() const {
    return engine_->snapshot();
}

const fiber::Signal& Store::appended() const {
    return engine_->appended();
}

Result<void> Store::writable() const {
    return engine_->writable();
}

std::vector<std::string> Store::damaged() const {
    return engine_->damaged();
}

StoreStats Store::stats() const {
    return engine_->stats();
}

Result<void> Store::settle(Deadline until) {
    return engine_->settle(until);
}

}  // namespace jebi::log_analytics
