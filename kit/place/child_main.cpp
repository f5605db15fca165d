// A small program for the tests of who starts programs: serves its name on the socket "pages".
//
//     kit_place_child NAME            with a database in $DATA, when that is set
//     kit_place_child fails           ends at once, with 3
//     kit_place_child silent          is never ready
//     kit_place_child supervises      starts a child of its own, prints its pid, and waits
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "kit/base/crypto.h"
#include "kit/place/inherited.h"
#include "kit/place/process.h"
#include "kit/place/settings.h"
#include "kit/place/signals.h"
#include "kit/place/supervisor.h"

namespace {

using namespace jebi;

Result<void> serve(const std::string& name) {
    TRY(auto sockets, place::inherited_sockets(place::environment()));
    const char* const data = std::getenv("DATA");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    place::ProcessOptions options{.data_folder = data == nullptr ? "/tmp" : data,
                                  .database = data == nullptr ? "" : "child.db",
                                  .database_wait_ms = Millis{20'000},
                                  .version = name};
    options.loops = 2;
    auto control = place::take(sockets, "control");
    if (!control) return fail(Code::invalid, "There is no control socket.");
    TRY(const auto process, place::Process::open(options, std::move(control)));
    std::printf("%s has begun\n", name.c_str());
    std::fflush(stdout);
    http::Router pages;
    pages.on(http::Method::get, "/", [&](const http::Request&) { return http::Response::text(200, name); });
    if (auto socket = place::take(sockets, "pages")) TRY_VOID(process->serve(std::move(*socket), pages, {}));
    if (name != "silent") process->ready();
    place::wait_for_end();
    process->end(in(Millis{5'000}));
    return {};
}

Result<void> supervise(const std::string& program, const std::string& folder) {
    fiber::Loops loops{1};
    TRY(const auto supervisor, place::Supervisor::start(loops, {.run_folder = folder},
                                                        {{.name = "child", .command = {program, "one"}}}));
    supervisor->wait_until_ready(in(Millis{20'000}));
    std::printf("%d\n", static_cast<int>(supervisor->status().front().pid));
    std::fflush(stdout);
    place::wait_for_end();
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    place::hold_signals();
    if (!start_crypto() || argc < 2) return 2;
    const std::string name = argv[1];
    if (name == "fails") return 3;
    const auto done = name == "supervises" && argc > 2 ? supervise(argv[0], argv[2]) : serve(name);
    if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
    return done ? 0 : 1;
}
