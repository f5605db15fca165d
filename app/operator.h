// What only an operator may ask of jebi, whether it runs or not: to make derived data again.
//
// A running jebi answers at a Unix socket in its data folder, which belongs to its user alone. Where none
// runs, the verb opens the database itself, and does the work in its own process.
#pragma once

#include <memory>

#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/place/process.h"
#include "kit/place/settings.h"
#include "modules/search/search.jebi.h"
#include "modules/timelines/timelines.jebi.h"

namespace jebi::app {

// The running jebi's side of it.
class OperatorDoor {
public:
    // The contracts outlive this. `invalid` when the data folder's path is too long for a socket: then the
    // verbs work only while jebi does not run.
    static Result<std::unique_ptr<OperatorDoor>> open(place::Process& process,
                                                      const place::Settings& settings,
                                                      timelines::Timelines& timelines,
                                                      search::Search& search);
    // True: nothing had to be cut.
    bool end(Deadline until) { return server_->stop(until); }

private:
    OperatorDoor() = default;
    http::Router router_;
    std::unique_ptr<http::Server> server_;
};

// `jebi timelines rebuild` and `jebi search rebuild`: wait until it is done, and say so.
Result<void> rebuild_timelines(const place::Settings& settings);
Result<void> rebuild_search(const place::Settings& settings);

}  // namespace jebi::app
