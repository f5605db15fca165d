#include "app/operator.h"

#include <cstdio>

#include "app/settings.h"
#include "app/twitter.h"
#include "kit/http/client.h"
#include "kit/place/signals.h"

namespace jebi::app {

namespace {

constexpr const char* socket_name = "/operator.sock";
constexpr Millis asked_max{10'000};  // one call; a rebuild that takes longer is asked about again

Result<fiber::Address> socket_of(const place::Settings& settings) {
    return fiber::Address::from("unix:" + settings.text("data") + socket_name);
}

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

template <typename Client>
Result<void> rebuild_in_running(const place::Settings& settings) {
    TRY(const auto at, socket_of(settings));
    rpc::HttpChannel channel{{.address = at}, {}};
    Client client{channel};
    std::printf("jebi runs; it does this beside its other work. Ctrl-C ends the waiting only.\n");
    std::fflush(stdout);
    return say(rebuilt(client));
}

// By the jebi that runs on this data, or here when none does.
template <typename Client, typename Contract>
Result<void> rebuild(const place::Settings& settings, Contract contract_of) {
    const auto process = place::Process::open(process_options(settings));
    if (!process && process.error().reason == "in_use") return rebuild_in_running<Client>(settings);
    if (!process) return std::unexpected(process.error());
    TRY(const auto twitter, Twitter::open(**process, settings));
    twitter->derive();
    return say(rebuilt(contract_of(*twitter)));
}

}  // namespace

Result<std::unique_ptr<OperatorDoor>> OperatorDoor::open(place::Process& process,
                                                         const place::Settings& settings,
                                                         timelines::Timelines& timelines,
                                                         search::Search& search) {
    TRY(const auto at, socket_of(settings));
    std::unique_ptr<OperatorDoor> door{new OperatorDoor};
    const rpc::Observer observer = process.requests().calls();
    rpc::serve(door->router_, methods(timelines), observer);
    rpc::serve(door->router_, methods(search), observer);
    TRY(door->server_, http::Server::start(process.loops(), at, {}, [&router = door->router_](auto& request) {
            return router.answer(request);
        }));
    return door;
}

Result<void> rebuild_timelines(const place::Settings& settings) {
    return rebuild<timelines::TimelinesClient>(
        settings, [](Twitter& twitter) -> timelines::Timelines& { return twitter.timelines(); });
}

Result<void> rebuild_search(const place::Settings& settings) {
    return rebuild<search::SearchClient>(
        settings, [](Twitter& twitter) -> search::Search& { return twitter.search(); });
}

}  // namespace jebi::app
