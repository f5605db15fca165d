#include "kit/place/topology.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "kit/place/settings.h"
#include "kit/place/toml.h"

namespace jebi::place {

namespace {

constexpr std::size_t name_bytes_max = 32;
constexpr std::string_view arrow = " -> ";
constexpr std::string_view anybody = "*";

using Kind = TomlEntry::Kind;

// A process's or an external's name becomes the name of files, sockets and metrics.
bool is_name(std::string_view name) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !name.empty() && name.size() <= name_bytes_max && name.front() >= 'a' &&
           std::ranges::all_of(name, fits);
}

std::string meant(std::string_view name, const std::vector<std::string>& known) {
    const auto near = nearest(name, known);
    return near ? " Did you mean \"" + *near + "\"?" : "";
}

std::string listed(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

// Finds or makes the one of that name.
template <typename One>
One& named(std::vector<One>& all, const std::string& name, unsigned line) {
    const auto found = std::ranges::find(all, name, &One::name);
    if (found != all.end()) return *found;
    return all.emplace_back(One{.name = name, .line = line});
}

// Takes one entry after the other, and knows where it is when it refuses one.
class Reader {
public:
    Reader(Topology& topology, const std::vector<KnownModule>& known) : topology_(topology), known_(known) {}

    Result<void> take(const TomlEntry& entry) {
        entry_ = &entry;
        const std::string& section = entry.path.front();
        if (section == "secret" || section == "tls") return take_between_machines(section);
        if (section != "process" && section != "external" && section != "edge")
            return refuse("there is no section \"" + section + "\"." +
                          meant(section, {"process", "external", "edge", "secret", "tls"}));
        if (entry.path.size() < 3 && entry.kind != Kind::empty_table)
            return refuse("write [" + section + ".NAME], and \"" + entry.path.back() + "\" below it.");
        if (entry.path.size() < 2) return {};
        const std::string& name = entry.path[1];
        if (section == "edge") return take_edge(name);
        if (!is_name(name))
            return refuse("\"" + name + "\" is no name: 1 to 32 of a-z, 0-9 and -, a letter first.");
        return section == "process" ? take_process(name) : take_external(name);
    }

private:
    std::unexpected<Error> refuse(const std::string& why) const {
        return fail(error(Code::invalid, topology_.file + ":" + std::to_string(entry_->line) + ": " + why)
                        .because("bad_topology"));
    }

    std::unexpected<Error> unknown_key(const std::string& key, const std::vector<std::string>& known) const {
        return refuse("there is no key \"" + key + "\" here." + meant(key, known) +
                      " There are: " + listed(known) + ".");
    }

    Result<std::string> text() const {
        if (entry_->kind == Kind::text && !entry_->value.empty()) return entry_->value;
        return refuse(entry_->key + " must be a text.");
    }

    Result<std::vector<std::string>> texts() const {
        if (entry_->kind == Kind::list && !entry_->items.empty()) return entry_->items;
        if (entry_->kind == Kind::text && !entry_->value.empty()) return std::vector{entry_->value};
        return refuse(entry_->key + " must be a list of texts, such as [\"a\", \"b\"].");
    }

    Result<std::vector<fiber::Address>> addresses() const {
        TRY(const auto all, texts());
        std::vector<fiber::Address> addresses;
        for (const std::string& one : all) {
            auto address = fiber::Address::from(one);
            if (!address) return refuse(entry_->key + ": " + address.error().message);
            addresses.push_back(std::move(*address));
        }
        return addresses;
    }

    Result<std::string> machine() const {
        TRY(std::string name, text());
        if (!is_name(name)) return refuse("a machine's name is 1 to 32 of a-z, 0-9 and -.");
        return name;
    }

    Result<unsigned> replicas() const {
        unsigned count = 0;
        const std::string& digits = entry_->value;
        const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        const bool whole = status == std::errc{} && end == digits.data() + digits.size();
        if (entry_->kind == Kind::integer && whole && count >= 1 && count <= replicas_max) return count;
        return refuse("replicas must be a whole number from 1 to " + std::to_string(replicas_max) + ".");
    }

    // What is below path[depth], handed on as it is.
    Result<TopologyValue> verbatim(std::size_t depth) const {
        if (entry_->kind == Kind::list || entry_->kind == Kind::empty_table)
            return refuse(entry_->key + " must be text, a number, or true or false.");
        std::string key;
        for (std::size_t i = depth; i < entry_->path.size(); ++i)
            key += (key.empty() ? "" : ".") + entry_->path[i];
        return TopologyValue{key, entry_->value, entry_->line};
    }

    // Whoever starts the topology from another folder means the same files.
    Result<std::string> file() const {
        TRY(const std::string named, text());
        return (std::filesystem::path(topology_.file).parent_path() / named).lexically_normal().string();
    }

    Result<void> take_secret(const std::string& key) {
        if (key == "file") {
            TRY(topology_.secret_file, file());
        } else if (key == "plain") {
            if (entry_->kind != Kind::flag) return refuse("plain is true or false.");
            topology_.secret_in_plain = entry_->value == "true";
        } else {
            return unknown_key(key, {"file", "plain"});
        }
        return {};
    }

    Result<void> take_tls(const std::string& key) {
        if (key == "cert") {
            TRY(topology_.tls_cert, file());
        } else if (key == "key") {
            TRY(topology_.tls_key, file());
        } else if (key == "roots") {
            TRY(topology_.tls_roots, file());
        } else if (key == "name") {
            TRY(topology_.tls_name, text());
        } else {
            return unknown_key(key, {"cert", "key", "roots", "name"});
        }
        return {};
    }

    Result<void> take_between_machines(const std::string& section) {
        if (entry_->path.size() == 1 && entry_->kind == Kind::empty_table) return {};
        if (entry_->path.size() != 2) return refuse("write [" + section + "], and its keys below it.");
        return section == "secret" ? take_secret(entry_->path[1]) : take_tls(entry_->path[1]);
    }

    Result<void> take_process(const std::string& name) {
        TopologyProcess& process = named(topology_.processes, name, entry_->line);
        if (topology_.processes.size() > processes_max)
            return refuse("more than " + std::to_string(processes_max) + " processes.");
        if (entry_->path.size() == 2) return {};
        const std::string& key = entry_->path[2];
        if (key == "settings") return take_setting(process);
        if (entry_->path.size() > 3) return unknown_key(entry_->key, {"settings"});
        if (key == "modules") return take_modules(process);
        if (key == "contracts") {
            TRY(process.contracts, addresses());
        } else if (key == "listen") {
            TRY(const auto all, addresses());
            if (all.size() != 1) return refuse("listen must be one address.");
            process.listen = all.front();
        } else if (key == "replicas") {
            TRY(process.replicas, replicas());
        } else if (key == "machine") {
            TRY(process.machine, machine());
        } else if (key == "program") {
            TRY(process.program, text());
        } else {
            return unknown_key(
                key, {"modules", "listen", "replicas", "machine", "contracts", "program", "settings"});
        }
        return {};
    }

    Result<void> take_setting(TopologyProcess& process) const {
        if (entry_->path.size() == 3 && entry_->kind == Kind::empty_table) return {};
        if (entry_->path.size() == 3) return refuse("settings is a table: settings.log.level = \"debug\".");
        TRY(auto value, verbatim(3));
        process.settings.push_back(std::move(value));
        return {};
    }

    Result<void> take_modules(TopologyProcess& process) {
        TRY(process.modules, texts());
        for (const std::string& module : process.modules) {
            if (std::ranges::find(known_, module, &KnownModule::name) == known_.end())
                return refuse("there is no module \"" + module + "\"." + meant(module, names()));
            const auto [earlier, is_first] = hosts_.emplace(module, process.name);
            if (!is_first)
                return refuse("the module \"" + module + "\" is placed twice: in \"" + earlier->second +
                              "\" already.");
        }
        return {};
    }

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const KnownModule& module : known_)
            all.push_back(module.name);
        return all;
    }

