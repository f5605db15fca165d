// A module in a process: how it is built from what it stands on, the contract it keeps, its jobs, and its
// end.
//
// Each file beside this one is one module's part, and nothing else knows how that module is put together. A
// part reaches other modules through Ground::contract only, so it cannot tell whether they live in its
// process.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/base/ids.h"
#include "kit/place/neighbours.h"
#include "kit/place/process.h"
#include "kit/place/settings.h"

namespace jebi::app {

inline constexpr Millis start_max{30'000};  // for what a part asks of its database before it can begin

// What a part is built from. Borrowed: all of it outlives the part.
struct Ground {
    std::string_view module;
    place::Process& process;
    const place::Settings& settings;
    place::Neighbours& neighbours;
    fiber::ListeningSocket* pages;  // where people come; null: by the setting "listen"

    sql::Room& room() const { return process.database().room(module); }
    std::uint16_t node() const { return static_cast<std::uint16_t>(settings.integer("node")); }
    template <typename Contract>
    Contract& contract() const {
        return neighbours.get<Contract>(module);
    }
};

class Part {
public:
    virtual ~Part() = default;
    // What others may call. The contract's service lives in the part.
    virtual rpc::Methods methods() { return {}; }
    // Begins to work: its jobs, and for web its pages. What has been started ends with the process. Once.
    virtual Result<void> start() { return {}; }
    // Lets everybody go who waits for something to happen here. Before the process ends.
    virtual void end_waits() {}
    // The last thing, when no job and no request runs any more.
    virtual void finish() {}
};

// What it calls, and whether it keeps data, says known_modules() (app/topology.h).
struct Module {
    std::string_view name;
    std::string_view service;  // of the contract it keeps; empty: none
    // Brings the module's tables up to date, builds it, and keeps its contract among the neighbours.
    std::function<Result<std::unique_ptr<Part>>(const Ground&)> make;
};

// The modules, each in the file of its name.
const Module& accounts_module();
const Module& follows_module();
const Module& tweets_module();
const Module& timelines_module();
const Module& notifications_module();
const Module& messages_module();
const Module& search_module();
const Module& web_module();

// All of them, each after those that it calls; for programs that link all (app/all_modules.cpp).
std::vector<const Module*> all_modules();

// Runs `departures` (a module's handling of accounts that are gone) again and again.
template <typename Departures>
void forget_who_left(place::Process& process, std::string what, Departures& departures) {
    constexpr Millis pause{50};
    constexpr Millis wait{2'000};
    process.repeat(std::move(what), pause, [&departures, wait](const Call& call) -> Result<void> {
        TRY_VOID(departures.follow(call, wait));
        return {};
    });
}

// Runs `service.sweep` once an hour: what is kept for a time only goes.
template <typename Service>
void sweep(place::Process& process, std::string what, Service& service) {
    constexpr Millis pause{3'600'000};
    process.repeat(std::move(what), pause, [&service](const Call& call) { return service.sweep(call); });
}

// Runs `job.run` again and again: it derives what the module keeps from what happens elsewhere.
template <typename Job>
void derive(place::Process& process, std::string what, Millis pause, Job& job) {
    process.repeat(std::move(what), pause, [&job](const Call& call) -> Result<void> {
        TRY_VOID(job.run(call));
        return {};
    });
}

// A gauge of a part's.
template <typename Read>
void gauge(place::Process& process, const char* name, const char* help, Read read) {
    process.metrics().gauge(name, help, [read] { return static_cast<double>(read()); });
}

}  // namespace jebi::app
