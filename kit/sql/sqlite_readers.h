// Read-only connections, one for each thread that reads.
//
// A thread's connection is opened at its first read and closed when the thread ends or the Readers go,
// whatever comes first. Whoever destroys the Readers has made sure that nobody reads any more.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "kit/sql/sqlite_connection.h"

namespace jebi::sql {

class Readers {
public:
    explicit Readers(ConnectionOptions options);
    ~Readers();
    Readers(const Readers&) = delete;

    // The calling thread's connection.
    Result<Connection*> mine();
    // How many are open.
    std::size_t size() const;

private:
    struct Slot;
    struct OfThread;
    static OfThread& of_thread();
    Result<Connection*> open(OfThread& thread);

    const ConnectionOptions options_;
    const std::uint64_t number_;  // which Readers these are; never used twice, unlike an address
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Slot>> slots_;
};

}  // namespace jebi::sql
