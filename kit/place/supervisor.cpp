#include "kit/place/supervisor.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <fstream>
#include <mutex>
#include <set>

#include "kit/fiber/signal.h"
#include "kit/http/client.h"
#include "kit/place/data_folder.h"
#include "kit/place/settings.h"

namespace jebi::place {

namespace {

constexpr Millis ready_pause{5};  // between two questions whether it is ready
constexpr std::size_t version_bytes_max = 100;
constexpr unsigned control_numbers_max = 1'000;  // tried, when old ones are still in use
constexpr Millis kill_max{10'000};               // from SIGKILL until the kernel has ended it

Deadline now() {
    return in(Millis{0});
}

std::uint64_t resident_bytes(pid_t pid) {
    std::ifstream pages{"/proc/" + std::to_string(pid) + "/statm"};
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    pages >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool is_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, fits);
}

std::unexpected<Error> refuse(const std::string& why) {
    return fail(error(Code::invalid, why).because("bad_plan"));
}

// One running child, and the way to ask it.
struct Instance {
    std::unique_ptr<Child> child;
    std::optional<fiber::Address> asked_at;
    std::string control_path;
    std::unique_ptr<http::Client> client;

    Instance() = default;
    Instance(const Instance&) = delete;
    ~Instance() {
        child.reset();
        if (!control_path.empty()) ::unlink(control_path.c_str());
    }
};

enum class Outcome : std::uint8_t { ready, standing_by, over };

struct Replacement {
    ChildPlan plan;
    fiber::Promise<Result<void>> done;
};

// A child and its keeper, the fiber that alone starts and ends it.
struct Slot {
    Slot(ChildPlan as, BackoffBounds bounds, unsigned seed) : plan(std::move(as)), backoff(bounds, seed) {}

    ChildPlan plan;  // the keeper's
    Backoff backoff;
    fiber::Signal changed;
    fiber::Event first_start_over;

    std::mutex mutex;  // of all below
    ChildStatus status;
    std::deque<std::string> lines;
    std::shared_ptr<Instance> instance;  // shared with whoever signals it just now
    std::optional<Replacement> wanted;

    void enter(ChildState state) {
        const std::lock_guard lock{mutex};
        status.state = state;
        status.since = now();
    }
};

}  // namespace

struct Supervisor::State {
    State(fiber::Loops& on, SupervisorOptions with) : loops(on), options(std::move(with)) {}

    fiber::Loops& loops;
    SupervisorOptions options;
    std::vector<std::unique_ptr<Slot>> slots;
    std::atomic<bool> ending = false;
    fiber::Event end_begun;
    std::atomic<unsigned> control_number = 0;
    fiber::Gate keepers;
    mutable fiber::Signal changed;
    bool ended = false;

    Slot* find(std::string_view name) const {
        const auto found = std::ranges::find(slots, name, [](const auto& slot) { return slot->plan.name; });
        return found == slots.end() ? nullptr : found->get();
    }

    Result<void> check_order() const {
        for (const auto& slot : slots) {
            for (const std::string& before : slot->plan.after) {
                if (find(before) == nullptr)
                    return refuse("\"" + slot->plan.name + "\" comes after \"" + before +
                                  "\", which is not there.");
            }
        }
        std::set<std::string> placed;
        const auto is_next = [&](const auto& slot) {
            const auto& after = slot->plan.after;
            return !placed.contains(slot->plan.name) &&
                   std::ranges::all_of(after, [&](const auto& name) { return placed.contains(name); });
        };
        while (placed.size() < slots.size()) {
            const auto next = std::ranges::find_if(slots, is_next);
            if (next == slots.end()) return refuse("Some children come after each other in a circle.");
            placed.insert((*next)->plan.name);
        }
        return {};
    }

