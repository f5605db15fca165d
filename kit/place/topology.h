// A topology: which module runs in which process, read from a TOML file.
//
//     [process.tweets]                    a process, and its database, are named after it
//     modules = ["tweets", "timelines"]
//     contracts = "10.0.0.2:7001"         where other machines reach them; this one: [DATA/run/tweets.sock]
//     machine = "b"                       ["this"]
//     program = "/opt/jebi-tweets"        [whatever the caller takes for these modules]
//     settings.log.level = "debug"        handed to the program's own configuration
//
//     [process.web]
//     modules = ["web"]
//     listen = "127.0.0.1:3000"           where people come: only, and always, where a module has pages
//     replicas = 2                        only where no module has data of its own
//
//     [external.trending]                 somebody else's program that keeps one contract
//     service = "jebi.trending.v1.Trending"
//     address = "127.0.0.1:7100"          or a list
//     command = ["node", "trending.mjs"]  when it is to be started and watched here
//     health = "/healthz"                 the path that tells whether it is there
//     machine = "b"                       where that command is started ["this"]
//
//     [edge."web -> timelines"]           settings of the calls between two neighbours, verbatim; "*": any
//     deadline_ms = 300
//
//     [secret]                            wanted when contracts are reached by TCP (kit/rpc/secret.h)
//     file = "secret"                     relative to this file, as those of [tls]
//     plain = true                        it may leave the machine without TLS: the network encrypts [false]
//     [tls]                               wanted when they are, and not on loopback
//     cert = "cert.pem"                   what a process shows that is called
//     key = "key.pem"
//     roots = "roots.pem"                 whom its callers trust [the system's]
//     name = "jebi.internal"              whom the certificate is for [the host in contracts]
//
// The kit knows no module: the caller says which there are. What is misspelt or contradicts itself is refused
// with file, line, why, and the nearest name that exists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kit/base/result.h"
#include "kit/fiber/socket.h"

namespace jebi::place {

// What the caller knows of a module.
struct KnownModule {
    std::string name;
    std::vector<std::string> needs{};  // modules whose contracts it calls
    bool has_data = true;              // of its own: then one process at a time hosts it
    bool has_pages = false;            // its process listens for people
    bool optional = false;             // a topology may leave it out
    std::string program{};             // not empty: runs by that program only, in a process of its own
};

inline constexpr unsigned replicas_max = 64;
inline constexpr std::size_t processes_max = 100;

struct TopologyValue {
    std::string key;
    std::string value;
    unsigned line = 0;
};

struct TopologyProcess {
    std::string name;
    std::vector<std::string> modules;
    std::optional<fiber::Address> listen{};
    unsigned replicas = 1;
    std::string machine = "this";
    std::vector<fiber::Address> contracts{};  // one for each replica
    std::vector<fiber::Address> local{};      // the Unix sockets of the same, for those on its machine
    std::string program{};                    // empty: the caller's choice
    std::vector<TopologyValue> settings{};
    unsigned line = 0;

    bool hosts(std::string_view module) const;
    bool is_reached_by_tcp() const;
};

struct TopologyExternal {
    std::string name;
    std::string service{};
    std::vector<fiber::Address> addresses{};
    std::vector<std::string> command{};  // empty: it runs by itself
    std::string health{};
    std::string machine = "this";
    unsigned line = 0;
};

struct TopologyEdge {
    std::string from;  // a module, or "*"
    std::string to;    // a module, an external, or "*"
    std::vector<TopologyValue> policy{};
    unsigned line = 0;
};

struct Topology {
    std::string file;
    std::vector<TopologyProcess> processes;  // in the order of the file, as all lists here
    std::vector<TopologyExternal> externals;
    std::vector<TopologyEdge> edges;
    std::string secret_file;  // paths as this process opens them
    bool secret_in_plain = false;
    std::string tls_cert;
    std::string tls_key;
    std::string tls_roots;
    std::string tls_name;

    // `invalid`: what is wrong, where, and a hint. `data_folder` is where Unix sockets are to stand.
    static Result<Topology> read(const std::string& file, const std::vector<KnownModule>& known,
                                 const std::string& data_folder);
    // Who hosts it; null: nobody.
    const TopologyProcess* host_of(std::string_view module) const;
    // Is anybody's contract reached by TCP?
    bool has_tcp() const;
};

}  // namespace jebi::place
