#include "app/breakage.h"

namespace jebi::app {

namespace {

chaos::Faults::FillDisk disk_of(place::Process& process) {
    if (!process.has_database()) return {};
    return [&process](Deadline until) { process.database().pretend_full(until); };
}

}  // namespace

Breakage::Breakage(place::Process& process) : faults_(time_, disk_of(process)) {
    process.before(chaos::in_front(faults_));
    chaos::bind(process.control(), faults_);
    process.log().warning("chaos", "this process may be broken on purpose: the setting chaos is on");
}

std::unique_ptr<Breakage> breakage_of(place::Process& process, const place::Settings& settings) {
    return settings.flag("chaos") ? std::make_unique<Breakage>(process) : nullptr;
}

}  // namespace jebi::app
