// What this process uses of the machine, read from /proc when asked (some 50 us).
#pragma once

#include <cstdint>

namespace jebi::watch {

struct Usage {
    double cpu_s = 0;  // user and system, of all threads
    std::uint64_t resident_bytes = 0;
    std::uint64_t open_files = 0;
    std::uint64_t open_files_max = 0;
    std::uint64_t threads = 0;
};
Usage usage();

}  // namespace jebi::watch
