#include "kit/sql/sqlite_readers.h"

#include <algorithm>
#include <atomic>

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
    const std::lock_guard lock{mutex_};
    for (const auto& slot : slots_)
        slot->close();
}

Result<Connection*> Readers::mine() {
    OfThread& thread = of_thread();
    for (const auto& slot : thread.slots) {
        // Without the slot's lock: only this thread and the destructor change it.
        if (slot->owner == number_) return slot->connection.get();
    }
    return open(thread);
}

std::size_t Readers::size() const {
    const std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(
        std::ranges::count_if(slots_, [](const auto& slot) { return !slot->is_closed(); }));
}

Result<Connection*> Readers::open(OfThread& thread) {
    auto slot = std::make_shared<Slot>(number_);
    TRY(slot->connection, Connection::open(options_, Connection::Mode::read));
    std::erase_if(thread.slots, [](const auto& other) { return other->is_closed(); });
    thread.slots.push_back(slot);
    const std::lock_guard lock{mutex_};
    std::erase_if(slots_, [](const auto& other) { return other->is_closed(); });
    slots_.push_back(slot);
    return slot->connection.get();
}

}  // namespace jebi::sql
