#include "app/databases.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "app/settings.h"
#include "app/topology.h"
#include "kit/place/data_folder.h"
#include "kit/sql/sqlite.h"

namespace jebi::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* ending = ".db";

// The names of the databases in a folder, in their order.
std::vector<std::string> databases_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code absent;
    for (auto it = fs::directory_iterator(folder, absent); it != fs::directory_iterator();
         it.increment(absent)) {
        if (it->path().extension() == ending) names.push_back(it->path().filename());
    }
    std::ranges::sort(names);
    return names;
}

bool is_of_somebody_else(const Error& error) {
    return error.reason == "foreign_database" || error.reason == "not_a_database";
}

// The names of the modules in the databases that there are, by file name.
Result<std::map<std::string, std::set<std::string>>> modules_by_file(const std::string& data) {
    std::map<std::string, std::set<std::string>> found;
    for (const std::string& name : databases_in(data)) {
        const auto modules = sql::modules_in_sqlite(fs::path(data) / name);
        if (!modules && is_of_somebody_else(modules.error())) continue;
        if (!modules) return std::unexpected(modules.error());
        found[name] = {modules->begin(), modules->end()};
    }
    return found;
}

// What is not replaced would stand beside the past as its future.
Result<void> nothing_beside(const std::vector<std::string>& names, const place::Settings& settings) {
    TRY(const auto found, modules_by_file(settings.text("data")));
    for (const auto& [file, modules] : found) {
        if (modules.empty() || std::ranges::find(names, file) != names.end()) continue;
        return fail(error(Code::conflict,
                          settings.text("data") + " has a database that the backup has not: " + file +
                              ". Put it elsewhere, or restore into another folder (--data DIR). Nothing "
                              "was replaced.")
                        .because("more_databases"));
    }
    return {};
}

Result<void> move_home(const std::string& module, const std::string& from, const std::string& to,
                       const std::string& data) {
    TRY(const auto rows, sql::move_module_sqlite(module, data + "/" + from, data + "/" + to));
    std::printf("The data of %s is moved from %s to %s: %llu rows.\n", module.c_str(), from.c_str(),
                to.c_str(), static_cast<unsigned long long>(rows));
    std::fflush(stdout);
    return {};
}

// Between machines, people carry data.
void say_lies_here(const std::string& module, const std::string& file,
                   const place::TopologyProcess& process) {
    std::printf("There is data of %s in %s, and it runs on the machine \"%s\": that data is not used here.\n",
                module.c_str(), file.c_str(), process.machine.c_str());
    std::fflush(stdout);
}

}  // namespace

Result<void> bring_data_home(const place::Topology& topology, const place::Settings& settings,
                             std::string_view machine) {
    const std::string& data = settings.text("data");
    TRY(const auto found, modules_by_file(data));
    for (const place::TopologyProcess& process : topology.processes) {
        const std::string home = database_of(process);
        for (const std::string& module : process.modules) {
            for (const auto& [file, modules] : found) {
                if (home.empty() || !modules.contains(module)) continue;
                if (process.machine != machine) say_lies_here(module, data + "/" + file, process);
                if (process.machine == machine && file != home) TRY_VOID(move_home(module, file, home, data));
            }
        }
    }
    return {};
}

Result<std::string> back_up(const place::Settings& settings, const std::string& to) {
    const std::string& data = settings.text("data");
    const auto names = databases_in(data);
    if (names.size() <= 1) {
        const std::string from = names.empty() ? database_file(settings) : data + "/" + names.front();
        TRY_VOID(sql::backup_sqlite(from, to));
        return "The database is copied into " + to + ".";
    }
    if (fs::exists(to))
        return fail(
            error(Code::conflict, to + " is there already. Name one that is not.").because("file_exists"));
    TRY_VOID(place::open_data_folder(to));
    std::size_t copied = 0;
    for (const std::string& name : names) {
        const auto done = sql::backup_sqlite(fs::path(data) / name, fs::path(to) / name);
        if (!done && is_of_somebody_else(done.error())) continue;
        if (!done) return std::unexpected(done.error());
        ++copied;
    }
    return std::to_string(copied) + " databases are copied into the folder " + to + ".";
}

Result<std::string> restore(const place::Settings& settings, const std::string& from) {
    const bool is_folder = fs::is_directory(from);
    const auto names =
        is_folder ? databases_in(from) : std::vector{fs::path{database_file(settings)}.filename().string()};
    TRY_VOID(nothing_beside(names, settings));
    const fs::path data = settings.text("data");
    for (const std::string& name : names)
        TRY_VOID(sql::restore_sqlite(is_folder ? fs::path(from) / name : fs::path(from), data / name));
    return (is_folder ? std::to_string(names.size()) + " databases are" : std::string("The database is")) +
           " restored from " + from + ".";
}

Result<Databases> Databases::open(const place::Topology& topology, const place::Settings& settings) {
    TRY_VOID(place::open_data_folder(settings.text("data")));
    Databases all;
    all.topology_ = &topology;
    for (const place::TopologyProcess& process : topology.processes) {
        if (database_of(process).empty()) continue;
        TRY(all.databases_[process.name],
            sql::open_sqlite({.file = settings.text("data") + "/" + database_of(process)}));
    }
    return all;
}

sql::Room& Databases::room_of(std::string_view module) const {
    return databases_.at(topology_->host_of(module)->name)->room(module);
}

}  // namespace jebi::app
