// Read-only connections, one for each thread that reads.
//
// A thread's connection is opened at its first read and closed when the thread ends or the Readers go,
// whatever comes first. Whoever destroys the Readers has made sure that nobody reads any more.
//
// A connection keeps its snapshot (a read transaction) over many statements, for as long as nothing was
// committed: beginning and ending one costs two file locks, as much as a small statement. A snapshot that is
// kept holds the write-ahead log back, so who wants to begin the log anew says let_go() before and after.
#pragma once

#include <atomic>
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

    // The calling thread's connection, for one statement: no other fiber may run before it is given back.
    class Lease {
    public:
        Connection* operator->() const { return connection_; }

    private:
        friend class Readers;
        Lease(std::unique_lock<std::mutex> lock, Connection* connection)
            : lock_(std::move(lock)), connection_(connection) {}
        std::unique_lock<std::mutex> lock_;
        Connection* connection_;
    };
    // It sees all of which committed() was said before this. What another program has written, as none of
    // ours does, is seen after `snapshot_ms_max`.
    Result<Lease> mine();
    static constexpr Millis snapshot_ms_max{100};
    // After each commit, before anybody is told of it.
    void committed() { commits_ += 1; }

    // Ends all snapshots: who reads right now ends theirs before the next statement, which is waited for a
    // moment.
    void let_go();
    static constexpr Millis let_go_ms_max{2};
    // Closes all connections.
    void close();
    // How many are open.
    std::size_t size() const;

private:
    struct Slot;
    struct OfThread;
    static OfThread& of_thread();
    Result<Slot*> slot_of_thread();
    Result<Slot*> open(OfThread& thread);
    Result<void> renew(Slot& slot) const;

    const ConnectionOptions options_;
    std::atomic<std::uint64_t> commits_{0};
    const std::uint64_t number_;  // which Readers these are; never used twice, unlike an address
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Slot>> slots_;
};

}  // namespace jebi::sql
