#include "app/serve.h"

#include <algorithm>
#include <charconv>

#include "app/breakage.h"
#include "app/host.h"
#include "app/settings.h"
#include "app/topology.h"
#include "app/ways.h"
#include "kit/place/data_folder.h"
#include "kit/place/inherited.h"
#include "kit/place/signals.h"
#include "kit/rpc/contract/descriptors.h"

namespace jebi::app {

namespace {

// Which process of the topology this is.
struct Own {
    const place::TopologyProcess& process;
    unsigned replica;  // from 1 on
};

std::unexpected<Error> refuse(const std::string& why) {
    return fail(error(Code::invalid, why).because("bad_command"));
}

Result<unsigned> replica_from(const std::string& digits, const place::TopologyProcess& process) {
    unsigned number = 1;
    if (digits.empty()) return number;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (status == std::errc{} && end == digits.data() + digits.size() && number >= 1 &&
        number <= process.replicas)
        return number;
    return refuse("\"" + process.name + "\" has the replicas 1 to " + std::to_string(process.replicas) +
                  ", not " + digits + ".");
}

Result<Own> own_process(const place::Topology& topology, const CommandLine& line) {
    const std::string name = line.argument(process_argument);
    std::vector<std::string> names;
    for (const place::TopologyProcess& process : topology.processes) {
        names.push_back(process.name);
        if (process.name != name) continue;
        TRY(const unsigned replica, replica_from(line.argument(replica_argument), process));
        return Own{process, replica};
    }
    const auto meant = place::nearest(name, names);
    return refuse(topology.file + " has no process \"" + name + "\"." +
                  (meant ? " Did you mean \"" + *meant + "\"?" : ""));
}

Result<std::vector<const Module*>> modules_of(const place::TopologyProcess& process,
                                              const std::vector<const Module*>& available) {
    std::vector<const Module*> modules;
    std::ranges::copy_if(available, std::back_inserter(modules),
                         [&](const Module* module) { return process.hosts(module->name); });
    if (modules.size() == process.modules.size()) return modules;
    return refuse("This program has not all modules that \"" + process.name +
                  "\" hosts. jebi has them all; a program named jebi-MODULE has only that one.");
}

// From whoever started this process, or else opened here.
Result<fiber::ListeningSocket> socket_of(place::InheritedSockets& sockets, std::string_view name,
                                         const fiber::Address& at) {
    if (auto inherited = place::take(sockets, name)) return std::move(*inherited);
    return fiber::ListeningSocket::open(at);
}

Result<std::optional<fiber::ListeningSocket>> pages_of(place::InheritedSockets& sockets,
                                                       const place::TopologyProcess& process) {
    if (!process.listen) return std::nullopt;
    TRY(auto socket, socket_of(sockets, "pages", *process.listen));
    return socket;
}

bool keeps_contracts(const std::vector<const Module*>& modules) {
    return !services_of(modules).empty();
}

Result<void> open_contracts(Host& host, const Own& own, const place::Credentials& credentials,
                            place::InheritedSockets& sockets) {
    TRY(auto contracts, socket_of(sockets, contracts_socket, own.process.local.at(own.replica - 1)));
    TRY_VOID(host.open_contracts(std::move(contracts)));
    const fiber::Address& by_tcp = own.process.contracts.at(own.replica - 1);
    if (by_tcp.is_unix()) return {};
    TRY(auto machines, socket_of(sockets, machines_socket, by_tcp));
    return host.open_to_machines(std::move(machines), credentials);
}

// For deployments (app/deployment.h): what a new program's contracts are compared with.
void tell_contracts(place::Process& process, const std::vector<const Module*>& modules) {
    process.control().on(
        http::Method::get, "/contracts.binpb", [services = services_of(modules)](const http::Request&) {
            const auto set = contract::descriptor_set_of(services);
            return set ? http::Response::text(200, *set) : http::Response::text(500, "no descriptors\n");
        });
}

Result<place::ProcessOptions> options_of(const Own& own, const place::Settings& settings) {
    place::ProcessOptions options = process_options(settings);
    TRY(options.spans, spans_from(settings));
    options.name = child_name(own.process, own.replica);
    options.database = database_of(own.process);
    options.database_wait_ms = place::predecessor_max;
    options.version = program_version;
    return options;
}

Result<void> serve_until_end(place::Process& process, const Own& own, place::GuardedWays& ways,
                             const place::Settings& settings, const std::vector<const Module*>& modules,
                             const place::Credentials& credentials, place::InheritedSockets& sockets) {
    TRY(auto pages, pages_of(sockets, own.process));
    TRY(const auto host, Host::open(process, settings, modules, ways.way(), std::move(pages)));
    TRY_VOID(host->start());
    if (keeps_contracts(modules)) {
        TRY_VOID(place::open_data_folder(run_folder(settings)));
        TRY_VOID(open_contracts(*host, own, credentials, sockets));
    }
    tell_contracts(process, modules);
    process.ready();
    place::wait_for_end();
    host->end(in(place::drain_max));
    return {};
}

}  // namespace

std::vector<std::string_view> services_of(const std::vector<const Module*>& modules) {
    std::vector<std::string_view> services;
    for (const Module* module : modules) {
        if (!module->service.empty()) services.push_back(module->service);
    }
    return services;
}

Verb serve_verb() {
    return {.name = "serve",
            .help = "One process of a topology; `jebi up FILE` starts them all",
            .arguments = {{.name = topology_argument, .help = "The topology file", .required = true},
                          {.name = process_argument, .help = "Its name in that file", .required = true},
                          {.name = replica_argument, .help = "Which replica it is, from 1 on [1]"}}};
}

Result<void> serve(const CommandLine& line, const place::Settings& settings,
                   const std::vector<const Module*>& available) {
    TRY(const auto topology, topology_from(line.argument(topology_argument), settings));
    TRY(const Own own, own_process(topology, line));
    TRY(const auto modules, modules_of(own.process, available));
    TRY(const auto credentials, place::Credentials::read(topology, own.process.is_reached_by_tcp()));
    TRY(auto sockets, place::inherited_sockets(place::environment()));
    TRY(auto options, options_of(own, settings));
    std::unique_ptr<Breakage> breakage;
    auto process = place::Process::open(options, place::take(sockets, "control"));
    if (!process && process.error().reason == "ended") return {};
    if (!process) return fail(std::move(process.error()));
    breakage = breakage_of(**process, settings);
    chaos::Faults* const faults = breakage ? &breakage->faults() : nullptr;
    place::GuardedWays ways{ways_in(topology, own.process.machine, credentials, faults),
                            (*process)->requests(), (*process)->log()};
    (*process)->guards(ways.read());
    return serve_until_end(**process, own, ways, settings, modules, credentials, sockets);
}

}  // namespace jebi::app
