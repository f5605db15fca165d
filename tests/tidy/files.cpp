#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <set>

#include "tests/tidy/paths.h"

namespace jebi::tidy {
namespace {

// Of ECMAScript 2023 and later, and of Node 19 and later.
constexpr std::array<std::string_view, 9> later_than_node_18{
    ".toSorted(",     ".toReversed(",    ".toSpliced(",      ".fromAsync(",   ".groupBy(",
    ".getSetCookie(", ".withResolvers(", "AbortSignal.any(", ".isWellFormed("};
constexpr std::string_view asks_first = "tests/lib/cookies.mjs";  // whether it is there

// The name under which log-analytics' query language knows all rows: asked by HTTP, and no table of a
// database.
constexpr std::string_view public_log_table = "logs";

constexpr std::size_t lines_max = 700;
// Tables of data, whose length says nothing about how they read.
constexpr std::array<std::string_view, 2> long_files{"modules/tweets/text/tlds.cpp",
                                                     "modules/accounts/common_words.cpp"};

bool is_sql(const std::string& text) {
    static const std::regex verb(R"(\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|REPLACE)\s)");
    return std::regex_search(text, verb, std::regex_constants::match_continuous);
}

std::vector<std::string> sql_in(const std::string& path, const std::string& text) {
    if (path.ends_with(".sql")) return {std::regex_replace(text, std::regex("--[^\n]*"), "")};
    if (!is_source(path)) return {};
    auto literals = string_literals(text);
    std::erase_if(literals, [](const auto& literal) { return !is_sql(literal); });
    return literals;
}

std::set<std::string> rooms_of(const Tree& tree) {
    std::set<std::string> rooms;
    for (const auto& [path, text] : tree) {
        if (auto room = room_of(path); !room.empty() && !room.starts_with(".")) rooms.insert(std::move(room));
    }
    return rooms;
}

bool contains_word(std::string_view text, const std::string& word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto after = at + word.size();
        const auto is_part = [](char letter) {
            return std::isalnum(static_cast<unsigned char>(letter)) || letter == '_';
        };
        if ((at == 0 || !is_part(text[at - 1])) && (after == text.size() || !is_part(text[after])))
            return true;
    }
    return false;
}

Faults faults_of_text(const std::string& path, const std::string& text) {
    Faults faults;
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    if (lines > lines_max && std::ranges::find(long_files, path) == long_files.end()) {
        faults.push_back(path + " has " + std::to_string(lines) +
                         " lines. Look for the second idea in it, and give it a file.");
    }
    if (text.contains('\t')) faults.push_back(path + " has a tab. Indent with spaces.");
    if (text.contains(" \n"))
        faults.push_back(path + " has blanks at a line's end. Remove them: ./dev format does for C++.");
    if (!text.empty() && !text.ends_with('\n'))
        faults.push_back(path + " does not end with a line break. Add one.");
    return faults;
}

bool is_included(const std::vector<Include>& includes, const std::string& header) {
    return std::ranges::any_of(includes,
                               [&](const Include& i) { return i.target == header && i.path != header; });
}

// Does another file of the tests name this one?
bool is_named(const Tree& tree, const std::string& path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return std::ranges::any_of(tree, [&](const auto& file) {
        return file.first.starts_with("tests/") && file.first != path && file.second.contains(name);
    });
}

Faults unused(const Tree& tree, const std::vector<Include>& includes, const std::string& path,
              const std::string& text) {
    if (path.ends_with(".h") && !is_included(includes, path)) {
        return {path + " is included by nobody. Remove it, or use it."};
    }
    if (path.ends_with("_test.cpp") && !text.contains("TEST_CASE") && !text.contains("_CONTRACT(")) {
        return {path +
                " has neither a TEST_CASE nor a contract. A test file without a test passes for the wrong "
                "reason."};
    }
    const auto room = room_of(path);
    if (path.ends_with(".cpp") && !tree.contains(room + "/CMakeLists.txt") && room != "cmake") {
        return {path + " is compiled by nobody. Give " + room + " a CMakeLists.txt."};
    }
    if (path.starts_with("tests/") && path.ends_with(".mjs") && !is_named(tree, path)) {
        return {path + " is run by nobody. Name it in tests/CMakeLists.txt, or import it."};
    }
    return {};
}

}  // namespace

Faults modules_keep_to_their_tables(const Tree& tree) {
    Faults faults;
    for (const auto& [path, text] : tree) {
        const auto module = module_of(path);
        if (module.empty()) continue;
        for (const auto& sql : sql_in(path, text)) {
            for (const auto& table : tables_in(sql)) {
                if (table == module || table.starts_with(module + "_") || table == public_log_table) continue;
                faults.push_back(
                    joined({path, " names the table ", table,
                            ". A module's data is its own: ask the contract of the module that owns it, ",
                            "or call it ", module, "_", table, " when it is yours."}));
            }
        }
    }
    return faults;
}

Faults the_map_is_true(const Tree& tree) {
    const auto map = text_of(tree, "ARCHITECTURE.md");
    if (map.empty())
        return {"ARCHITECTURE.md is missing. Write where the thing is that does X, a line a room."};
    Faults faults;
    for (const auto& room : rooms_of(tree)) {
        if (!contains_word(map, room))
            faults.push_back("ARCHITECTURE.md does not name " + room +
                             ". Add a line that says what it is for.");
    }
    static const std::regex file(R"(\b(?:app|kit|modules|tests)/[a-z0-9_/]+\.(?:cpp|h|proto|html|mjs)\b)");
    for (std::sregex_iterator match(map.begin(), map.end(), file), end; match != end; ++match) {
        const std::string name = match->str();
        const bool is_example = name.starts_with("modules/x/");
        if (!tree.contains(name) && !is_contract(name) && !is_example)
            faults.push_back("ARCHITECTURE.md names " + name + ", which is not there.");
    }
    return faults;
}

Faults files_read_well(const Tree& tree) {
    Faults faults;
    for (const auto& [path, text] : tree)
        add(faults, faults_of_text(path, text));
    return faults;
}

Faults scripts_keep_to_debians_node(const Tree& tree) {
    Faults faults;
    for (const auto& [path, text] : tree) {
        const bool is_script = path.ends_with(".mjs") || path.ends_with(".cjs") || path.ends_with(".js");
        if (!is_script || path.starts_with("modules/") || path == asks_first) continue;
        for (const std::string_view call : later_than_node_18) {
            if (text.contains(call))
                faults.push_back(path + " calls " + std::string(call) +
                                 "...), which Debian 12's Node does not have. Do without, as others do.");
        }
    }
    return faults;
}

Faults nothing_lies_about(const Tree& tree) {
    Faults faults;
    const auto includes = all_includes(tree);
    for (const auto& [path, text] : tree)
        add(faults, unused(tree, includes, path, text));
    const auto built = text_of(tree, "CMakeLists.txt");
    for (const auto& room : rooms_of(tree)) {
        if (!tree.contains(room + "/CMakeLists.txt") || contains_word(built, room)) continue;
        faults.push_back(
            room + " is not in CMakeLists.txt, so nobody builds it. Add it where it stands on the map.");
    }
    return faults;
}

}  // namespace jebi::tidy
