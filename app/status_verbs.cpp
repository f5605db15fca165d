#include "app/status_verbs.h"

#include <algorithm>
#include <cstdio>

#include "app/status_sockets.h"
#include "app/terminal.h"
#include "kit/place/signals.h"

namespace jebi::app {

namespace {

constexpr Millis redraw_every{1'000};
constexpr const char* redraw = "\033[H\033[J";  // from the upper left corner on, on an empty screen

Colour colour_of(std::string_view health) {
    if (health == "ready") return Colour::good;
    return health == "degraded" ? Colour::warning : Colour::bad;
}

Cell errors_cell(const Rates& rates) {
    return {rate_text(rates.errors_per_second), rates.errors_per_second > 0 ? Colour::bad : Colour::plain};
}

// Those that are not closed, by name; "closed" when all are.
Cell breakers_cell(const ProcessStatus& process) {
    std::string others;
    bool guarded = false;
    for (const NeighbourStatus& neighbour : process.neighbours) {
        if (neighbour.breaker.empty()) continue;
        guarded = true;
        const std::string state = neighbour.name + " " + neighbour.breaker;
        if (neighbour.breaker == "closed" || others.contains(state)) continue;
        others += (others.empty() ? "" : ", ") + state;
    }
    if (!others.empty()) return {others, Colour::bad};
    return {guarded ? "closed" : "-"};
}

// The process's own cells stand in the row of its first module.
void add_rows(Table& table, const ProcessStatus& process) {
    auto modules = process.modules;
    if (modules.empty()) modules.push_back({"-", process.work});
    for (std::size_t i = 0; i < modules.size(); ++i) {
        const ModuleStatus& module = modules[i];
        const bool first = i == 0;
        const auto once = [first](Cell cell) { return first ? std::move(cell) : Cell{}; };
        table.add({module.name, once(process.name),
                   once(process.pid == 0 ? "?" : std::to_string(process.pid)), once(process.version),
                   once({process.health, colour_of(process.health)}), rate_text(module.rates.per_second),
                   duration_text(module.rates.p50_ms), duration_text(module.rates.p99_ms),
                   errors_cell(module.rates), once(breakers_cell(process)),
                   once(bytes_text(process.memory_bytes)),
                   once(process.database_bytes ? bytes_text(*process.database_bytes) : "-")});
    }
}

// What the table has no room for: why somebody is not well, and how often it was restarted.
std::string notes(const ProcessStatus& process, const Terminal& terminal) {
    std::string text;
    const auto add = [&](const std::string& note, Colour colour) {
        text += terminal.coloured(terminal.fitted(process.name + ": " + note), colour) + "\n";
    };
    for (const auto& [name, why] : process.unwell)
        add(std::string(name).append(": ").append(why), colour_of(process.health));
    if (process.restarts == 0) return text;
    const std::string last = process.last_end.empty() ? "" : "; its last end: " + process.last_end;
    const std::string times = process.restarts == 1 ? "once" : std::to_string(process.restarts) + " times";
    add("restarted " + times + last, Colour::warning);
    return text;
}

void print_status(const std::vector<ProcessStatus>& processes, const Terminal& terminal) {
    Table table{{"MODULE", "PROCESS", ">PID", "VERSION", "HEALTH", ">REQ/S", ">P50", ">P99", ">ERR/S",
                 "BREAKERS", ">MEMORY", ">DATABASE"}};
    for (const ProcessStatus& process : processes)
        add_rows(table, process);
    std::string text = table.text(terminal);
    for (const ProcessStatus& process : processes)
        text += notes(process, terminal);
    std::printf("%s", text.c_str());
    std::fflush(stdout);
}

void print_json(const std::vector<ProcessStatus>& processes) {
    std::string all;
    for (const ProcessStatus& process : processes) {
        json::Writer out;
        out.begin_object().key("name").string(process.name).key("health").string(process.health);
        const std::string said = process.json.empty() ? out.end_object().take() : process.json;
        all += (all.empty() ? "" : ",\n") + said;
    }
    std::printf("{\"processes\": [\n%s\n]}\n", all.c_str());
}

// A place of the map: a module where it is known who calls, else the process.
std::string place_of(const ProcessStatus& process, const std::string& caller) {
    if (caller.empty() || caller == process.name) return process.name;
    return caller + " (in " + process.name + ")";
}

void add_edges(Table& table, const ProcessStatus& process) {
    table.add({"outside or others", "->", process.name, rate_text(process.work.per_second),
               duration_text(process.work.p50_ms), duration_text(process.work.p99_ms),
               errors_cell(process.work), ""});
    for (const NeighbourStatus& neighbour : process.neighbours) {
        const bool is_open = !neighbour.breaker.empty() && neighbour.breaker != "closed";
        const std::string guard = neighbour.is_here ? "same process"
                                  : is_open && !neighbour.reason.empty()
                                      ? neighbour.breaker + ": " + neighbour.reason
                                      : neighbour.breaker;
        table.add({place_of(process, neighbour.caller),
                   "->",
                   neighbour.name,
                   rate_text(neighbour.rates.per_second),
                   duration_text(neighbour.rates.p50_ms),
                   duration_text(neighbour.rates.p99_ms),
                   errors_cell(neighbour.rates),
                   {guard, is_open ? Colour::bad : Colour::faint}});
    }
}

Result<void> watch_status(const std::string& data, const Terminal& terminal) {
    do {
        const auto processes = processes_on(data);
        std::printf("%s", terminal.is_there ? redraw : "\n");
        if (processes) {
            print_status(*processes, terminal);
        } else {
            std::printf("%s\n", processes.error().message.c_str());
            std::fflush(stdout);
        }
    } while (!place::ends_within(redraw_every));
    return {};
}

}  // namespace

Result<void> show_status(const CommandLine& line, const place::Settings& settings) {
    const std::string& data = settings.text("data");
    const Terminal terminal = Terminal::of_output();
    if (!line.argument("--watch").empty()) return watch_status(data, terminal);
    place::release_signals();
    TRY(const auto processes, processes_on(data));
    if (line.argument("--json").empty()) {
        print_status(processes, terminal);
    } else {
        print_json(processes);
    }
    return {};
}

Result<void> show_map(const place::Settings& settings) {
    place::release_signals();
    TRY(const auto processes, processes_on(settings.text("data")));
    Table table{{"FROM", "", "TO", ">CALLS/S", ">P50", ">P99", ">ERR/S", "GUARD"}};
    for (const ProcessStatus& process : processes)
        add_edges(table, process);
    std::printf("%s", table.text(Terminal::of_output()).c_str());
    return {};
}

}  // namespace jebi::app
