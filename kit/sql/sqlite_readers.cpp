#include "kit/sql/sqlite_readers.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace jebi::sql {

namespace {

std::uint64_t next_number() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

// Shared by the thread and the Readers: either may end first, and closes the connection then.
struct Readers::Slot {
    explicit Slot(std::uint64_t number) : owner(number) {}
    const std::uint64_t owner;
    std::mutex mutex;
    std::unique_ptr<Connection> connection;
    std::atomic<std::uint64_t> commits = 0;  // what the snapshot has, at least
    Deadline begun{};

    void let_go() {
        // Nothing was written, so nothing can be lost; and where it fails, the next read begins by it.
        if (connection != nullptr && connection->in_transaction())
            static_cast<void>(connection->run("COMMIT"));
    }
    // False: a statement is running on a snapshot that is older than that.
    bool has_let_go(std::uint64_t wanted) {
        if (commits >= wanted) return true;
        const std::unique_lock idle{mutex, std::try_to_lock};
        if (idle) let_go();
        return idle.owns_lock();
    }
    void close() {
        const std::lock_guard lock{mutex};
        connection.reset();
    }
    bool is_closed() {
        const std::lock_guard lock{mutex};
        return connection == nullptr;
    }
};

struct Readers::OfThread {
    std::vector<std::shared_ptr<Slot>> slots;  // one for each database that the thread reads
    ~OfThread() {
        for (const auto& slot : slots)
            slot->close();
    }
};

Readers::OfThread& Readers::of_thread() {
    thread_local OfThread mine;
    return mine;
}

Readers::Readers(ConnectionOptions options) : options_(std::move(options)), number_(next_number()) {}

Readers::~Readers() {
    close();
}

void Readers::close() {
    const std::lock_guard lock{mutex_};
    for (const auto& slot : slots_)
        slot->close();
}

Result<Readers::Lease> Readers::mine() {
    TRY(Slot* const slot, slot_of_thread());
    std::unique_lock lock{slot->mutex};
    TRY_VOID(renew(*slot));
    return Lease{std::move(lock), slot->connection.get()};
}

void Readers::let_go() {
    const std::uint64_t wanted = ++commits_;
    const Deadline until = in(let_go_ms_max);
    const std::lock_guard lock{mutex_};
    for (const auto& slot : slots_) {
        while (!slot->has_let_go(wanted) && std::chrono::steady_clock::now() < until)
            std::this_thread::yield();
    }
}

Result<Readers::Slot*> Readers::slot_of_thread() {
    OfThread& thread = of_thread();
    for (const auto& slot : thread.slots) {
        if (slot->owner == number_) return slot.get();
    }
    return open(thread);
}

Result<void> Readers::renew(Slot& slot) const {
    const std::uint64_t commits = commits_.load();  // before the snapshot begins, which may have more
    const Deadline now = std::chrono::steady_clock::now();
    const bool is_fresh = slot.commits == commits && now - slot.begun < snapshot_ms_max;
    if (slot.connection->in_transaction() && is_fresh) return {};
    slot.let_go();
    TRY_VOID(slot.connection->run("BEGIN"));
    slot.commits = commits;
    slot.begun = now;
    return {};
}

std::size_t Readers::size() const {
    const std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(
        std::ranges::count_if(slots_, [](const auto& slot) { return !slot->is_closed(); }));
}

Result<Readers::Slot*> Readers::open(OfThread& thread) {
    auto slot = std::make_shared<Slot>(number_);
    TRY(slot->connection, Connection::open(options_, Connection::Mode::read));
    std::erase_if(thread.slots, [](const auto& other) { return other->is_closed(); });
    thread.slots.push_back(slot);
    const std::lock_guard lock{mutex_};
    std::erase_if(slots_, [](const auto& other) { return other->is_closed(); });
    slots_.push_back(slot);
    return slot.get();
}

}  // namespace jebi::sql
