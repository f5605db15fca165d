#include "app/log_analytics_verbs.h"

#include <unistd.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <thread>

#include "app/log_analytics_remote.h"
#include "kit/base/crypto.h"
#include "kit/base/ids.h"
#include "kit/base/json.h"
#include "kit/disk/disk.h"
#include "kit/place/data_folder.h"
#include "kit/place/signals.h"
#include "modules/log_analytics/intake/import.h"
#include "modules/log_analytics/intake/rows_json.h"

namespace jebi::app {

namespace {

constexpr Millis tail_pause{300}, away_pause{2'000};
constexpr unsigned send_tries_max = 30;
constexpr unsigned bar_width = 30;

std::string as_text(const json::Value& value) {
    if (const std::string* text = value.text()) return *text;
    if (const auto integer = value.integer()) return std::to_string(*integer);
    if (const auto flag = value.flag()) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<double>(&value.data)) {
        json::Writer out;
        return out.number(*number).take();
    }
    return "";
}

// Control characters of a log must not reach somebody's terminal.
std::string printable(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return text;
}

void print_row(const json::Value& row) {
    std::string line;
    if (const json::Value* ts = row.find("ts")) line = as_text(*ts);
    for (const auto& [name, value] : *row.object()) {
        if (name != "ts") line += "  " + name + "=" + as_text(value);
    }
    std::printf("%s\n", printable(line).c_str());
}

// Asks for rows behind `after` and prints them; the number of the newest that it saw.
Result<std::uint64_t> print_new_rows(LogService& service, const std::string& sql, std::uint64_t after) {
    TRY(const std::string body,
        service.ask(http::Method::post, "/query?format=json&after=" + std::to_string(after), sql));
    TRY(const json::Value answer, json::parse(body));
    const json::Value* rows = answer.find("rows");
    const json::Value* highest = answer.find("row_highest");
    if (rows == nullptr || rows->array() == nullptr || highest == nullptr || !highest->integer())
        return fail(Code::internal, "The answer is not what a log service answers.");
    for (const json::Value& row : *rows->array())
        print_row(row);
    std::fflush(stdout);
    return std::max(after, static_cast<std::uint64_t>(*highest->integer()));
}

void show_progress(const log_analytics::ImportProgress& progress) {
    if (::isatty(STDERR_FILENO) == 0 || progress.disk_bytes_total == 0) return;
    const auto done = static_cast<unsigned>(progress.disk_bytes * bar_width / progress.disk_bytes_total);
    std::fprintf(stderr, "\r[%.*s%*s] %3" PRIu64 "%%  %" PRIu64 " rows, %" PRIu64 " lines unreadable",
                 static_cast<int>(done), "##############################", static_cast<int>(bar_width - done),
                 "", progress.disk_bytes * 100 / progress.disk_bytes_total, progress.rows,
                 progress.unreadable);
}

std::string position_file(const place::Settings& settings, const std::string& file) {
    return settings.text("data") + "/imports/" + hex(bytes_of(sha256(file))).substr(0, 32);
}

std::uint64_t position_of(const std::string& file) {
    constexpr std::size_t digits_max = 32;
    const auto text = disk::read_all(disk::real_disk(), file, digits_max);
    return text ? id_from(*text).value_or(0) : 0;
}

Result<void> send_rows(LogService& service, const log_analytics::Rows& rows) {
    const std::string lines = log_analytics::as_json_lines(rows);
    for (unsigned tries = 1;; ++tries) {
        const auto sent = service.ask(http::Method::post, "/log", lines);
        if (sent) return {};
        if (sent.error().retry_after_s == 0 || tries == send_tries_max) return fail(sent.error());
        std::this_thread::sleep_for(std::chrono::seconds{sent.error().retry_after_s});
    }
}

void say_imported(const log_analytics::ImportProgress& progress, const std::string& file) {
    std::printf("%s: %" PRIu64 " rows sent, %" PRIu64 " lines could not be read.\n", file.c_str(),
                progress.rows, progress.unreadable);
    for (const auto& [at, why] : progress.first_unreadable)
        std::printf("  at byte %" PRIu64 ": %s\n", at, why.c_str());
}

}  // namespace

Result<void> query_logs(const CommandLine& line, const place::Settings& settings) {
    place::release_signals();
    TRY(LogService service, LogService::of(settings));
    const std::string format = line.argument("--format").empty() ? "table" : line.argument("--format");
    const auto answer = service.ask(http::Method::post, "/query?format=" + http::percent_encoded(format),
                                    line.argument("SQL"));
    if (!answer) return fail(answer.error());
    std::printf("%s", answer->c_str());
    if (!answer->ends_with('\n')) std::printf("\n");
    return {};
}

Result<void> tail_logs(const CommandLine& line, const place::Settings& settings) {
    TRY(LogService service, LogService::of(settings));
    const auto answer =
        service.ask(http::Method::get, "/where?q=" + http::percent_encoded(line.argument("SEARCH")), "");
    if (!answer) return fail(answer.error());
    TRY(const json::Value where, json::parse(*answer));
    std::string sql = "SELECT * FROM logs";
    if (const json::Value* condition = where.find("where");
        condition != nullptr && condition->text() != nullptr && !condition->text()->empty())
        sql += " WHERE " + *condition->text();
    // Only what comes from now on.
    TRY(std::uint64_t after, print_new_rows(service, "SELECT * FROM logs LIMIT 0", 0));
    while (!place::ends_within(tail_pause)) {
        const auto newest = print_new_rows(service, sql, after);
        if (newest) {
            after = *newest;
        } else {
            std::fprintf(stderr, "%s\n", newest.error().message.c_str());
            if (place::ends_within(away_pause)) break;
        }
    }
    return {};
}

Result<void> import_logs(const CommandLine& line, const place::Settings& settings) {
    place::release_signals();
    TRY(LogService service, LogService::of(settings));
    disk::Disk& disk = disk::real_disk();
    const std::string& file = line.argument("FILE");
    TRY_VOID(place::open_data_folder(settings.text("data")));
    TRY_VOID(disk.make_folder(settings.text("data") + "/imports"));
    const std::string position = position_file(settings, file);
    const log_analytics::ImportOptions options{
        .from = line.argument("--again").empty() ? position_of(position) : 0};
    SystemClock clock;
    TRY(const auto done,
        log_analytics::import_file(
            disk, file, options, clock.wall_ms(),
            [&](const log_analytics::Rows& rows) { return send_rows(service, rows); },
            [&](const log_analytics::ImportProgress& progress) {
                show_progress(progress);
                return disk::replace(disk, position, std::to_string(progress.bytes)).has_value();
            }));
    if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\n");
    say_imported(done, file);
    return {};
}

}  // namespace jebi::app
