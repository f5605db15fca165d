#include "app/chaos_proxy.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/chaos_verbs.h"
#include "kit/chaos/proxy.h"
#include "kit/place/signals.h"

namespace jebi::app {

namespace {

using chaos::ProxyTrouble;
using chaos::Trouble;

constexpr std::array<std::pair<std::string_view, Trouble>, 7> troubles{{{"none", Trouble::none},
                                                                        {"no-accept", Trouble::no_accept},
                                                                        {"no-answer", Trouble::no_answer},
                                                                        {"delay", Trouble::delay},
                                                                        {"half-close", Trouble::half_close},
                                                                        {"corrupt", Trouble::corrupt},
                                                                        {"bandwidth", Trouble::bandwidth}}};
constexpr Millis forever{365LL * 24 * 3'600'000};

Result<Trouble> trouble_from(const std::string& text) {
    const auto found =
        std::ranges::find(troubles, text.empty() ? "none" : text, &decltype(troubles)::value_type::first);
    if (found != troubles.end()) return found->second;
    std::string names;
    for (const auto& [name, trouble] : troubles)
        names += (names.empty() ? "" : ", ") + std::string(name);
    return fail(error(Code::invalid, "--trouble is one of " + names + ", not \"" + text + "\".")
                    .because("bad_command"));
}

Result<ProxyTrouble> trouble_of(const CommandLine& line) {
    ProxyTrouble trouble;
    TRY(trouble.trouble, trouble_from(line.argument("--trouble")));
    TRY(trouble.delay, duration_from(line.argument("--by"), "--by", trouble.delay));
    TRY(trouble.share, number_from(line.argument("--share"), "--share", trouble.share));
    TRY(trouble.bytes_per_second,
        number_from(line.argument("--bytes-per-second"), "--bytes-per-second", trouble.bytes_per_second));
    TRY(trouble.seed, number_from(line.argument("--seed"), "--seed", trouble.seed));
    const bool fits = trouble.share > 0 && trouble.share <= 1 && trouble.bytes_per_second > 0;
    if (fits) return trouble;
    return fail(error(Code::invalid, "--share is above 0 and at most 1, and --bytes-per-second at least 1.")
                    .because("bad_command"));
}

}  // namespace

Verb chaos_proxy_verb() {
    return {.name = "chaos proxy",
            .help = "A way from AT to the server at TO that is bad, until Ctrl-C",
            .arguments = {
                {.name = "AT", .help = "Where it listens: 127.0.0.1:7101, unix:/tmp/way", .required = true},
                {.name = "TO", .help = "Where the server is", .required = true},
                {.name = "--trouble",
                 .help = "none, no-accept, no-answer, delay, half-close, corrupt, bandwidth [none]"},
                {.name = "--by", .help = "How much later answers come, for delay [100ms]"},
                {.name = "--share", .help = "Of an answer's bytes, for corrupt [0.01]"},
                {.name = "--bytes-per-second", .help = "For bandwidth [1000]"},
                {.name = "--seed", .help = "Which bytes, for corrupt [1]"},
                {.name = "--for", .help = "How long [until Ctrl-C]"}}};
}

Result<void> run_chaos_proxy(const CommandLine& line) {
    TRY(const auto at, fiber::Address::from(line.argument("AT")));
    TRY(const auto to, fiber::Address::from(line.argument("TO")));
    TRY(const auto trouble, trouble_of(line));
    TRY(const Millis lasts, duration_from(line.argument("--for"), "--for", forever));
    const guard::SteadyTime time;
    fiber::Loops loops{1};
    TRY(const auto proxy, chaos::Proxy::start(loops, at, to, time));
    proxy->set(trouble);
    const std::string named = line.argument("--trouble").empty() ? "none" : line.argument("--trouble");
    std::printf("A way from %s to %s is open; trouble: %s. Ctrl-C ends it.\n",
                proxy->address().text().c_str(), to.text().c_str(), named.c_str());
    std::fflush(stdout);
    place::ends_within(lasts);
    return {};
}

}  // namespace jebi::app
