// Is the process alive, and is it ready for work?
//
//     GET /livez            200 as long as the process answers at all; restart it when it does not
//     GET /readyz           200 when every check passes, 503 otherwise and while the process drains
//     GET /readyz?verbose   a line per check: "[+]database ok", "[-]database: ..."
//     GET /healthz          the same as /livez
//
// A dependency that fails never fails /livez: a restart would not heal it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/http/router.h"

namespace jebi::watch {

class Health {
public:
    // Before the server starts. `check` is called at each question and must end by the call's deadline.
    void add(std::string name, std::function<Result<void>(const Call&)> check);
    // From now on the process is not ready, so that balancers stop sending.
    void drain() { draining_ = true; }
    void bind(http::Router& router);

private:
    http::Response ready(const http::Request& request) const;
    struct Check {
        std::string name;
        std::function<Result<void>(const Call&)> run;
    };
    std::vector<Check> checks_;
    std::atomic<bool> draining_ = false;
};

}  // namespace jebi::watch
