#include "app/databases.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "app/topology.h"
#include "kit/place/data_folder.h"
#include "kit/sql/sqlite.h"

namespace jebi::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* ending = ".db";

// The modules' names of the databases that there are, by file name.
Result<std::map<std::string, std::set<std::string>>> modules_by_file(const std::string& data) {
    std::map<std::string, std::set<std::string>> found;
    std::error_code absent;
    for (auto it = fs::directory_iterator(data, absent); it != fs::directory_iterator();
         it.increment(absent)) {
        if (it->path().extension() != ending) continue;
        TRY(const auto modules, sql::modules_in_sqlite(it->path()));
        found[it->path().filename()] = {modules.begin(), modules.end()};
    }
    return found;
}

Result<void> move_home(const std::string& module, const std::string& from, const std::string& to,
                       const std::string& data) {
    TRY(const auto rows, sql::move_module_sqlite(module, data + "/" + from, data + "/" + to));
    std::printf("The data of %s is moved from %s to %s: %llu rows.\n", module.c_str(), from.c_str(),
                to.c_str(), static_cast<unsigned long long>(rows));
    std::fflush(stdout);
    return {};
}

}  // namespace

Result<void> bring_data_home(const place::Topology& topology, const place::Settings& settings) {
    const std::string& data = settings.text("data");
    TRY(const auto found, modules_by_file(data));
    for (const place::TopologyProcess& process : topology.processes) {
        const std::string home = database_of(process);
        for (const std::string& module : process.modules) {
            for (const auto& [file, modules] : found) {
                if (!home.empty() && file != home && modules.contains(module))
                    TRY_VOID(move_home(module, file, home, data));
            }
        }
    }
    return {};
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
