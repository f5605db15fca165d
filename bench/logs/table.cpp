#include <algorithm>
#include <cstdio>

#include "bench/load.h"
#include "bench/logs/rounds.h"

namespace jebi::bench {

namespace {

std::string grouped(double value) {
    std::string digits = std::to_string(static_cast<long long>(value + 0.5));
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

// Three digits that mean something, as two cores of a shared machine do not repeat more.
std::string shown(double value) {
    if (value >= 1000) {
        const double unit = value >= 100'000 ? 1000 : value >= 10'000 ? 100 : 10;
        return grouped(static_cast<double>(static_cast<long long>(value / unit + 0.5)) * unit);
    }
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", value >= 100 ? 0 : value >= 10 ? 1 : 2, value);
    return text;
}

std::string cell(const std::vector<double>& values) {
    if (values.empty()) return "-";
    if (values.size() == 1) return shown(values[0]);
    return shown(median(values)) + " (" + shown(*std::ranges::min_element(values)) + " to " +
           shown(*std::ranges::max_element(values)) + ")";
}

std::vector<double> ratios(const std::vector<double>& of, const std::vector<double>& to) {
    std::vector<double> found;
    for (std::size_t i = 0; i < std::min(of.size(), to.size()); ++i)
        found.push_back(of[i] / to[i]);
    return found;
}

class Table {
public:
    explicit Table(const Measured& measured) : measured_(measured) {
        std::printf("\n| what |");
        for (const std::string& name : measured.names)
            std::printf(" %s |", name.c_str());
        std::printf(" asked for | met |\n|---|");
        for (std::size_t i = 0; i < measured.names.size(); ++i)
            std::printf("---|");
        std::printf("---|---|\n");
    }

    template <typename Pick>
    void row(const char* what, Pick pick, const std::string& asked = "", int met = -1) {
        std::printf("| %s |", what);
        for (const Figures& figures : measured_.figures)
            std::printf(" %s |", cell(pick(figures)).c_str());
        std::printf(" %s | %s |\n", asked.c_str(), met < 0 ? "" : met > 0 ? "yes" : "**no**");
    }
    // How ours stands to each of the others in the same round.
    template <typename Pick>
    void ratio_row(const char* what, Pick pick, std::size_t to, const std::string& asked, double least) {
        const auto values = ratios(pick(measured_.figures[0]), pick(measured_.figures[to]));
        std::printf("| ... %s, times %s |", what, measured_.names[to].c_str());
        for (std::size_t i = 0; i < measured_.names.size(); ++i)
            std::printf(" %s |", i == 0 ? cell(values).c_str() : "1");
        std::printf(" %s | %s |\n", asked.c_str(), median(values) >= least ? "yes" : "**no**");
    }
    std::size_t find(const std::string& name) const {
        for (std::size_t i = 1; i < measured_.names.size(); ++i)
            if (measured_.names[i].starts_with(name)) return i;
        return 0;
    }

private:
    const Measured& measured_;
};

void print_intake(Table& table, const Figures& ours) {
    const std::size_t clickhouse = table.find("ClickHouse"), express = table.find("Express");
    const auto wall = [](const Figures& f) { return f.batch_rows_s; };
    const auto events = [](const Figures& f) { return f.events_s; };
    table.row(
        "10,000 rows a request, 2 connections: rows a server CPU-second, to the last answer",
        [](const Figures& f) { return f.batch_rows_cpu_s; }, "500,000",
        median(ours.batch_rows_cpu_s) >= 500'000);
    table.row("... until the server rests", [](const Figures& f) { return f.settled_rows_cpu_s; });
    table.row("... rows/s", wall);
    if (clickhouse > 0) table.ratio_row("rows/s", wall, clickhouse, "1", 1);
    table.row("... seconds from the first row until it rests, the last two idle",
              [](const Figures& f) { return f.settled_s; });
    table.row(
        "... first count() after the last answer, which sees all rows: ms",
        [](const Figures& f) { return f.first_query_ms; }, "all seen", ours.saw_all);
    table.row(
        "100 rows a request, 8 connections: rows/s", [](const Figures& f) { return f.hundred_rows_s; },
        "150,000", median(ours.hundred_rows_s) >= 150'000);
    table.row("... rows a server CPU-second", [](const Figures& f) { return f.hundred_rows_cpu_s; });
    table.row("one event a request, 64 connections: events/s", events, "25,000",
              median(ours.events_s) >= 25'000);
    if (express > 0) table.ratio_row("events/s", events, express, "20", 20);
    table.row("... events a server CPU-second", [](const Figures& f) { return f.events_cpu_s; });
}

}  // namespace

void print_table(const Measured& measured, std::uint64_t rows) {
    const Figures& ours = measured.figures[0];
    std::printf(
        "\n%s rows; median (least to most) of %zu rounds; the disk beside them made %s single fsyncs/s\n",
        grouped(static_cast<double>(rows)).c_str(), measured.fsyncs_s.size(),
        cell(measured.fsyncs_s).c_str());
    Table table{measured};
    print_intake(table, ours);
    table.row(
        "bytes a row on the disk, everything counted", [](const Figures& f) { return f.bytes_a_row; }, "38",
        median(ours.bytes_a_row) <= 38);
    table.row(
        "peak resident memory while taking them, MB", [](const Figures& f) { return f.peak_megabytes; },
        "150", median(ours.peak_megabytes) <= 150);
    table.row("... and after the queries, MB", [](const Figures& f) { return f.queried_peak_megabytes; });
    const std::size_t clickhouse = table.find("ClickHouse");
    for (std::size_t q = 0; q < measured.queries.size(); ++q) {
        const auto pick = [q](const Figures& f) { return f.query_ms[q]; };
        const bool met =
            clickhouse > 0 && median(ratios(ours.query_ms[q], pick(measured.figures[clickhouse]))) <= 1;
        table.row((std::string(measured.queries[q].name) + ": ms").c_str(), pick,
                  clickhouse > 0 ? "ClickHouse's" : "", clickhouse > 0 ? met : -1);
        table.row("... CPU ms of the server, to 1.5", [q](const Figures& f) { return f.query_cpu_ms[q]; });
    }
    std::fflush(stdout);
}

}  // namespace jebi::bench
