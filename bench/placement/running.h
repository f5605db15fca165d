// jebi as a topology file places it: a supervisor and the processes that it has started.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bench/program.h"

namespace jebi::bench {

struct Process {
    std::string name;  // as in the topology; "supervisor" is one too
    pid_t pid = 0;
};

class Running {
public:
    // topologies/NAME.toml at free ports, on data/NAME.
    Running(const std::string& programs, const std::string& name, const std::string& folder);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    const std::string& name() const { return name_; }
    std::uint16_t port() const { return program_.port; }
    const std::string& data() const { return data_; }
    // From the start of the supervisor until all processes were ready.
    double ready_ms() const { return ready_ms_; }

    std::vector<Process> processes() const;
    Process process(const std::string& name) const;  // pid 0: it is not there
    std::map<std::string, double> cpu_us() const;    // user and system so far, by process
    double cpu_us_of_all() const;
    double memory_bytes() const;  // of all: what is shared counts once (PSS)
    void wait_for_rest() const;
    // Stands still, so that it starts nothing again, until it may go on; false: it does not stand still.
    bool hold_supervisor() const;
    void let_supervisor_go() const;

private:
    std::string name_, data_;
    Program program_;
    double ready_ms_ = 0;
};

// For what takes longer than a look at the clock.
double ms_since(std::int64_t start_ns);
std::int64_t now_ns();

}  // namespace jebi::bench
