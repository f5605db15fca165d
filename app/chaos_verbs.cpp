#include "app/chaos_verbs.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <random>
#include <ranges>

#include "app/chaos_journeys.h"
#include "app/chaos_proxy.h"
#include "app/chaos_targets.h"
#include "app/settings.h"
#include "kit/disk/disk.h"
#include "kit/place/data_folder.h"
#include "kit/place/signals.h"

namespace jebi::app {

namespace {

using chaos::Fault;
using chaos::Kind;

constexpr Millis well_max{30'000};
constexpr Millis look_pause{20};
constexpr std::string_view verb_prefix = "chaos ";

Argument target() {
    return {.name = "TARGET",
            .help = "A process or module (tweets), or the calls of one (\"web -> tweets\")",
            .required = true};
}
Argument lasts() {
    return {.name = "--for", .help = "How long: 500ms, 10s, 5m [10s]"};
}
Argument share() {
    return {.name = "--share", .help = "Of the calls, above 0 and at most 1 [1]"};
}
Argument seed() {
    return {.name = "--seed", .help = "Decides by chance, and repeats it [a new one]"};
}
Argument max_down() {
    return {.name = "--max-down", .help = "So many may be down at a time [1]"};
}

std::unexpected<Error> refuse(const std::string& why) {
    return fail(error(Code::invalid, why).because("bad_command"));
}

Result<Millis> duration_of(const CommandLine& line, const std::string& argument, Millis standard) {
    return duration_from(line.argument(argument), argument, standard);
}

Result<std::uint64_t> seed_of(const CommandLine& line) {
    return number_from<std::uint64_t>(line.argument("--seed"), "--seed", std::random_device{}());
}

std::vector<std::string> list_from(const std::string& text) {
    std::vector<std::string> all;
    for (const auto part : text | std::views::split(',')) {
        if (!part.empty()) all.emplace_back(part.begin(), part.end());
    }
    return all;
}

double seconds(Millis time) {
    return static_cast<double>(time.count()) / 1'000;
}

// ---- One fault ----

Result<Fault> fault_of(const CommandLine& line) {
    Fault fault;
    TRY(fault.kind, chaos::kind_from(line.verb.substr(verb_prefix.size())));
    TRY(fault.lasts, duration_of(line, "--for", Millis{10'000}));
    TRY(fault.delay, duration_of(line, "--by", Millis{2'000}));
    TRY(fault.share, number_from<double>(line.argument("--share"), "--share", 1));
    TRY(fault.seed, seed_of(line));
    fault.seed >>= 1;  // JSON's integers have a sign
    TRY_VOID(check(fault));
    return fault;
}

bool strikes_a_whole_process(Kind kind) {
    return kind == Kind::kill || kind == Kind::pause || kind == Kind::disk_full;
}

Result<void> means_a_whole_process(const RunningTargets::Meant& meant) {
    if (meant.service.empty()) return {};
    return refuse("That strikes a whole process, with all that it hosts: say \"" + meant.process +
                  "\" if you mean it.");
}

Result<void> nobody_else_is_down(RunningTargets& targets, const CommandLine& line) {
    TRY(const auto most, number_from<std::size_t>(line.argument("--max-down"), "--max-down", 1));
    TRY(const auto seen, targets.look());
    std::string down;
    std::size_t count = 0;
    for (const auto& one : seen) {
        if (one.well) continue;
        down += (down.empty() ? "" : ", ") + one.name;
        ++count;
    }
    if (count < most) return {};
    return fail(error(Code::conflict, "Not well at the moment: " + down + ". Wait, or say --max-down " +
                                          std::to_string(count + 1) + ".")
                    .because("somebody_is_down"));
}

bool is_well(RunningTargets& targets, const std::string& name) {
    const auto seen = targets.look();
    if (!seen) return false;
    const auto found = std::ranges::find(*seen, name, &chaos::Targets::Seen::name);
    return found != seen->end() && found->well;
}

// A pause ends with this program, so it waits; and so does who killed somebody.
Result<void> until_well(RunningTargets& targets, const std::string& name, Millis longest) {
    const Deadline begin = in(Millis{0});
    while (!is_well(targets, name)) {
        if (place::ends_within(look_pause)) return {};
        if (in(Millis{0}) - begin > longest)
            return fail(Code::not_found, "\"" + name + "\" was not well again within " +
                                             std::to_string(longest.count() / 1'000) +
                                             " s. Does anybody restart it? `jebi status` shows it.");
    }
    const auto took = std::chrono::duration_cast<Millis>(in(Millis{0}) - begin);
    std::printf("\"%s\" was well again after %.3f s.\n", name.c_str(), seconds(took));
    return {};
}

Result<void> strike(const CommandLine& line, RunningTargets& targets) {
    TRY(Fault fault, fault_of(line));
    TRY_VOID(targets.may_be_broken());
    TRY(const auto meant, targets.meant(line.argument("TARGET")));
    if (strikes_a_whole_process(fault.kind)) TRY_VOID(means_a_whole_process(meant));
    TRY_VOID(nobody_else_is_down(targets, line));
    fault.side = meant.side;
    fault.service = meant.service;
    TRY_VOID(targets.strike(meant.process, fault));
    std::printf("%s: \"%s\"%s%s\n", line.verb.c_str(), meant.process.c_str(),
                meant.service.empty() ? "" : ", only ", meant.service.c_str());
    std::fflush(stdout);
    if (fault.kind == Kind::kill) return until_well(targets, meant.process, well_max);
    if (fault.kind == Kind::pause) return until_well(targets, meant.process, fault.lasts + well_max);
    std::printf("It ends by itself in %.1f s; `jebi chaos stop` ends it now.\n", seconds(fault.lasts));
    return {};
}

// ---- The monkey ----

// One monkey at a time; `jebi chaos stop` finds it by what stands in the file.
class Cage {
public:
    static Result<Cage> enter(const place::Settings& settings) {
        const std::string folder = folder_of(settings);
        TRY_VOID(place::open_data_folder(run_folder(settings)));
        TRY_VOID(place::open_data_folder(folder));
        auto lock = disk::FolderLock::take(folder);
        if (!lock)
            return fail(error(Code::conflict, "Another monkey is at work. `jebi chaos stop` ends it.")
                            .because("busy"));
        std::ofstream{file_in(folder)} << ::getpid() << '\n';
        return Cage{std::move(*lock)};
    }

    // True: there was one, and it has been told.
    static bool tell_to_stop(const place::Settings& settings) {
        const std::string folder = folder_of(settings);
        pid_t pid = 0;
        if (!(std::ifstream{file_in(folder)} >> pid) || pid < 1) return false;
        if (disk::FolderLock::take(folder)) return false;
        return ::kill(pid, SIGINT) == 0;
    }

private:
    explicit Cage(disk::FolderLock lock) : lock_(std::move(lock)) {}
    static std::string folder_of(const place::Settings& settings) { return run_folder(settings) + "/chaos"; }
    static std::string file_in(const std::string& folder) { return folder + "/pid"; }

    disk::FolderLock lock_;
};

Result<std::vector<Kind>> kinds_from(const std::string& text) {
    std::vector<Kind> kinds;
    for (const std::string& name : list_from(text.empty() ? "kill" : text)) {
        TRY(const Kind kind, chaos::kind_from(name));
        kinds.push_back(kind);
    }
    return kinds;
}

Result<chaos::MonkeyPlan> plan_of(const CommandLine& line, const RunningTargets& targets) {
    chaos::MonkeyPlan plan;
    TRY(plan.every, duration_of(line, "--every", plan.every));
    TRY(plan.lasts, duration_of(line, "--for", plan.lasts));
    TRY(plan.down_max, number_from<std::size_t>(line.argument("--max-down"), "--max-down", 1));
    TRY(plan.kinds, kinds_from(line.argument("--faults")));
    TRY(plan.seed, seed_of(line));
    for (const std::string& name : list_from(line.argument("--only"))) {
        TRY(auto meant, targets.meant(name));
        TRY_VOID(means_a_whole_process(meant));
        plan.only.push_back(std::move(meant.process));
    }
    return plan;
}

Result<std::vector<chaos::Journey>> journeys_of(const CommandLine& line, const place::Settings& settings) {
    const std::string url = line.argument("--url");
    return journeys_at(url.empty() ? settings.text("listen") : url, line.argument("--token"));
}

Result<void> let_monkey_loose(const CommandLine& line, const place::Settings& settings,
                              RunningTargets& targets) {
    TRY_VOID(targets.may_be_broken());
    TRY(const auto plan, plan_of(line, targets));
    TRY(auto ways, journeys_of(line, settings));
    TRY(const auto cage, Cage::enter(settings));
    const guard::SteadyTime time;
    const bool as_json = !line.argument("--json").empty();
    if (!as_json) {
        std::printf("A monkey is loose for %.0f s (seed %llu). Ctrl-C, or `jebi chaos stop`, ends it.\n",
                    seconds(plan.lasts), static_cast<unsigned long long>(plan.seed));
        std::fflush(stdout);
    }
    chaos::Journeys journeys{std::move(ways), "monkey-" + Trace::start().id_hex().substr(0, 8), time};
    journeys.begin();
    chaos::Monkey monkey{targets, journeys, time};
    bool told = false;
    const auto stop = [&told] { return told = told || place::ends_within(Millis{0}); };
    auto report = monkey.run(plan, stop);
    journeys.end();
    if (!report) return fail(std::move(report.error()));
    report->journeys = journeys.seen();
    std::printf("%s\n", (as_json ? json_of(*report) : text_of(*report)).c_str());
    if (report->all_well()) return {};
    return fail(Code::not_found, "Somebody was not well again; `jebi status` shows who.");
}

// ---- The rest ----

Result<void> stop_all(const place::Settings& settings, const RunningTargets& targets) {
    const bool monkey = Cage::tell_to_stop(settings);
    TRY(const std::size_t asked, targets.heal_all());
    std::printf("%sFaults are over in %zu %s.\n", monkey ? "The monkey has been told to stop. " : "", asked,
                asked == 1 ? "process" : "processes");
    return {};
}

Result<void> list(const RunningTargets& targets) {
    TRY(const auto all, targets.faults());
    for (const auto& [name, faults] : all)
        std::printf("%s: %s\n", name.c_str(), faults.c_str());
    if (all.empty()) std::printf("No faults act.\n");
    return {};
}

Verb fault_verb(Kind kind, std::string help, std::vector<Argument> more) {
    more.insert(more.begin(), target());
    more.push_back(max_down());
    return {.name = std::string(verb_prefix) + std::string(name(kind)),
            .help = std::move(help),
            .arguments = std::move(more)};
}

}  // namespace

std::vector<Verb> chaos_verbs() {
    return {
        fault_verb(Kind::kill, "kill -9, and wait until it is well again", {}),
        fault_verb(Kind::pause, "Let a process stand still (SIGSTOP), and go on", {lasts()}),
        fault_verb(Kind::slow, "Let calls wait before they are begun",
                   {{.name = "--by", .help = "How long [2s]"}, lasts(), share(), seed()}),
        fault_verb(Kind::error, "Answer calls with an error", {lasts(), share(), seed()}),
        fault_verb(Kind::cut, "Close connections instead of an answer", {lasts(), share(), seed()}),
        fault_verb(Kind::garbage, "Answer what is no answer", {lasts(), share(), seed()}),
        fault_verb(Kind::disk_full, "Write nothing, as on a full disk", {lasts()}),
        {.name = "chaos monkey",
         .help = "Break one thing after the other by chance, and report",
         .arguments = {{.name = "--every", .help = "From one fault to the next [5s]"},
                       {.name = "--for", .help = "All of it [5m]"},
                       {.name = "--only", .help = "These processes or modules: tweets,web"},
                       {.name = "--faults", .help = "One of these each time: kill,pause,slow [kill]"},
                       seed(),
                       max_down(),
                       {.name = "--url", .help = "Of the pages, to see what users see [listen]"},
                       {.name = "--token", .help = "Of a session: users also write"},
                       {.name = "--json", .help = "The report as JSON", .is_flag = true}}},
        chaos_proxy_verb(),
        {.name = "chaos list", .help = "The faults that act at the moment"},
        {.name = "chaos stop", .help = "End all faults, and the monkey"},
    };
}

bool is_chaos_verb(const CommandLine& line) {
    return line.verb.starts_with(verb_prefix);
}

Result<void> chaos(const CommandLine& line, const place::Settings& settings) {
    if (line.verb == "chaos proxy") return run_chaos_proxy(line);
    RunningTargets targets{settings.text("data")};
    if (line.verb == "chaos monkey") return let_monkey_loose(line, settings, targets);
    if (line.verb == "chaos list") return list(targets);
    if (line.verb == "chaos stop") return stop_all(settings, targets);
    return strike(line, targets);
}

Result<Millis> duration_from(const std::string& text, const std::string& argument, Millis standard) {
    return text.empty() ? standard : duration_from(text, argument);
}

Result<Millis> duration_from(const std::string& text, const std::string& argument) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units{
        {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
    constexpr std::int64_t count_max = 1'000'000;
    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [at, status] = std::from_chars(text.data(), end, count);
    const auto unit =
        std::ranges::find(units, std::string_view{at, end}, &decltype(units)::value_type::first);
    if (status == std::errc{} && unit != units.end() && count >= 1 && count <= count_max)
        return Millis{count * unit->second};
    return refuse(argument + " is a time such as 500ms, 10s, 5m or 1h, not \"" + text + "\".");
}

}  // namespace jebi::app
