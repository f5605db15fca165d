// The modules of one process, wired together: what app/parts/ has, on one place::Process.
#pragma once

#include <memory>
#include <vector>

#include "app/parts/part.h"

namespace jebi::app {

// Every module there is, each after those that it needs.
std::vector<const Module*> all_modules();

class Host {
public:
    // Brings the modules' tables up to date and builds them. `modules` is in the order of all_modules().
    // `way` leads to contracts that no module here keeps. `process` and `settings` outlive this.
    static Result<std::unique_ptr<Host>> open(place::Process& process, const place::Settings& settings,
                                              const std::vector<const Module*>& modules,
                                              place::Neighbours::Way way);
    // Ends as end(now): jobs and requests must not outlive the modules.
    ~Host();

    // Answers requests and starts all jobs.
    Result<void> start();
    // Lets others call the contracts kept here, at a Unix socket in the data folder: <data>/run/<name>.sock,
    // with a link for each module, <data>/run/<module>.sock. `invalid` when the folder's path is too long for
    // one.
    Result<void> open_contracts(const std::string& name);
    // Requests in flight end, then jobs. True: nothing had to be cut.
    bool end(Deadline until);

    // As `caller` reaches it.
    template <typename Contract>
    Contract& contract(std::string_view caller) {
        return neighbours_.get<Contract>(caller);
    }

private:
    Host(place::Process& process, const place::Settings& settings, place::Neighbours::Way way);
    Result<void> build(const Module& module);
    Result<void> link_modules(const std::string& folder, const std::string& socket) const;

    struct Built {
        const Module* module;
        std::unique_ptr<Part> part;
    };
    place::Process& process_;
    const place::Settings& settings_;
    place::Neighbours neighbours_;
    std::vector<Built> parts_;  // each after those that it stands on
    http::Router contracts_;
    bool ended_ = false;
};

}  // namespace jebi::app
