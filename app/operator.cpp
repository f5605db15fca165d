#include "app/operator.h"

#include <algorithm>
#include <cstdio>

#include "app/databases.h"
#include "app/host.h"
#include "app/settings.h"
#include "app/topology.h"
#include "kit/http/client.h"
#include "kit/place/signals.h"
#include "modules/search/search.jebi.h"
#include "modules/timelines/timelines.jebi.h"

namespace jebi::app {

namespace {

constexpr Millis asked_max{10'000};  // one call; a rebuild that takes longer is asked about again

// Asks again for as long as the answer is that it goes on; Ctrl-C ends the waiting.
template <typename Contract>
auto rebuilt(Contract& contract) {
    place::release_signals();
    while (true) {
        const Call call{.until = in(asked_max), .trace = Trace::start()};
        auto reply = contract.rebuild(call, {});
        if (reply || reply.error().reason != "still_rebuilding") return reply;
    }
}

Result<void> say(const Result<timelines::RebuildReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    std::printf("The home timelines are made again: %llu people, %llu entries.\n",
                static_cast<unsigned long long>(reply->people()),
                static_cast<unsigned long long>(reply->entries()));
    return {};
}

Result<void> say(const Result<search::RebuildReply>& reply) {
    if (!reply) return std::unexpected(reply.error());
    std::printf("What is found is made again: %llu people, %llu tweets.\n",
                static_cast<unsigned long long>(reply->people()),
                static_cast<unsigned long long>(reply->tweets()));
    return {};
}

template <typename Contract>
Result<void> rebuild_in_running(const Module& module, const place::Settings& settings) {
    TRY(const auto at, contracts_address(settings, std::string(module.name)));
    rpc::HttpChannel channel{{.address = at}, {}};
    typename Contract::Elsewhere client{channel};
    std::printf("jebi runs; it does this beside its other work. Ctrl-C ends the waiting only.\n");
    std::fflush(stdout);
    return say(rebuilt(client));
}

// The modules that `module` derives from, and itself.
std::vector<const Module*> with_needs(const Module& module) {
    auto modules = all_modules();
    const auto& needs = known_module(module.name).needs;
    std::erase_if(modules, [&](const Module* other) {
        return other != &module && std::ranges::find(needs, other->name) == needs.end();
    });
    return modules;
}

bool does_it_run(const Module& module, const place::Settings& settings) {
    const auto at = contracts_address(settings, std::string(module.name));
    return at && fiber::Socket::connect(*at, in(asked_max));
}

template <typename Contract>
Result<void> rebuild_here(const Module& module, const place::Settings& settings) {
    TRY_VOID(bring_data_home(one_process(), settings));
    TRY(const auto process, place::Process::open(process_options(settings)));
    const auto nobody = [](std::string_view, std::string_view) { return nullptr; };
    TRY(const auto host, Host::open(*process, settings, with_needs(module), nobody));
    TRY_VOID(host->start());
    return say(rebuilt(host->template contract<Contract>("operator")));
}

// By the jebi that runs on this data, or here when none does.
template <typename Contract>
Result<void> rebuild(const Module& module, const place::Settings& settings) {
    if (does_it_run(module, settings)) return rebuild_in_running<Contract>(module, settings);
    auto done = rebuild_here<Contract>(module, settings);
    const bool runs_after_all = !done && done.error().reason == "in_use";
    return runs_after_all ? rebuild_in_running<Contract>(module, settings) : done;
}

}  // namespace

Result<void> rebuild_timelines(const place::Settings& settings) {
    return rebuild<timelines::Timelines>(timelines_module(), settings);
}

Result<void> rebuild_search(const place::Settings& settings) {
    return rebuild<search::Search>(search_module(), settings);
}

}  // namespace jebi::app
