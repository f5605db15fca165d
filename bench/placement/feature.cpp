#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>

#include "bench/placement/parts.h"

namespace jebi::bench {

namespace {

const std::string source = JEBI_SOURCE_FOLDER;

struct Known {
    const char* name;
    const char* own;      // its files, by the beginning of their paths
    const char* pattern;  // what a line has that knows of it, for git grep -E -i
};

constexpr std::array known{
    Known{"messages (a module in C++)", "modules/messages/",
          R"(messages::|modules/messages|"messages"|messages_|MessagesClient|jebi\.messages)"},
    Known{"trending (a module in Node.js)", "examples/polyglot/trending/", "trend"},
};

std::string place_of(std::string_view path, const Known& feature) {
    const bool is_test = path.find("test") != std::string_view::npos;
    const bool is_own = path.starts_with(feature.own) || path.starts_with("modules/trending/");
    if (is_own) return is_test ? "its own folder: tests" : "its own folder";
    if (is_test || path.starts_with("bench/")) return "elsewhere: tests and benchmarks";
    if (path.starts_with("modules/web/")) return "elsewhere: pages (web)";
    if (path.starts_with("modules/")) return "elsewhere: other modules";
    if (path.starts_with("app/")) return "elsewhere: app";
    if (path.starts_with("kit/") || path.starts_with("cmake/")) return "elsewhere: kit";
    if (path.starts_with("topologies/")) return "elsewhere: topologies";
    return "";  // documents
}

// "path:count" lines of a command.
void count(const std::string& command, const Known& feature, bool of_own,
           std::map<std::string, Feature::Part>& parts) {
    std::FILE* output = ::popen(command.c_str(), "r");
    char line[1000];
    while (output != nullptr && std::fgets(line, sizeof line, output) != nullptr) {
        const std::string_view all{line};
        const auto colon = all.rfind(':');
        if (colon == std::string_view::npos) continue;
        const std::string where = place_of(all.substr(0, colon), feature);
        if (where.empty() || where.starts_with("its own") != of_own) continue;
        Feature::Part& part = parts[where];
        part.where = where;
        ++part.files;
        part.lines += std::atoi(line + colon + 1);
    }
    if (output != nullptr) ::pclose(output);
}

}  // namespace

void measure_features(Measured& measured) {
    for (const Known& one : known) {
        std::map<std::string, Feature::Part> parts;
        const std::string grep = "git -C '" + source + "' grep -c -I -i -E ";
        count(grep + "'' -- " + one.own + " modules/trending 2>/dev/null", one, true, parts);
        count(grep + "'" + one.pattern + "' 2>/dev/null", one, false, parts);
        Feature feature{.name = one.name, .how = one.pattern, .parts = {}};
        for (const auto& [where, part] : parts)
            feature.parts.push_back(part);
        measured.features.push_back(std::move(feature));
    }
}

}  // namespace jebi::bench
