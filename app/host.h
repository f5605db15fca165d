// The modules of one process, wired together: what app/parts/ has, on one place::Process.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/parts/part.h"
#include "kit/guard/server_limit.h"
#include "kit/place/credentials.h"

namespace jebi::app {

class Host {
public:
    // Brings the modules' tables up to date and builds them. `modules` come each after those here that it
    // calls. `way` leads to contracts that no module here keeps; `pages` is where people come (none: by the
    // setting "listen"). `process` and `settings` outlive this.
    static Result<std::unique_ptr<Host>> open(place::Process& process, const place::Settings& settings,
                                              const std::vector<const Module*>& modules,
                                              place::Neighbours::Way way,
                                              std::optional<fiber::ListeningSocket> pages = {});
    // Ends as end(now): jobs and requests must not outlive the modules.
    ~Host();

    // Answers requests and starts all jobs.
    Result<void> start();
    // Lets others on this machine call the contracts kept here. The Unix socket gets a link for each module
    // beside it, <module>.sock.
    Result<void> open_contracts(fiber::ListeningSocket socket);
    // And those on other machines, by TCP, when they bring the secret; without it, only /livez answers.
    Result<void> open_to_machines(fiber::ListeningSocket socket, const place::Credentials& credentials);
    // Requests in flight end, then jobs. True: nothing had to be cut.
    bool end(Deadline until);

    // As `caller` reaches it.
    template <typename Contract>
    Contract& contract(std::string_view caller) {
        return neighbours_.get<Contract>(caller);
    }

private:
    Host(place::Process& process, const place::Settings& settings, place::Neighbours::Way way,
         std::optional<fiber::ListeningSocket> pages);
    Result<void> build(const Module& module);
    Result<void> serve_contracts(fiber::ListeningSocket socket, http::Router& router,
                                 http::ServerOptions options, place::Process::Refuses refuses);
    Result<void> link_modules(const std::string& socket) const;

    struct Built {
        const Module* module;
        std::unique_ptr<Part> part;
    };
    place::Process& process_;
    const place::Settings& settings_;
    place::Neighbours neighbours_;
    std::optional<fiber::ListeningSocket> pages_;
    guard::SteadyTime time_;
    guard::ServerLimit limit_{{}, time_};  // of the calls that come from other processes
    std::vector<Built> parts_;             // each after those that it stands on
    http::Router contracts_, contracts_by_tcp_;
    bool ended_ = false;
};

}  // namespace jebi::app
