// The contracts that the modules of a process reach, wherever they are kept: in this process, or in another.
//
//     neighbours.keep<tweets::Tweets>(service);                   // this process keeps it
//     tweets::Tweets& tweets = neighbours.get<tweets::Tweets>("web");   // for the module web
//
// Whoever gets a contract cannot tell where it is kept: the one of this process comes in its Local wrapper,
// the other is a Client on the way to that process. Each pair of caller and contract has an object of its
// own, so that calls are counted, and bounded, by edge.
//
// Built on one thread, at the start of a process; what get() answered is thread-safe and lives as long as
// this.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "kit/rpc/rpc.h"

namespace jebi::place {

class Neighbours {
public:
    // What is told of the calls that a module makes.
    using Watch = std::function<rpc::Observer(std::string_view caller)>;
    // The way from a module to whoever keeps the contract of that name, with whatever stands in between;
    // null: nobody keeps it, and its calls are answered `unavailable` (absent).
    using Way =
        std::function<std::unique_ptr<rpc::Channel>(std::string_view caller, std::string_view service)>;

    Neighbours(Watch watch, Way way) : watch_(std::move(watch)), way_(std::move(way)) {}
    Neighbours(const Neighbours&) = delete;

    // This process keeps the contract. Before anybody gets it; `service` outlives this.
    template <typename Contract>
    void keep(Contract& service) {
        kept_.emplace(Contract::service_name, &service);
    }

    template <typename Contract>
    Contract& get(std::string_view caller) {
        const Key key{caller, Contract::service_name};
        if (const auto found = reached_.find(key); found != reached_.end())
            return *static_cast<Contract*>(found->second.get());
        const std::shared_ptr<Contract> contract = reach<Contract>(caller);
        reached_.emplace(key, contract);
        return *contract;
    }

    // Who waits for something to happen elsewhere is let go, now and from now on.
    void end_waits() {
        for (const auto& channel : channels_)
            channel->end_waits();
    }

private:
    using Key = std::pair<std::string, std::string_view>;

    template <typename Contract>
    std::shared_ptr<Contract> reach(std::string_view caller) {
        if (const auto kept = kept_.find(Contract::service_name); kept != kept_.end()) {
            auto& service = *static_cast<Contract*>(kept->second);
            return std::make_shared<typename Contract::Here>(service, watch_(caller));
        }
        auto channel = way_(caller, Contract::service_name);
        if (channel == nullptr) return std::make_shared<typename Contract::Nowhere>();
        channels_.push_back(std::move(channel));
        return std::make_shared<typename Contract::Elsewhere>(*channels_.back());
    }

    Watch watch_;
    Way way_;
    std::map<std::string_view, void*> kept_;  // each is a Contract* of that name
    std::vector<std::unique_ptr<rpc::Channel>> channels_;
    std::map<Key, std::shared_ptr<void>> reached_;  // shared_ptr keeps the right destructor
};

}  // namespace jebi::place