    Result<void> take_external(const std::string& name) {
        TopologyExternal& external = named(topology_.externals, name, entry_->line);
        if (entry_->path.size() == 2) return {};
        const std::string& key = entry_->path[2];
        if (entry_->path.size() > 3) return unknown_key(entry_->key, {});
        if (key == "service") {
            TRY(external.service, text());
        } else if (key == "address") {
            TRY(external.addresses, addresses());
        } else if (key == "command") {
            TRY(external.command, texts());
        } else if (key == "health") {
            TRY(external.health, text());
            if (!external.health.starts_with('/')) return refuse("health is a path, such as \"/healthz\".");
        } else if (key == "machine") {
            TRY(external.machine, machine());
        } else {
            return unknown_key(key, {"service", "address", "command", "health", "machine"});
        }
        return {};
    }

    Result<void> take_edge(const std::string& name) {
        const auto at = name.find(arrow);
        if (at == std::string::npos) return refuse(R"(an edge is written [edge."from -> to"].)");
        const std::string from = name.substr(0, at);
        const std::string to = name.substr(at + arrow.size());
        const auto same = [&](const TopologyEdge& edge) { return edge.from == from && edge.to == to; };
        auto found = std::ranges::find_if(topology_.edges, same);
        if (found == topology_.edges.end()) {
            topology_.edges.push_back({.from = from, .to = to, .line = entry_->line});
            found = std::prev(topology_.edges.end());
        }
        if (entry_->path.size() == 2) return {};
        TRY(auto value, verbatim(2));
        found->policy.push_back(std::move(value));
        return {};
    }

