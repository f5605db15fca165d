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

// Does `work` with the contract of the jebi that runs on this data.
template <typename Client, typename Work>
Result<void> in_running(const place::Settings& settings, Work work) {
    TRY(const auto at, socket_of(settings));
    rpc::Channel channel{{.address = at}, {}};
    Client client{channel};
    std::printf("jebi runs; it does this beside its other work. Ctrl-C ends the waiting only.\n");
    std::fflush(stdout);
    return work(client);
}

}  // namespace

Result<std::unique_ptr<OperatorDoor>> OperatorDoor::open(place::Process& process,
                                                         const place::Settings& settings,
                                                         timelines::Timelines& timelines) {
    TRY(const auto at, socket_of(settings));
    std::unique_ptr<OperatorDoor> door{new OperatorDoor};
    const rpc::Observer observer = process.requests().calls();
    rpc::serve(door->router_, methods(timelines), observer);
    TRY(door->server_, http::Server::start(process.loops(), at, {}, [&router = door->router_](auto& request) {
            return router.answer(request);
        }));
    return door;
}

Result<void> rebuild_timelines(const place::Settings& settings) {
    const auto work = [](timelines::Timelines& timelines) { return say(rebuilt(timelines)); };
    const auto process = place::Process::open(process_options(settings));
    if (!process && process.error().reason == "in_use")
        return in_running<timelines::TimelinesClient>(settings, work);
    if (!process) return std::unexpected(process.error());
    TRY(const auto twitter, Twitter::open(**process, settings));
    twitter->derive();
    return work(twitter->timelines());
}

}  // namespace jebi::app