    Result<fiber::ListeningSocket> open_control(const std::string& child) {
        for (unsigned tried = 0;; ++tried) {
            const std::string path =
                options.run_folder + "/" + child + "." + std::to_string(++control_number);
            TRY(const auto at, fiber::Address::from("unix:" + path + ".control"));
            auto socket = fiber::ListeningSocket::open(at);
            const bool in_use = !socket && socket.error().reason == "address_in_use";
            if (in_use && tried < control_numbers_max) continue;
            if (socket) ::chmod(at.path.c_str(), 0600);
            return socket;
        }
    }

    // Closing this process's copy of the control socket lets questions to a dead child fail at once.
    Result<std::shared_ptr<Instance>> begin(Slot& slot, const ChildPlan& plan) {
        ChildCommand command{.words = plan.command, .environment = plan.environment, .sockets = {}};
        for (const auto& [socket, listening] : plan.sockets)
            command.sockets.push_back({socket, listening->number()});
        auto instance = std::make_shared<Instance>();
        instance->asked_at = plan.health_at;
        std::optional<fiber::ListeningSocket> control;
        if (plan.has_control) {
            TRY(control, open_control(plan.name));
            instance->asked_at = control->address();
            instance->control_path = control->address().path;
            command.sockets.push_back({"control", control->number()});
        }
        TRY(instance->child, Child::start(
                                 command, [this, &slot](std::string_view line) { take_line(slot, line); },
                                 [&slot] { slot.changed.tell(); }));
        if (control) control->leave_file();
        if (instance->asked_at)
            instance->client =
                std::make_unique<http::Client>(http::ClientOptions{.address = *instance->asked_at});
        return instance;
    }

    void take_line(Slot& slot, std::string_view line) const {
        {
            const std::lock_guard lock{slot.mutex};
            slot.lines.emplace_back(line);
            if (slot.lines.size() > options.lines_max) slot.lines.pop_front();
        }
        if (options.on_line) options.on_line(slot.plan.name, line);
    }

    // Who goes may still say a line, and is waited for: with `instance`, after the lock that this line takes.
    void put(Slot& slot, std::shared_ptr<Instance> instance) const {
        const std::lock_guard lock{slot.mutex};
        slot.status.pid = instance ? instance->child->pid() : -1;
        slot.status.control = instance && !instance->control_path.empty() ? instance->asked_at->text() : "";
        slot.status.version.clear();
        slot.instance.swap(instance);
    }

    Outcome wait_for_ready(Slot& slot, Instance& instance, const ChildPlan& plan, bool or_standing_by,
                           bool shown) const {
        const Deadline until = in(options.start_max);
        while (!ending && !instance.child->ended().is_set() && now() < until) {
            const auto next = slot.changed.next();
            if (!instance.client) return Outcome::ready;
            const std::string target = plan.has_control ? "/readyz?verbose" : plan.health_path;
            const auto answer =
                instance.client->send({.target = target}, std::min(until, in(options.live_max)));
            if (answer && answer->status == 200) return Outcome::ready;
            const bool stands_by = answer && answer->body.contains("standing by");
            if (stands_by && or_standing_by) return Outcome::standing_by;
            if (stands_by && shown) slot.enter(ChildState::standing_by);
            next.wait_until(in(ready_pause));
        }
        return Outcome::over;
    }

    void welcome(Slot& slot, Instance& instance) const {
        std::string version;
        if (!instance.control_path.empty()) {
            const auto answer = instance.client->send({.target = "/version"}, in(options.live_max));
            if (answer && answer->status == 200) version = answer->body.substr(0, version_bytes_max);
        }
        while (!version.empty() && version.back() == '\n')
            version.pop_back();
        slot.enter(ChildState::ready);
        const std::lock_guard lock{slot.mutex};
        slot.status.version = version;
    }

    bool lives(const Slot& slot, Instance& instance) const {
        if (!instance.client) return true;
        const std::string target = slot.plan.has_control ? "/livez" : slot.plan.health_path;
        return instance.client->send({.target = target}, in(options.live_max)).has_value();
    }

