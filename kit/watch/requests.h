// Counts every request and every call between modules (RED: rate, errors, duration), and logs those that
// fail inside or are slow (streams are as slow as people listen long). Makes the observers that kit/http and
// kit/rpc ask for. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <tuple>

#include "kit/http/server.h"
#include "kit/rpc/rpc.h"
#include "kit/watch/log.h"
#include "kit/watch/metrics.h"

namespace jebi::watch {

class Requests {
public:
    Requests(Metrics& metrics, Log& log) : metrics_(metrics), log_(log) {}
    // Both observers refer to this, which outlives the server and the wiring.
    std::function<void(const http::Served&)> http();
    rpc::Observer calls();

private:
    struct Series {
        Counter count;
        Durations durations;
    };
    // Labels are told apart by where their text stands in memory: routes and methods are literals or live in
    // the router.
    using Key = std::tuple<const void*, const void*, int>;
    template <typename Make>
    const Series& series(const Key& key, Make make);
    void served(const http::Served& what);
    void called(const rpc::Observed& what);

    Metrics& metrics_;
    Log& log_;
    std::shared_mutex mutex_;
    std::map<Key, Series> series_;
};

}  // namespace jebi::watch
