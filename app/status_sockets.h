// The processes that run on a data folder, found by their control sockets (run/NAME.N.control, or
// run/NAME.control.sock of one without a supervisor) and asked what they do; and what their supervisor
// (run/supervisor.sock) knows of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kit/base/json.h"
#include "kit/base/result.h"

namespace jebi::app {

struct Rates {
    double per_second = 0;
    double errors_per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
};
struct ModuleStatus {
    std::string name;
    Rates rates{};
};
struct NeighbourStatus {
    std::string caller;  // empty: not known
    std::string name;
    bool is_here = false;  // in the same process
    Rates rates{};
    std::string breaker;  // empty: none
    std::string reason;
};
// As GET /status tells it (kit/watch/status.h).
struct ProcessStatus {
    std::string name;
    std::string version;
    std::int64_t pid = 0;
    double uptime_s = 0;
    // "ready", "degraded", "not ready"; "starting"; "mute" when the process does not answer; of one that does
    // not run the supervisor's word: "waiting", "backing off", ...
    std::string health;
    std::vector<std::pair<std::string, std::string>> unwell;  // and why
    std::vector<ModuleStatus> modules;
    Rates work{};
    std::vector<NeighbourStatus> neighbours;
    double memory_bytes = 0;
    std::optional<double> database_bytes;
    double loop_lag_ms_max = 0;
    std::uint64_t restarts = 0;
    std::string last_end;  // "killed by signal 9"; empty: it has not ended yet
    std::string control;   // the path of its control socket; empty: it did not answer there
    std::string json;      // as it was answered; empty: it was not
};

inline constexpr std::size_t processes_max = 256;  // asked; what is beyond is left out

// By their names. A socket that nobody listens at is left out; a process that does not answer within two
// seconds is "mute". `not_found`, with a hint, when nothing runs there.
Result<std::vector<ProcessStatus>> processes_on(const std::string& data_folder);

// What one process said. `internal` when it is no status.
Result<ProcessStatus> status_from(std::string answered);

}  // namespace jebi::app