    Topology& topology_;
    const std::vector<KnownModule>& known_;
    const TomlEntry* entry_ = nullptr;
    std::map<std::string, std::string> hosts_;  // module -> process
};

// What can only be seen when all has been read.
class Checker {
public:
    Checker(Topology& topology, const std::vector<KnownModule>& known, std::string data_folder)
        : topology_(topology), known_(known), data_folder_(std::move(data_folder)) {}

    Result<void> check() {
        for (TopologyProcess& process : topology_.processes)
            TRY_VOID(check_process(process));
        for (const TopologyExternal& external : topology_.externals)
            TRY_VOID(check_external(external));
        TRY_VOID(check_placed());
        for (const TopologyEdge& edge : topology_.edges)
            TRY_VOID(check_edge(edge));
        TRY_VOID(check_machines());
        TRY_VOID(check_addresses());
        return check_tls();
    }

private:
    std::unexpected<Error> refuse(unsigned line, const std::string& why) const {
        const std::string where = topology_.file + (line > 0 ? ":" + std::to_string(line) : "");
        return fail(error(Code::invalid, where + ": " + why).because("bad_topology"));
    }

    const KnownModule* module(std::string_view name) const {
        const auto found = std::ranges::find(known_, name, &KnownModule::name);
        return found == known_.end() ? nullptr : &*found;
    }

    Result<void> check_process(TopologyProcess& process) const {
        const std::string who = "the process \"" + process.name + "\"";
        if (process.modules.empty()) return refuse(process.line, who + " hosts no module: name some.");
        bool has_pages = false;
        for (const std::string& name : process.modules) {
            const KnownModule& hosted = *module(name);
            has_pages = has_pages || hosted.has_pages;
            if (hosted.has_data && process.replicas > 1)
                return refuse(process.line,
                              who + " cannot have replicas: the module \"" + name +
                                  "\" has data of its own, which one process has open at a time.");
            if (!hosted.program.empty() && process.modules.size() > 1)
                return refuse(process.line, "the module \"" + name + "\" runs by the program " +
                                                hosted.program + ", in a process of its own.");
            if (!hosted.program.empty() && process.program.empty()) process.program = hosted.program;
        }
        if (has_pages && !process.listen)
            return refuse(process.line, who +
                                            " has pages, and does not say where people find them: "
                                            "listen = \"127.0.0.1:3000\".");
        if (!has_pages && process.listen)
            return refuse(process.line,
                          who + " listens, but none of its modules has pages: take listen out.");
        return place_contracts(process);
    }

    Result<std::vector<fiber::Address>> sockets_of(const TopologyProcess& process) const {
        std::vector<fiber::Address> sockets;
        const std::string path = "unix:" + data_folder_ + "/run/" + process.name;
        for (unsigned i = 1; i <= process.replicas; ++i) {
            const std::string which = process.replicas == 1 ? "" : "-" + std::to_string(i);
            auto address = fiber::Address::from(path + which + ".sock");
            if (!address) return refuse(process.line, address.error().message + " Choose a shorter --data.");
            sockets.push_back(std::move(*address));
        }
        return sockets;
    }

