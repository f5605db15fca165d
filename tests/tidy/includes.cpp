#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <span>

#include "tests/tidy/paths.h"

namespace jebi::tidy {
namespace {

struct Outside {
    std::string_view prefix;              // of what stands in <...>
    std::vector<std::string_view> homes;  // prefixes of the paths that may include it
};

// Where each outside library lives. A new library needs a line here, and one reason in docs/decisions/.
const std::vector<Outside>& outside_libraries() {
    static const std::vector<Outside> table{
        {"boost/asio", {"kit/fiber/"}},
        {"boost/context", {"kit/fiber/"}},
        {"openssl/", {"kit/fiber/"}},
        {"sanitizer/", {"kit/fiber/asan_stack.h"}},
        {"google/protobuf/", {"kit/rpc/"}},
        {"sqlite3.h", {"kit/sql/"}},
        {"simdjson.h", {"kit/base/"}},
        {"sodium.h", {"kit/base/"}},
        {"unicode/", {"kit/base/"}},
        {"zlib.h", {"kit/base/"}},
        {"zstd.h", {"kit/base/"}},
        {"xxhash.h", {"kit/base/"}},
        {"re2/", {"modules/log_analytics/query/pattern.cpp"}},
        {"brotli/", {"kit/base/"}},
        {"png.h", {"kit/picture/"}},
        {"turbojpeg.h", {"kit/picture/"}},
        {"webp/", {"kit/picture/"}},
        {"prometheus/", {"kit/watch/"}},
        {"spdlog/", {"kit/watch/log.cpp"}},
        {"toml++/", {"kit/place/toml.cpp"}},
        {"CLI/", {"app/command_line.cpp"}},
    };
    return table;
}

constexpr std::array<std::string_view, 5> slow_headers{"boost/", "CLI/", "spdlog/", "toml++/",
                                                       "google/protobuf/compiler"};

std::string says(const Include& include) {
    return include.path + " includes " + include.target + ". ";
}

// How high on the map: what may include only what is not above it.
int height(std::string_view path) {
    if (path.starts_with("kit/")) return 1;
    if (path.starts_with("modules/")) return 2;
    return 3;  // app, tests, bench
}

using Graph = std::map<std::string, std::set<std::string>>;

bool reaches(const Graph& graph, const std::string& from, const std::string& to,
             std::set<std::string>& seen) {
    const auto edges = graph.find(from);
    if (edges == graph.end() || !seen.insert(from).second) return false;
    return edges->second.contains(to) || std::ranges::any_of(edges->second, [&](const auto& next) {
               return reaches(graph, next, to, seen);
           });
}

Faults circles_in_kit(const Tree& tree) {
    Graph graph;
    for (const auto& include : all_includes(tree)) {
        const auto from = room_of(include.path), to = room_of(include.target);
        if (include.ours && from != to && from.starts_with("kit/") && !is_test(include.path))
            graph[from].insert(to);
    }
    Faults faults;
    for (const auto& [room, below] : graph) {
        for (const auto& other : below) {
            std::set<std::string> seen;
            if (room < other && reaches(graph, other, room, seen)) {
                faults.push_back(joined(
                    {room, " and ", other, " stand on each other. Move what both need to the lower room."}));
            }
        }
    }
    return faults;
}

// Headers that come with the language have no '.' and no '/'; the operating system's are few.
bool is_of_language(std::string_view target) {
    return target.find_first_of("./") == std::string_view::npos;
}
bool is_of_system(std::string_view target) {
    static constexpr std::array<std::string_view, 14> names{
        "sys/",   "netinet/",  "arpa/",    "linux/",   "netdb.h", "unistd.h", "fcntl.h",
        "poll.h", "pthread.h", "signal.h", "dirent.h", "spawn.h", "time.h",   "ifaddrs.h"};
    return std::ranges::any_of(names, [&](auto name) { return target.starts_with(name); });
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> prefixes) {
    return std::ranges::any_of(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
}

std::string either(std::span<const std::string_view> words) {
    std::string text;
    for (const auto word : words)
        text += (text.empty() ? "" : " or ") + std::string(word);
    return text;
}

Faults misplaced(const Include& include) {
    const std::string_view target = include.target;
    if (is_of_language(target)) return {};
    if (target.starts_with("doctest/")) {
        if (is_test(include.path) || include.path.starts_with("cmake/")) return {};
        return {says(include) + "doctest is for tests: x_test.cpp, x_test.h, test_x.h, testing.h, testing/."};
    }
    if (is_of_system(target)) {
        // arpa/inet.h only turns addresses into text and back.
        if (height(include.path) != 2 || is_test(include.path) || target == "arpa/inet.h") return {};
        return {says(include) + "Modules do not speak to the operating system: ask a room of the kit to."};
    }
    for (const auto& library : outside_libraries()) {
        if (!target.starts_with(library.prefix)) continue;
        // A test may check its room against the library itself; its room is what counts.
        if (starts_with_any(include.path, library.homes)) return {};
        return {says(include) + "That library is included only in " + either(library.homes) +
                ": use what is offered there."};
    }
    return {says(include) +
            "No table knows this library: give it one home in tests/tidy.cpp, or do without it."};
}

// Which of our headers one sees through `path`, itself among them.
void see(const Tree& tree, const std::string& path, std::set<std::string>& seen) {
    if (!seen.insert(path).second) return;
    // A generated contract is not in the tree; what it includes is known.
    if (is_contract(path)) return see(tree, "kit/rpc/rpc.h", seen);
    const auto file = tree.find(path);
    if (file == tree.end()) return;
    for (const auto& include : includes_of(path, file->second)) {
        if (include.ours) see(tree, include.target, seen);
    }
}

}  // namespace

Faults arrows_point_down(const Tree& tree) {
    Faults faults = circles_in_kit(tree);
    for (const auto& include : all_includes(tree)) {
        if (!include.ours || height(include.target) <= height(include.path)) continue;
        faults.push_back(says(include) +
                         "Arrows point down: move what is needed to the lower floor, or pass it in.");
    }
    return faults;
}

Faults sideways_through_the_contract(const Tree& tree) {
    Faults faults;
    for (const auto& include : all_includes(tree)) {
        const auto from = module_of(include.path), to = module_of(include.target);
        if (from.empty() || to.empty() || from == to || is_contract(include.target)) continue;
        faults.push_back(joined({says(include), "Another module is known by its contract alone: modules/", to,
                                 "/", to, ".jebi.h."}));
    }
    return faults;
}

Faults outside_libraries_have_one_place(const Tree& tree) {
    Faults faults;
    for (const auto& include : all_includes(tree)) {
        if (!include.ours) add(faults, misplaced(include));
    }
    return faults;
}

Faults modules_see_no_slow_headers(const Tree& tree) {
    std::map<std::string, std::string> seen_by;  // a header -> a module's file that sees it
    for (const auto& [path, text] : tree) {
        if (!path.starts_with("modules/") || !is_source(path)) continue;
        std::set<std::string> seen;
        see(tree, path, seen);
        for (const auto& header : seen)
            seen_by.emplace(header, path);
    }
    Faults faults;
    for (const auto& [header, viewer] : seen_by) {
        for (const auto& include : includes_of(header, text_of(tree, header))) {
            if (include.ours || !starts_with_any(include.target, slow_headers)) continue;
            faults.push_back(says(include) + viewer +
                             " sees it, and compiles for seconds. Keep it in a .cpp of the kit.");
        }
    }
    return faults;
}

}  // namespace jebi::tidy
