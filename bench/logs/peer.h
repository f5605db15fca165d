// The servers that are measured, behind one face: each a process of its own on a port that was free, with its
// data in a folder of the benchmark's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/logs/client.h"
#include "bench/logs/queries.h"

namespace jebi::bench {

class Peer {
public:
    Peer() = default;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    virtual ~Peer() { stop(); }

    virtual const char* name() const = 0;
    // Why it cannot be measured here; empty when it can.
    virtual std::string missing() const = 0;
    // Starts it without any rows; its data will be in `folder`/data, and gone when it is stopped. Stops the
    // program when that fails.
    void start(const std::string& folder);
    void stop();

    // Where rows are sent to, and what is sent for these JSON lines.
    virtual std::string rows_target() const = 0;
    virtual std::string body(std::string_view lines) const { return std::string{lines}; }
    // The same for one event of a web page's visit.
    virtual std::string event_target() const { return rows_target(); }
    // The query in its own words; empty: it has none.
    virtual const std::string& sql(const Query& query) const = 0;
    // Its answer, a JSON object a line.
    std::string ask(const std::string& sql);

    std::uint16_t port() const { return port_; }
    pid_t process() const { return process_; }
    double cpu_seconds() const;     // user and system, of all its threads, since its start
    double peak_megabytes() const;  // resident, since its start
    virtual double disk_bytes();    // allocated by everything in its data folder

protected:
    virtual std::vector<std::string> command(const std::string& folder) = 0;
    // What its first output has before its port; empty: it was given its port.
    virtual std::string ready_words() const { return {}; }
    virtual void prepare() {}
    virtual std::string query_target() const = 0;
    virtual std::string query_body(const std::string& sql) const { return sql; }
    virtual const char* query_type() const { return "text/plain"; }
    std::uint16_t port_ = 0;

private:
    void wait_until_ready(const std::string& output);
    std::string folder_;
    pid_t process_ = 0;
    std::unique_ptr<HttpConnection> connection_;
};

std::unique_ptr<Peer> log_analytics(const std::string& program);
// Debian's ClickHouse 18.16.
std::unique_ptr<Peer> clickhouse();
// express_service.cjs under Node. `packages` is the folder with node_modules.
std::unique_ptr<Peer> express(const std::string& script, const std::string& packages);

std::uint16_t free_port();

}  // namespace jebi::bench
