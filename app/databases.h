// Where the modules' data lies: in the database of the process that hosts them. A topology that places them
// otherwise than the last one did has their tables moved before anything starts.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "kit/place/settings.h"
#include "kit/place/topology.h"
#include "kit/sql/database.h"

namespace jebi::app {

// Moves each module's tables into the database of its process, and prints what it has moved. Nobody may have
// one of the databases open: `unavailable` (in_use). Cut off at any moment, nothing is lost, and the next
// call goes on. Only what is placed on `machine`; of what lies here and is placed on another one, it says so.
Result<void> bring_data_home(const place::Topology& topology, const place::Settings& settings,
                             std::string_view machine = "this");

// Copies the database into the new file `to`; where there are several, each into the new folder `to`, one
// after the other. While they are used or not. `conflict` when `to` is there. What to tell the person who
// asked.
Result<std::string> back_up(const place::Settings& settings, const std::string& to);
// The way back, from such a file or folder; nobody may have a database open. `conflict` (more_databases) when
// there is one with data that the backup does not replace.
Result<std::string> restore(const place::Settings& settings, const std::string& from);

// All databases of a topology, opened by one process: for filling in a demo before it starts.
class Databases {
public:
    static Result<Databases> open(const place::Topology& topology, const place::Settings& settings);
    sql::Room& room_of(std::string_view module) const;

private:
    const place::Topology* topology_ = nullptr;
    std::map<std::string, std::unique_ptr<sql::Database>> databases_;  // by the process's name
};

}  // namespace jebi::app
