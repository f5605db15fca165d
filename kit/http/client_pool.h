// The connections of a client: some in use, some idle, and callers that wait for one.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "kit/http/answer_reader.h"

namespace jebi::http {

struct ClientConnection {
    fiber::Socket socket;
    AnswerReader reader;
    Deadline idle_since{};
};

// Thread-safe. Shared with the fibers that close what has been idle for too long.
class ClientPool : public std::enable_shared_from_this<ClientPool> {
    struct Slot;

public:
    explicit ClientPool(ClientOptions options) : options_(std::move(options)) {}

    const ClientOptions& options() const { return options_; }
    // Closes the idle connections; nobody may lease any more.
    void close();

    // The right to use one connection. It comes with an idle one, or with none: then make it one.
    class Lease {
    public:
        Lease(ClientPool& pool, Slot& slot, std::unique_ptr<ClientConnection> idle);
        Lease(Lease&& other) noexcept;
        Lease(const Lease&) = delete;
        ~Lease();

        ClientConnection* connection() const { return connection_.get(); }
        // Was it made for this lease? Then it cannot be stale.
        bool is_fresh() const { return fresh_; }
        // Another connection instead of the present one; and the idle ones of this loop are closed, as they
        // are as old as one that was found dead.
        Result<void> reconnect(Deadline until);
        Result<void> connect(Deadline until);
        // The connection goes back to the pool instead of being closed.
        void keep() { kept_ = true; }

    private:
        ClientPool* pool_;
        Slot* slot_;
        std::unique_ptr<ClientConnection> connection_;
        bool fresh_ = false;
        bool kept_ = false;
    };

    // `exhausted` when too many wait already, `deadline`.
    Result<Lease> lease(Deadline until);

private:
    struct Waiter {
        fiber::Event event;
        bool granted = false;
    };
    using Connections = std::vector<std::unique_ptr<ClientConnection>>;

    // What one loop uses; the plain threads share the slot of no loop.
    struct Slot {
        fiber::Loop* loop;
        Connections idle{};  // the one used last stands last
        std::size_t in_use = 0;
        std::deque<std::shared_ptr<Waiter>> waiting{};  // shared with the waiting caller, who may give up
        bool swept = false;                             // a fiber waits for the idle ones to grow old
    };

    Slot& slot_of_caller();
    std::unique_ptr<ClientConnection> newest_idle(Slot& slot, Connections& old) const;
    void move_old(Slot& slot, Connections& old) const;
    Result<void> wait_for_turn(Slot& slot, std::unique_lock<std::mutex>& lock, Deadline until);
    void give_back(Slot& slot, std::unique_ptr<ClientConnection> connection);
    void close_idle(Slot& slot);
    void sweep(Slot& slot);
    std::optional<Deadline> close_old(Slot& slot);

    const ClientOptions options_;
    fiber::Event closed_;
    std::mutex mutex_;  // of all below
    std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace jebi::http