    void end_child(const Instance& instance, Deadline until) const {
        instance.child->signal(SIGTERM);
        if (instance.child->ended().wait_until(until)) return;
        instance.child->signal(SIGKILL);
        instance.child->ended().wait_until(in(kill_max));
    }

    // Until it has ended, or all are to end. Why it has.
    std::string watch(Slot& slot) {
        unsigned unanswered = 0;
        while (true) {
            const auto next = slot.changed.next();
            const auto instance = slot.instance;
            if (ending) return "";
            if (instance == nullptr) return "its successor could not be started";
            if (instance->child->ended().is_set()) return instance->child->how_it_ended();
            if (replace_if_wanted(slot)) continue;
            if (next.wait_until(in(options.live_every))) continue;
            unanswered = lives(slot, *instance) ? 0 : unanswered + 1;
            if (unanswered < options.unanswered_max || instance->child->ended().is_set()) continue;
            instance->child->signal(SIGKILL);
            instance->child->ended().wait_until(in(kill_max));
            return "did not answer";
        }
    }

    std::optional<Replacement> take_wanted(Slot& slot) const {
        const std::lock_guard lock{slot.mutex};
        return std::exchange(slot.wanted, std::nullopt);
    }

    bool replace_if_wanted(Slot& slot) {
        auto wanted = take_wanted(slot);
        if (!wanted) return false;
        slot.enter(ChildState::replacing);
        auto done = exchange(slot, wanted->plan);
        if (slot.instance && !slot.instance->child->ended().is_set()) welcome(slot, *slot.instance);
        changed.tell();
        wanted->done.set(std::move(done));
        return true;
    }

    static std::unexpected<Error> undone(const std::string& name, const std::string& why) {
        return fail(error(Code::unavailable, "\"" + name + "\" is not replaced: the new one " + why +
                                                 ". The old one runs again.")
                        .because("rolled_back"));
    }

    static std::string fault(const Instance& instance) {
        if (!instance.child->ended().is_set()) return "did not get ready in time";
        return "ended before it was ready (" + instance.child->how_it_ended() + ")";
    }

    // A program that has no control socket may listen by itself: its successor begins when it has ended.
    Result<void> exchange(Slot& slot, const ChildPlan& plan) {
        const auto old = slot.instance;
        if (!plan.has_control) end_child(*old, in(options.drain_max));
        auto begun = begin(slot, plan);
        if (!begun) return undo(slot, *old, begun.error().message);
        const auto next = std::move(*begun);
        const auto first = wait_for_ready(slot, *next, plan, true, false);
        if (first == Outcome::over) return undo(slot, *old, fault(*next));
        end_child(*old, in(options.drain_max));
        put(slot, next);
        if (wait_for_ready(slot, *next, plan, false, false) != Outcome::ready) {
            const std::string why = fault(*next);
            next->child->signal(SIGKILL);
            next->child->ended().wait_until(in(kill_max));
            return undo(slot, *old, why);
        }
        adopt(slot, plan);
        return {};
    }

    static void adopt(Slot& slot, const ChildPlan& plan) {
        slot.plan.command = plan.command;
        slot.plan.environment = plan.environment;
    }

    Result<void> undo(Slot& slot, const Instance& old, const std::string& why) {
        if (!old.child->ended().is_set()) return undone(slot.plan.name, why);
        auto again = begin(slot, slot.plan);
        put(slot, again ? *again : nullptr);
        if (again) wait_for_ready(slot, **again, slot.plan, false, false);
        return undone(slot.plan.name, why);
    }

    // One life of the child. How long it was well, and why it ended.
    std::pair<Millis, std::string> live(Slot& slot) {
        slot.enter(ChildState::starting);
        auto begun = begin(slot, slot.plan);
        if (!begun) return {Millis{0}, begun.error().message};
        put(slot, *begun);
        if (wait_for_ready(slot, **begun, slot.plan, false, true) != Outcome::ready) {
            if (ending) return {Millis{0}, ""};
            const std::string why = fault(**begun);
            (*begun)->child->signal(SIGKILL);
            return {Millis{0}, why};
        }
        welcome(slot, **begun);
        slot.first_start_over.set();
        changed.tell();
        begun->reset();
        const Deadline well_since = now();
        std::string why = watch(slot);
        return {std::chrono::duration_cast<Millis>(now() - well_since), std::move(why)};
    }

