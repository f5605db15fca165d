// A server under measurement: a process of its own that says on its output at which port it listens.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace jebi::bench {

struct Program {
    pid_t process = 0;
    std::uint16_t port = 0;
    std::FILE* output = nullptr;
};

// Starts it and waits for the line that begins with `ready` and goes on with the port; what it writes to
// stderr is thrown away. Stops the benchmark with a message when it ends without that line. When the
// benchmark dies, it is asked to end.
Program start_program(const std::vector<std::string>& command, const std::string& ready);
// Asks it to end, and waits.
void stop_program(const Program& program);

// jebi on this data folder, at a free port, without a limit on how often its API may be asked.
Program start_jebi(const std::string& program, const std::string& data);

// Waits until it has used next to no CPU for a second. Stops the benchmark after ten minutes.
void wait_for_rest(pid_t process);
// The same of several, whose CPU time so far is `used_us`; `at_rest` is the part of a core that they may use.
void wait_for_rest(const std::function<double()>& used_us, double at_rest);

}  // namespace jebi::bench
