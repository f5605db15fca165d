// Counts every request and every call between modules (RED: rate, errors, duration), for /metrics since the
// start and for /status of the last ten seconds, and logs those that fail inside or are slow (streams are as
// slow as people listen long). Makes the observers that kit/http and kit/rpc ask for. Thread-safe.
//
// Lines of failures and slow ones are bounded: 20 a second, and the next one tells how many were left out.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <vector>

#include "kit/http/server.h"
#include "kit/rpc/rpc.h"
#include "kit/watch/log.h"
#include "kit/watch/metrics.h"
#include "kit/watch/pace.h"
#include "kit/watch/window.h"

namespace jebi::watch {

class Spans;

// The module that keeps a contract: "tweets" for "jebi.tweets.v1.Tweets"; as it is when it is no such name.
std::string_view module_of(std::string_view service);
// Is a route the way to a contract's method ("/jebi.tweets.v1.Tweets/Write")?
bool is_method(std::string_view route);
// "local", "client" or "server".
std::string_view name(rpc::Side side);
// Our own failures: internal, unavailable, deadline. What the caller did wrong is none.
bool is_our_fault(const Error& error);

// One route, or one method of a contract seen from one side, in the last ten seconds. Errors are answers from
// 500 on, and failures of our own. Streams, and calls that wait for something to happen (rpc::Method), count
// only when they fail. All cover the same time, from the process's start if that is less.
struct RouteRecent {
    std::string method, route;  // "GET", "/users/{name}"
    Recent recent;
};
struct CallRecent {
    std::string caller;  // the module that calls; empty: not known
    std::string service, method;
    rpc::Side side;
    Recent recent;
};

class Requests {
public:
    Requests(Metrics& metrics, Log& log) : metrics_(metrics), log_(log) {}
    // From here on `spans`, which outlives the observers, is told what they are. Before they are used.
    void tell(Spans& spans) { spans_ = &spans; }
    // The observers refer to this, which outlives the server and the wiring. Calls with the side "local" or
    // "client" are `caller`'s, where it is named.
    std::function<void(const http::Served&)> http();
    rpc::Observer calls(std::string caller = "");

    // Those with anything in the last ten seconds, in no order.
    std::vector<RouteRecent> recent_routes(Deadline now) const;
    std::vector<CallRecent> recent_calls(Deadline now) const;

private:
    // Texts are told apart by where they stand in memory: routes and methods are literals or live in the
    // router, callers live here.
    using Key = std::tuple<const void*, const void*, const void*, int>;
    struct Place {
        explicit Place(Deadline since) : window(since) {}
        std::string caller, first, second;  // method and route, or service and method
        rpc::Side side{};
        Window window;
    };
    struct Series {
        Counter count;
        Durations durations;
        Window& window;
    };
    using Places = std::map<Key, Place>;
    template <typename Make>
    const Series& series(const Key& key, Make make);
    template <typename Each>
    void for_each_recent(const Places& places, Deadline now, Each each) const;
    Series new_series(const http::Served& what);
    Series new_series(const std::string& caller, const rpc::Observed& what);
    void served(const http::Served& what);
    void called(const std::string& caller, const rpc::Observed& what);
    void tell_request(const http::Served& what, std::string_view how);
    bool may_tell(Deadline now);
    static constexpr std::uint32_t lines_a_second_max = 20;

    Metrics& metrics_;
    Log& log_;
    const Deadline started_ = std::chrono::steady_clock::now();
    Spans* spans_ = nullptr;           // null: nobody
    mutable std::shared_mutex mutex_;  // of all maps and the list
    std::list<std::string> callers_;
    std::map<Key, Series> series_;  // by outcome, too
    Places routes_;
    Places calls_;
    Pace lines_{lines_a_second_max};
};

}  // namespace jebi::watch
