#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "app/log_analytics_remote.h"
#include "app/log_analytics_verbs.h"
#include "kit/place/signals.h"
#include "modules/log_analytics/explorer/report.h"
#include "modules/log_analytics/intake/import.h"
#include "modules/log_analytics/store/store.h"

namespace jebi::app {

namespace {

constexpr Millis write_max{60'000};

// A folder for the rows of one report, removed at the end.
class PassingFolder {
public:
    PassingFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("log-analytics-report-" + std::to_string(::getpid()))) {}
    ~PassingFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    PassingFolder(const PassingFolder&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

Result<std::string> report_of_file(const std::string& file, log_analytics::ReportOptions options) {
    const PassingFolder folder;
    SystemClock clock;
    disk::Disk& disk = disk::real_disk();
    TRY(const auto store,
        log_analytics::Store::open({.folder = folder.path(), .event_ids_max = 0}, disk, clock));
    TRY(const auto imported, log_analytics::import_file(
                                 disk, file, {}, clock.wall_ms(),
                                 [&](log_analytics::Rows rows) -> Result<void> {
                                     TRY([[maybe_unused]] const auto fresh,
                                         store->write(std::move(rows), in(write_max)));
                                     return {};
                                 },
                                 [](const log_analytics::ImportProgress&) { return true; }));
    if (imported.unreadable > 0)
        std::fprintf(stderr, "%llu lines of %s could not be read.\n",
                     static_cast<unsigned long long>(imported.unreadable), file.c_str());
    options.title = std::filesystem::path(file).filename().string();
    return report_html(store->snapshot(), options);
}

Result<void> put_page(const std::string& path, const std::string& page) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    const bool written = file != nullptr && std::fwrite(page.data(), 1, page.size(), file) == page.size();
    const bool closed = file != nullptr && std::fclose(file) == 0;
    if (written && closed) return {};
    return fail(Code::unavailable, path + " cannot be written. Name another file with -o FILE.");
}

}  // namespace

Result<void> report_logs(const CommandLine& line, const place::Settings& settings) {
    place::release_signals();
    const std::string path = line.argument("-o").empty() ? "report.html" : line.argument("-o");
    const std::string language = line.argument("--lang").empty() ? "en" : line.argument("--lang");
    const auto known = log_analytics::language_from(language);
    if (!known) return fail(Code::invalid, "The language is en or ko; \"" + language + "\" is none.");
    std::string page;
    if (line.argument("FILE").empty()) {
        TRY(LogService service, LogService::of(settings));
        TRY(page, service.ask(http::Method::get, "/report?lang=" + language, ""));
    } else {
        TRY(page, report_of_file(line.argument("FILE"), {.language = *known}));
    }
    TRY_VOID(put_page(path, page));
    std::printf("%s is written.\n", path.c_str());
    return {};
}

}  // namespace jebi::app
