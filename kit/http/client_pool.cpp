#include "kit/http/client_pool.h"

#include <algorithm>

namespace jebi::http {

namespace {

Deadline now() {
    return std::chrono::steady_clock::now();
}

// An idle connection has nothing to read. When it has, the other side has closed it, or says what nobody
// asked for.
bool is_quiet(ClientConnection& connection, Millis trusted) {
    if (now() - connection.idle_since < trusted) return true;
    const auto count = connection.socket.read_some(connection.reader.space(), now());
    return !count && count.error().code == Code::deadline;
}

}  // namespace

ClientPool::Lease::Lease(ClientPool& pool, Slot& slot, std::unique_ptr<ClientConnection> idle)
    : pool_(&pool), slot_(&slot), connection_(std::move(idle)) {}

ClientPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      slot_(other.slot_),
      connection_(std::move(other.connection_)),
      fresh_(other.fresh_),
      kept_(other.kept_) {}

ClientPool::Lease::~Lease() {
    if (pool_ == nullptr) return;
    if (!kept_) connection_.reset();
    pool_->give_back(*slot_, std::move(connection_));
}

Result<void> ClientPool::Lease::connect(Deadline until) {
    connection_.reset();
    const ClientOptions& options = pool_->options_;
    TRY(auto socket, fiber::Socket::connect(options.address, until));
    const std::string& name = options.tls_name.empty() ? options.address.host : options.tls_name;
    if (options.tls) TRY_VOID(socket.secure(*options.tls, name, until));
    connection_ =
        std::make_unique<ClientConnection>(std::move(socket), AnswerReader{options.answer_bytes_max});
    fresh_ = true;
    return {};
}

Result<void> ClientPool::Lease::reconnect(Deadline until) {
    pool_->close_idle(*slot_);
    return connect(until);
}

Result<ClientPool::Lease> ClientPool::lease(Deadline until) {
    Connections old;  // closed when the lock is free again
    std::unique_lock lock{mutex_};
    Slot& slot = slot_of_caller();
    if (slot.in_use < options_.connections_max) {
        ++slot.in_use;
    } else {
        TRY_VOID(wait_for_turn(slot, lock, until));
    }
    Lease lease{*this, slot, newest_idle(slot, old)};
    lock.unlock();
    if (lease.connection() != nullptr && !is_quiet(*lease.connection(), options_.trusted_ms))
        TRY_VOID(lease.reconnect(until));
    return lease;
}

// Whoever gives a connection back hands the turn over, so `in_use` stays as it is.
Result<void> ClientPool::wait_for_turn(Slot& slot, std::unique_lock<std::mutex>& lock, Deadline until) {
    if (slot.waiting.size() >= options_.waiting_max)
        return fail(Code::exhausted, "Too many requests wait for " + options_.address.text() + ".");
    const auto waiter = slot.waiting.emplace_back(std::make_shared<Waiter>());
    lock.unlock();
    waiter->event.wait_until(until);
    lock.lock();
    if (waiter->granted) return {};
    std::erase(slot.waiting, waiter);
    return fail(Code::deadline, "No connection was free in time.");
}

ClientPool::Slot& ClientPool::slot_of_caller() {
    fiber::Loop* const loop = fiber::current_loop();
    const auto found = std::ranges::find(slots_, loop, [](const auto& slot) { return slot->loop; });
    if (found != slots_.end()) return **found;
    return *slots_.emplace_back(std::make_unique<Slot>(loop));
}

std::unique_ptr<ClientConnection> ClientPool::newest_idle(Slot& slot, Connections& old) const {
    move_old(slot, old);
    if (slot.idle.empty()) return nullptr;
    auto newest = std::move(slot.idle.back());
    slot.idle.pop_back();
    return newest;
}

void ClientPool::move_old(Slot& slot, Connections& old) const {
    const Deadline since_min = now() - options_.idle_ms;
    const auto young =
        std::ranges::find_if(slot.idle, [&](const auto& one) { return one->idle_since > since_min; });
    std::move(slot.idle.begin(), young, std::back_inserter(old));
    slot.idle.erase(slot.idle.begin(), young);
}

void ClientPool::give_back(Slot& slot, std::unique_ptr<ClientConnection> connection) {
    Connections old;
    std::shared_ptr<Waiter> next;
    bool sweep_begins = false;
    {
        const std::lock_guard lock{mutex_};
        if (connection) {
            connection->idle_since = now();
            slot.idle.push_back(std::move(connection));
        }
        move_old(slot, old);
        if (slot.waiting.empty()) {
            --slot.in_use;
        } else {
            next = std::move(slot.waiting.front());
            slot.waiting.pop_front();
            next->granted = true;
        }
        sweep_begins = slot.loop != nullptr && !slot.swept && !slot.idle.empty();
        slot.swept |= sweep_begins;
    }
    if (next) next->event.set();
    if (sweep_begins) fiber::spawn(*slot.loop, [pool = shared_from_this(), &slot] { pool->sweep(slot); });
}

// As long as there are idle ones.
void ClientPool::sweep(Slot& slot) {
    while (const auto due = close_old(slot)) {
        if (closed_.wait_until(*due)) return;
    }
}

// When the next one will be too old. None: there is no idle one, and the sweep is over.
std::optional<Deadline> ClientPool::close_old(Slot& slot) {
    Connections old;
    const std::lock_guard lock{mutex_};
    move_old(slot, old);
    slot.swept = !slot.idle.empty();
    if (!slot.swept) return std::nullopt;
    return slot.idle.front()->idle_since + options_.idle_ms;
}

void ClientPool::close() {
    closed_.set();
    Connections idle;
    const std::lock_guard lock{mutex_};
    for (const auto& slot : slots_) {
        std::ranges::move(slot->idle, std::back_inserter(idle));
        slot->idle.clear();
    }
}

void ClientPool::close_idle(Slot& slot) {
    Connections idle;
    const std::lock_guard lock{mutex_};
    idle.swap(slot.idle);
}

}  // namespace jebi::http