    bool is_replacement_wanted(Slot& slot) const {
        const std::lock_guard lock{slot.mutex};
        return slot.wanted.has_value();
    }

    // The pause before a restart. It ends when all are to end, or when there is something else to start.
    void wait_out(Slot& slot, Millis pause) {
        const Deadline until = in(pause);
        while (!ending) {
            const auto next = slot.changed.next();
            if (is_replacement_wanted(slot) || !next.wait_until(until)) return;
        }
    }

    void keep(Slot& slot) {
        const Deadline until = in(options.start_max);
        for (const std::string& before : slot.plan.after) {
            while (!ending && !find(before)->first_start_over.is_set() && now() < until)
                end_begun.wait_until(in(ready_pause));
        }
        while (!ending) {
            const auto [well_for, why] = live(slot);
            if (ending) break;
            put(slot, nullptr);
            {
                const std::lock_guard lock{slot.mutex};
                slot.status.last_end = why;
                ++slot.status.restarts;
            }
            slot.enter(ChildState::backing_off);
            wait_out(slot, slot.backoff.pause_after(well_for));
            if (const auto wanted = take_wanted(slot)) {
                adopt(slot, wanted->plan);
                wanted->done.set({});
            }
        }
        if (const auto wanted = take_wanted(slot)) wanted->done.set(undone(slot.plan.name, "comes too late"));
    }

    void start_keepers() {
        unsigned next = 0;
        for (const auto& slot : slots) {
            slot->status.name = slot->plan.name;
            slot->status.since = now();
            fiber::spawn(
                loops.at(next++ % loops.size()),
                [this, &slot, pass = std::make_shared<fiber::Gate::Pass>(keepers.enter())] { keep(*slot); });
        }
    }

    bool is_before_others(const Slot& slot) const {
        return std::ranges::any_of(slots, [&](const auto& other) {
            return std::ranges::find(other->plan.after, slot.plan.name) != other->plan.after.end();
        });
    }

