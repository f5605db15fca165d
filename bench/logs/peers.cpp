#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bench/logs/peer.h"

namespace jebi::bench {

namespace {

bool is_in_path(const std::string& program) {
    return std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
}

class LogAnalytics final : public Peer {
public:
    explicit LogAnalytics(std::string program) : program_(std::move(program)) {}
    const char* name() const override { return "log-analytics"; }
    std::string missing() const override {
        return ::access(program_.c_str(), X_OK) == 0 ? "" : "there is no " + program_;
    }
    std::string rows_target() const override { return "/log"; }
    const std::string& sql(const Query& query) const override { return query.ours; }

protected:
    std::vector<std::string> command(const std::string& folder) override {
        return {program_, "serve", "--data", folder + "/data", "--listen", "127.0.0.1:0"};
    }
    std::string ready_words() const override { return "log-analytics is ready: http://127.0.0.1:"; }
    std::string query_target() const override { return "/query"; }

private:
    std::string program_;
};

// Its limits and caches are those of Debian's package; only places, ports and the user differ.
constexpr const char* clickhouse_config = R"(<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>DIR/server.log</log><errorlog>DIR/server.err.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>HTTP</http_port><tcp_port>TCP</tcp_port>
  <max_connections>4096</max_connections><keep_alive_timeout>3</keep_alive_timeout>
  <max_concurrent_queries>100</max_concurrent_queries>
  <uncompressed_cache_size>8589934592</uncompressed_cache_size>
  <mark_cache_size>5368709120</mark_cache_size>
  <path>DIR/data/</path><tmp_path>DIR/tmp/</tmp_path><user_files_path>DIR/files/</user_files_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
</yandex>
)";
constexpr const char* clickhouse_users = R"(<?xml version="1.0"?>
<yandex>
  <profiles><default>
    <max_memory_usage>10000000000</max_memory_usage><use_uncompressed_cache>0</use_uncompressed_cache>
    <load_balancing>random</load_balancing>
    <allow_experimental_low_cardinality_type>1</allow_experimental_low_cardinality_type>
    <date_time_input_format>best_effort</date_time_input_format>
    <output_format_json_quote_64bit_integers>0</output_format_json_quote_64bit_integers>
  </default></profiles>
  <users><default>
    <password></password><networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile><quota>default</quota>
  </default></users>
  <quotas><default></default></quotas>
</yandex>
)";
constexpr const char* clickhouse_table =
    "CREATE TABLE logs (ts DateTime('UTC'), level LowCardinality(String), service LowCardinality(String), "
    "method LowCardinality(String), path String, route LowCardinality(String), status UInt16, "
    "latency_ms Float64, bytes UInt32, ip String, user String, ua LowCardinality(String), trace String, "
    "msg String) ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY ts";
constexpr const char* clickhouse_visits =
    "CREATE TABLE visits (ts DateTime DEFAULT now(), ip String, originalUrl String, userID String) "
    "ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY ts";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

class ClickHouse final : public Peer {
public:
    const char* name() const override { return "ClickHouse 18.16"; }
    std::string missing() const override {
        return is_in_path("clickhouse-server")
                   ? ""
                   : "it is not installed: apt-get install --no-install-recommends clickhouse-server";
    }
    std::string rows_target() const override { return insert_into("logs"); }
    std::string event_target() const override { return insert_into("visits"); }
    // Parts that were merged into others stay on the disk for eight minutes; they are not counted.
    double disk_bytes() override {
        const std::string answer = ask("SELECT sum(bytes_on_disk) AS n FROM system.parts WHERE active");
        return std::atof(answer.c_str() + answer.find(':') + 1);
    }
    const std::string& sql(const Query& query) const override { return query.clickhouse; }

protected:
    std::vector<std::string> command(const std::string& folder) override {
        port_ = free_port();
        std::string config = replaced(clickhouse_config, "DIR", folder);
        config = replaced(config, "HTTP", std::to_string(port_));
        config = replaced(config, "TCP", std::to_string(free_port()));
        std::ofstream{folder + "/config.xml"} << config;
        std::ofstream{folder + "/users.xml"} << clickhouse_users;
        return {"clickhouse-server", "--config-file=" + folder + "/config.xml"};
    }
    void prepare() override {
        ask(clickhouse_table);
        ask(clickhouse_visits);
    }
    std::string query_target() const override { return "/"; }
    std::string query_body(const std::string& sql) const override {
        return sql.starts_with("CREATE") ? sql : sql + " FORMAT JSONEachRow";
    }

private:
    static std::string insert_into(const std::string& table) {
        return "/?query=INSERT%20INTO%20" + table + "%20FORMAT%20JSONEachRow";
    }
};

class Express final : public Peer {
public:
    Express(std::string script, std::string packages)
        : script_(std::move(script)), packages_(std::move(packages)) {}
    const char* name() const override { return "Express + SQLite"; }
    std::string missing() const override {
        if (!is_in_path("node")) return "there is no node";
        for (const char* package : {"/express", "/body-parser", "/better-sqlite3/build"}) {
            if (!std::filesystem::exists(packages_ + "/node_modules" + package))
                return "there is no " + packages_ + "/node_modules" + package +
                       " (./dev bench logs installs it)";
        }
        return {};
    }
    std::string rows_target() const override { return "/rows"; }
    std::string body(std::string_view lines) const override {
        std::string array = "[" + std::string{lines};
        array.back() = ']';  // was a line break
        for (char& letter : array)
            if (letter == '\n') letter = ',';
        return array;
    }
    std::string event_target() const override { return "/log"; }
    const std::string& sql(const Query& query) const override { return query.sqlite; }

protected:
    std::vector<std::string> command(const std::string& folder) override {
        ::setenv("NODE_PATH", (packages_ + "/node_modules").c_str(), 1);
        return {"node", script_, folder + "/data/logs.db"};
    }
    std::string ready_words() const override { return "listening on port "; }
    std::string query_target() const override { return "/query"; }
    std::string query_body(const std::string& sql) const override { return R"({"sql":")" + sql + "\"}"; }
    const char* query_type() const override { return "application/json"; }

private:
    std::string script_, packages_;
};

}  // namespace

std::unique_ptr<Peer> log_analytics(const std::string& program) {
    return std::make_unique<LogAnalytics>(program);
}
std::unique_ptr<Peer> clickhouse() {
    return std::make_unique<ClickHouse>();
}
std::unique_ptr<Peer> express(const std::string& script, const std::string& packages) {
    return std::make_unique<Express>(script, packages);
}

}  // namespace jebi::bench
