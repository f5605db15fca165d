#include "tests/tidy/paths.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace jebi::tidy {

std::vector<Include> includes_of(const std::string& path, const std::string& text) {
    static const std::regex line(R"re((?:^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])re");
    std::vector<Include> found;
    for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match) {
        found.push_back({.path = path, .target = (*match)[2], .ours = (*match)[1] == "\""});
    }
    return found;
}

std::vector<Include> all_includes(const Tree& tree) {
    std::vector<Include> all;
    for (const auto& [path, text] : tree) {
        if (!is_source(path)) continue;
        std::ranges::move(includes_of(path, text), std::back_inserter(all));
    }
    return all;
}

bool is_source(std::string_view path) {
    return path.ends_with(".cpp") || path.ends_with(".h");
}
bool is_test(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return path.contains("/testing/") || name.starts_with("test_") || name.ends_with("testing.h") ||
           name.ends_with("_test.h") || name.ends_with("_test.cpp");
}

bool is_contract(std::string_view target) {
    static const std::regex contract(R"(modules/(\w+)/\1\.(jebi|pb)\.h)");
    return std::regex_match(target.begin(), target.end(), contract);
}

std::string room_of(std::string_view path) {
    const auto first = path.find('/');
    if (first == std::string_view::npos) return "";
    const auto second = path.find('/', first + 1);
    const bool nested = path.starts_with("kit/") || path.starts_with("modules/");
    return std::string(path.substr(0, nested ? second : first));
}

std::string module_of(std::string_view path) {
    const auto room = room_of(path);
    return room.starts_with("modules/") ? room.substr(8) : "";
}

std::string text_of(const Tree& tree, std::string_view path) {
    const auto file = tree.find(path);
    return file == tree.end() ? "" : file->second;
}

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const auto part : parts)
        all += part;
    return all;
}

void add(Faults& faults, Faults&& more) {
    std::ranges::move(more, std::back_inserter(faults));
}

Tree tree_at(const std::filesystem::path& root) {
    static const std::set<std::string> not_ours{".git", "build",        "data",
                                                "run",  "node_modules", "corpus"};  // of fuzzers: any bytes
    static const std::set<std::string> kinds{".cpp",  ".h",   ".proto", ".sql", ".html", ".css",
                                             ".js",   ".mjs", ".md",    ".txt", ".toml", ".svg",
                                             ".json", ".sh",  ".cmake", ""};
    Tree tree;
    auto entry = std::filesystem::recursive_directory_iterator(root);
    for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
        if (entry->is_directory() && not_ours.contains(entry->path().filename()))
            entry.disable_recursion_pending();
        if (!entry->is_regular_file() || !kinds.contains(entry->path().extension())) continue;
        std::ifstream file(entry->path(), std::ios::binary);
        tree[entry->path().lexically_relative(root)] = std::string(std::istreambuf_iterator<char>(file), {});
    }
    return tree;
}

}  // namespace jebi::tidy
