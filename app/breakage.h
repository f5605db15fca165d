// What `jebi chaos` breaks inside a process: nothing, unless the setting `chaos` says that it may.
#pragma once

#include <memory>

#include "kit/chaos/faults.h"
#include "kit/guard/time.h"
#include "kit/place/process.h"
#include "kit/place/settings.h"

namespace jebi::app {

class Breakage {
public:
    // Before the process serves, and before it is ready: faults stand before all that is served, and
    // GET, POST and DELETE /chaos answer at the control socket. Outlives the process. `fill_disk` makes full
    // what the process writes to; without one that is its database, where it has any.
    Breakage(place::Process& process, chaos::Faults::FillDisk fill_disk);

    // Before the calls of this process to others.
    chaos::Faults& faults() { return faults_; }

private:
    guard::SteadyTime time_;
    chaos::Faults faults_;
};

// Null: the setting says no, and then there is no such route either.
std::unique_ptr<Breakage> breakage_of(place::Process& process, const place::Settings& settings,
                                      chaos::Faults::FillDisk fill_disk = {});

}  // namespace jebi::app