    // Those on its machine need no TCP: a file is nearer, and the operator finds it there.
    Result<void> place_contracts(TopologyProcess& process) const {
        TRY(auto sockets, sockets_of(process));
        if (process.contracts.empty()) process.contracts = sockets;
        if (process.contracts.size() != process.replicas)
            return refuse(process.line, "the process \"" + process.name + "\" has " +
                                            std::to_string(process.replicas) + " replicas and " +
                                            std::to_string(process.contracts.size()) +
                                            " addresses for contracts: name one for each.");
        process.local = std::move(sockets);
        for (unsigned i = 0; i < process.replicas; ++i) {
            if (process.contracts[i].is_unix()) process.local[i] = process.contracts[i];
        }
        return {};
    }

    Result<void> check_external(const TopologyExternal& external) const {
        const std::string who = "the external \"" + external.name + "\"";
        if (external.service.empty())
            return refuse(external.line, who + " keeps no contract: service = \"package.v1.Service\".");
        if (external.addresses.empty())
            return refuse(external.line, who + " has no address: address = \"127.0.0.1:7100\".");
        const bool taken = module(external.name) != nullptr ||
                           std::ranges::find(topology_.processes, external.name, &TopologyProcess::name) !=
                               topology_.processes.end();
        if (taken) return refuse(external.line, who + " has the name of a module or a process.");
        const auto machines = this->machines();
        if (external.command.empty() || std::ranges::find(machines, external.machine) != machines.end())
            return {};
        return refuse(external.line, who + " is to be started on the machine \"" + external.machine +
                                         "\", and no process is: machine = \"NAME\", of " + listed(machines) +
                                         ".");
    }

    // Each once, in the order of the file.
    std::vector<std::string> machines() const {
        std::vector<std::string> all;
        for (const TopologyProcess& process : topology_.processes) {
            if (std::ranges::find(all, process.machine) == all.end()) all.push_back(process.machine);
        }
        return all;
    }

    Result<void> check_placed() const {
        for (const KnownModule& known : known_) {
            if (known.optional || topology_.host_of(known.name) != nullptr) continue;
            return refuse(0, "the module \"" + known.name +
                                 "\" is placed nowhere: name it in the modules of a process.");
        }
        return {};
    }

    std::vector<std::string> neighbours_of(const std::string& from) const {
        std::vector<std::string> all{std::string(anybody)};
        for (const KnownModule& known : known_) {
            if (from != anybody && from != known.name) continue;
            all.insert(all.end(), known.needs.begin(), known.needs.end());
        }
        for (const TopologyExternal& external : topology_.externals)
            all.push_back(external.name);
        return all;
    }

    Result<void> check_edge(const TopologyEdge& edge) const {
        if (edge.from != anybody && module(edge.from) == nullptr) {
            std::vector<std::string> names{std::string(anybody)};
            for (const KnownModule& known : known_)
                names.push_back(known.name);
            return refuse(edge.line, "there is no module \"" + edge.from + "\"." + meant(edge.from, names));
        }
        const auto neighbours = neighbours_of(edge.from);
        if (std::ranges::find(neighbours, edge.to) != neighbours.end()) return {};
        return refuse(edge.line, (edge.from == anybody ? "nobody" : "\"" + edge.from + "\"") + " calls \"" +
                                     edge.to + "\"." + meant(edge.to, neighbours));
    }

    // Who is called from another machine is not reached through a file.
    Result<void> check_machines() const {
        for (const TopologyProcess& process : topology_.processes) {
            const bool by_tcp = process.is_reached_by_tcp();
            for (const fiber::Address& at : process.contracts)
                TRY_VOID(check_tcp(process, at));
            for (const TopologyProcess& caller : topology_.processes) {
                if (caller.machine == process.machine || by_tcp || !calls(caller, process)) continue;
                return refuse(process.line, "\"" + caller.name + "\" on machine \"" + caller.machine +
                                                "\" calls \"" + process.name + "\" on \"" + process.machine +
                                                "\": give that contracts = \"HOST:PORT\".");
            }
        }
        return {};
    }