    // All who are (not) before others, at once.
    bool end_those(bool before_others, Deadline until) const {
        bool in_order = true;
        std::vector<Slot*> these;
        for (const auto& slot : slots) {
            if (slot->instance && is_before_others(*slot) == before_others) these.push_back(slot.get());
        }
        for (Slot* slot : these)
            slot->instance->child->signal(SIGTERM);
        for (Slot* slot : these) {
            if (!slot->instance->child->ended().wait_until(until)) in_order = false;
            put(*slot, nullptr);
            slot->enter(ChildState::ended);
        }
        return in_order;
    }
};

std::string_view name(ChildState state) {
    constexpr std::array<std::string_view, 7> names{"waiting",     "starting",  "standing by", "ready",
                                                    "backing off", "replacing", "ended"};
    return names.at(static_cast<std::size_t>(state));
}

Result<ChildPlan::Socket> ChildPlan::Socket::open(std::string name, const fiber::Address& at) {
    TRY(auto opened, fiber::ListeningSocket::open(at));
    if (at.is_unix()) ::chmod(at.path.c_str(), 0600);
    return Socket{std::move(name), std::make_shared<const fiber::ListeningSocket>(std::move(opened))};
}

Supervisor::Supervisor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Supervisor::~Supervisor() {
    end(now());
}

Result<std::unique_ptr<Supervisor>> Supervisor::start(fiber::Loops& loops, SupervisorOptions options,
                                                      std::vector<ChildPlan> plans) {
    TRY_VOID(open_data_folder(options.run_folder));
    auto state = std::make_unique<State>(loops, std::move(options));
    for (ChildPlan& plan : plans) {
        if (!is_name(plan.name)) return refuse("\"" + plan.name + "\" is no name of a child.");
        if (state->find(plan.name) != nullptr) return refuse("Two children are named \"" + plan.name + "\".");
        if (plan.command.empty()) return refuse("\"" + plan.name + "\" has no command.");
        const auto seed = state->options.seed + static_cast<unsigned>(state->slots.size());
        state->slots.push_back(std::make_unique<Slot>(std::move(plan), state->options.backoff, seed));
    }
    TRY_VOID(state->check_order());
    std::unique_ptr<Supervisor> supervisor{new Supervisor(std::move(state))};
    supervisor->state_->start_keepers();
    return supervisor;
}

bool Supervisor::wait_until_ready(Deadline until) const {
    while (true) {
        const auto next = state_->changed.next();
        const bool all = std::ranges::all_of(
            status(), [](const ChildStatus& child) { return child.state == ChildState::ready; });
        if (all) return true;
        if (!next.wait_until(until)) return false;
    }
}

std::vector<ChildStatus> Supervisor::status() const {
    std::vector<ChildStatus> all;
    for (const auto& slot : state_->slots) {
        const std::lock_guard lock{slot->mutex};
        all.push_back(slot->status);
        if (all.back().pid > 0) all.back().memory_bytes = resident_bytes(all.back().pid);
    }
    return all;
}

std::vector<std::string> Supervisor::lines(std::string_view name) const {
    Slot* slot = state_->find(name);
    if (slot == nullptr) return {};
    const std::lock_guard lock{slot->mutex};
    return {slot->lines.begin(), slot->lines.end()};
}

Result<void> Supervisor::signal(std::string_view name, int number) {
    Slot* slot = state_->find(name);
    std::shared_ptr<Instance> instance;
    if (slot != nullptr) {
        const std::lock_guard lock{slot->mutex};
        instance = slot->instance;
    }
    if (instance == nullptr) return fail(Code::not_found, "No child \"" + std::string(name) + "\" runs.");
    instance->child->signal(number);
    return {};
}

// What the plan says of sockets, control and order stays as it was.
Result<void> Supervisor::replace(std::string_view name, ChildPlan plan) {
    Slot* slot = state_->find(name);
    if (slot == nullptr) return fail(Code::not_found, "There is no child \"" + std::string(name) + "\".");
    if (plan.command.empty()) return refuse("\"" + std::string(name) + "\" has no command.");
    fiber::Promise<Result<void>> done;
    {
        const std::lock_guard lock{slot->mutex};
        const ChildState state = slot->status.state;
        if ((state != ChildState::ready && state != ChildState::backing_off) || slot->wanted)
            return fail(error(Code::conflict,
                              "\"" + std::string(name) + "\" is " + std::string(jebi::place::name(state)) +
                                  ": who is about to start or to be replaced cannot be replaced.")
                            .because("not_ready"));
        plan.name = slot->plan.name;
        plan.sockets = slot->plan.sockets;
        plan.after = slot->plan.after;
        plan.has_control = slot->plan.has_control;
        plan.health_at = slot->plan.health_at;
        plan.health_path = slot->plan.health_path;
        slot->wanted = Replacement{std::move(plan), done};
    }
    slot->changed.tell();
    const SupervisorOptions& with = state_->options;
    TRY(auto outcome, done.wait_until(in(with.start_max * 3 + with.drain_max + kill_max)));
    return outcome;
}

bool Supervisor::end(Deadline until) {
    if (std::exchange(state_->ended, true)) return true;
    state_->ending = true;
    state_->end_begun.set();
    for (const auto& slot : state_->slots)
        slot->changed.tell();
    state_->keepers.close();
    state_->keepers.wait_until(Deadline::max());
    const bool in_order = state_->end_those(false, until);
    for (const auto& slot : state_->slots)
        slot->plan.sockets.clear();  // who calls somebody that has ended is to hear so at once
    return state_->end_those(true, until) && in_order;
}

}  // namespace jebi::place
