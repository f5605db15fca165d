// The demo, into the databases themselves: nothing runs on them yet, so that it can tell its modules what
// time it is meant to be.
#pragma once

#include <functional>

#include "kit/place/settings.h"
#include "kit/sql/database.h"

namespace jebi::app {

// Where a module keeps what it keeps.
using RoomOf = std::function<sql::Room&(std::string_view module)>;

// Fills in people and tweets; nothing when there are people already. Brings the tables up to date before
// that. What to tell the person who asked.
Result<std::string> fill_with_demo(const RoomOf& room_of, const place::Settings& settings, const Clock& now);

}  // namespace jebi::app