    // Whoever knows the secret may act as anybody.
    Result<void> check_tcp(const TopologyProcess& process, const fiber::Address& at) const {
        if (at.is_unix()) return {};
        const std::string what = "the contracts of \"" + process.name + "\" ";
        if (topology_.secret_file.empty())
            return refuse(process.line, what +
                                            "are reached by TCP: that wants a shared secret. Write "
                                            "[secret] and file = \"...\".");
        if (at.port == 0)
            return refuse(process.line, what + "have the port 0, which others cannot know: name another.");
        if (is_loopback(at.host) || topology_.secret_in_plain || !topology_.tls_cert.empty()) return {};
        return refuse(process.line,
                      what + "and the secret would cross the network to " + at.text() +
                          " for all to read: write [tls] with cert, key and roots, or, where the network "
                          "itself encrypts, [secret] and plain = true.");
    }

    // A name may lead anywhere.
    static bool is_loopback(const std::string& host) {
        return host.starts_with("127.") || host == "::1" || host == "localhost";
    }

    Result<void> check_tls() const {
        if (topology_.tls_cert.empty() != topology_.tls_key.empty())
            return refuse(0, "[tls] has a cert or a key, and TLS needs both.");
        const bool has_more = !topology_.tls_roots.empty() || !topology_.tls_name.empty();
        if (has_more && topology_.tls_cert.empty())
            return refuse(0, "[tls] says whom to trust, and has no cert and key for those who are called.");
        return {};
    }

    bool calls(const TopologyProcess& caller, const TopologyProcess& process) const {
        return std::ranges::any_of(caller.modules, [&](const std::string& name) {
            return std::ranges::any_of(module(name)->needs,
                                       [&](const std::string& needed) { return process.hosts(needed); });
        });
    }

    // Port 0 is a free one, each time another.
    Result<void> check_addresses() const {
        std::map<std::string, std::string> taken;  // machine and address -> who
        const auto take = [&](const std::string& machine, const fiber::Address& at, const std::string& who,
                              unsigned line) -> Result<void> {
            if (!at.is_unix() && at.port == 0) return {};
            const auto [earlier, is_first] = taken.emplace(machine + " " + at.text(), who);
            if (is_first) return {};
            return refuse(
                line, "\"" + who + "\" and \"" + earlier->second + "\" both listen on " + at.text() + ".");
        };
        for (const TopologyProcess& process : topology_.processes) {
            if (process.listen) TRY_VOID(take(process.machine, *process.listen, process.name, process.line));
            for (const auto& at : process.contracts)
                TRY_VOID(take(process.machine, at, process.name, process.line));
            for (unsigned i = 0; i < process.replicas; ++i) {
                if (process.contracts[i].is_unix()) continue;
                TRY_VOID(take(process.machine, process.local[i], process.name, process.line));
            }
        }
        for (const TopologyExternal& external : topology_.externals) {
            for (const auto& at : external.addresses)
                TRY_VOID(take(external.machine, at, external.name, external.line));
        }
        return {};
    }

    Topology& topology_;
    const std::vector<KnownModule>& known_;
    std::string data_folder_;
};

}  // namespace

bool TopologyProcess::hosts(std::string_view module) const {
    return std::ranges::find(modules, module) != modules.end();
}

bool TopologyProcess::is_reached_by_tcp() const {
    return !std::ranges::all_of(contracts, &fiber::Address::is_unix);
}

bool Topology::has_tcp() const {
    return std::ranges::any_of(processes, &TopologyProcess::is_reached_by_tcp);
}

const TopologyProcess* Topology::host_of(std::string_view module) const {
    const auto found = std::ranges::find_if(
        processes, [&](const TopologyProcess& process) { return process.hosts(module); });
    return found == processes.end() ? nullptr : &*found;
}

Result<Topology> Topology::read(const std::string& file, const std::vector<KnownModule>& known,
                                const std::string& data_folder) {
    TRY(const auto entries, toml_entries(file));
    Topology topology{.file = file};
    Reader reader{topology, known};
    for (const TomlEntry& entry : entries)
        TRY_VOID(reader.take(entry));
    TRY_VOID(Checker(topology, known, data_folder).check());
    return topology;
}

}  // namespace jebi::place
