// What a tidy tree is: the four rules of the map (ARCHITECTURE.md), and what keeps its files worth reading.
//
// Every rule takes the tree as plain text and answers its faults, so it can be tried on a small tree that
// breaks it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::tidy {

// From a path below the root ("kit/sql/sqlite.h") to the file's text.
using Tree = std::map<std::string, std::string, std::less<>>;

// The files that people write: without build/, data/ and what git keeps for itself.
Tree tree_at(const std::filesystem::path& root);

// One sentence or two for each fault: where, what, and what to do instead.
using Faults = std::vector<std::string>;

// app/ may include modules/ and kit/, modules/ may include kit/, kit/ only kit/; and no circle of rooms in
// kit/.
Faults arrows_point_down(const Tree& tree);
// Of another module, one includes only the generated contract: modules/y/y.jebi.h and modules/y/y.pb.h.
Faults sideways_through_the_contract(const Tree& tree);
// Each outside library is included in one room of the kit, or in one file; one that is in no table is a
// fault.
Faults outside_libraries_have_one_place(const Tree& tree);
// Asio, CLI11, spdlog and toml++ cost seconds in every file that sees them, so no module does.
Faults modules_see_no_slow_headers(const Tree& tree);
// SQL in modules/x names only tables called x or x_something.
Faults modules_keep_to_their_tables(const Tree& tree);

// ARCHITECTURE.md names every room, and the files it names are there.
Faults the_map_is_true(const Tree& tree);
// No endless files, no tabs, no blanks at a line's end, a line break at the file's end.
Faults files_read_well(const Tree& tree);
// Scripts of tests and examples call nothing that Debian 12's Node, 18, does not have.
Faults scripts_keep_to_debians_node(const Tree& tree);
// Rooms that are built, headers that somebody includes, tests that test something and are run.
Faults nothing_lies_about(const Tree& tree);

// The string literals of C++ source, in their order; those that the compiler would join are joined.
std::vector<std::string> string_literals(std::string_view source);
// The tables that a piece of SQL reads or writes.
std::vector<std::string> tables_in(const std::string& sql);

}  // namespace jebi::tidy
