#include "app/breakage.h"

namespace jebi::app {

namespace {

chaos::Faults::FillDisk database_of(place::Process& process) {
    if (!process.has_database()) return {};
    return [&process](Deadline until) { process.database().pretend_full(until); };
}

}  // namespace

Breakage::Breakage(place::Process& process, chaos::Faults::FillDisk fill_disk)
    : faults_(time_, fill_disk ? std::move(fill_disk) : database_of(process)) {
    process.before(chaos::in_front(faults_));
    process.at_end([this] { faults_.clear(); });  // who waits for a fault is still answered
    chaos::bind(process.control(), faults_);
    process.log().warning("chaos", "this process may be broken on purpose: the setting chaos is on");
}

std::unique_ptr<Breakage> breakage_of(place::Process& process, const place::Settings& settings,
                                      chaos::Faults::FillDisk fill_disk) {
    return settings.flag("chaos") ? std::make_unique<Breakage>(process, std::move(fill_disk)) : nullptr;
}

}  // namespace jebi::app
