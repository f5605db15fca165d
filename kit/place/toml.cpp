#include "kit/place/toml.h"

#include <toml++/toml.h>
#include <fstream>
#include <sstream>

namespace jebi::place {

namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;

std::unexpected<Error> refuse(const std::string& where, const std::string& why) {
    return fail(error(Code::invalid, where + ": " + why).because("bad_file"));
}

Result<std::string> content_of(const std::string& file) {
    std::ifstream in_file{file, std::ios::binary};
    if (!in_file) return refuse(file, "this file cannot be read. Does it exist, and may this user read it?");
    std::ostringstream content;
    content << in_file.rdbuf();
    if (content.str().size() > file_bytes_max) return refuse(file, "this file is larger than 1 MiB.");
    return content.str();
}

Result<void> flatten(const std::string& file, const std::string& above, const toml::table& table,
                     std::vector<TomlEntry>& out) {
    for (const auto& [name, node] : table) {
        const std::string key =
            above.empty() ? std::string(name.str()) : above + "." + std::string(name.str());
        const unsigned line = node.source().begin.line;
        if (const auto* inner = node.as_table()) {
            TRY_VOID(flatten(file, key, *inner, out));
        } else if (const auto text = node.value_exact<std::string>()) {
            out.push_back({key, *text, line});
        } else if (const auto number = node.value_exact<std::int64_t>()) {
            out.push_back({key, std::to_string(*number), line});
        } else if (const auto flag = node.value_exact<bool>()) {
            out.push_back({key, *flag ? "true" : "false", line});
        } else {
            return refuse(file + ":" + std::to_string(line),
                          key + " must be text, a whole number, or true or false.");
        }
    }
    return {};
}

}  // namespace

Result<std::vector<TomlEntry>> toml_entries(const std::string& file) {
    TRY(const std::string content, content_of(file));
    try {
        const toml::table table = toml::parse(content, file);
        std::vector<TomlEntry> entries;
        TRY_VOID(flatten(file, "", table, entries));
        return entries;
    } catch (const toml::parse_error& bad) {
        return refuse(file + ":" + std::to_string(bad.source().begin.line),
                      "this is no TOML. " + std::string(bad.description()));
    }
}

}  // namespace jebi::place
