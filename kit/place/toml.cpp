#include "kit/place/toml.h"

#include <stdexcept>

// Some broken files reach what toml++ holds for impossible (a key without a letter). That is the file's
// fault.
namespace {
[[noreturn]] void refuse_odd_file() {
    throw std::logic_error("it is too odd to be read");
}
}  // namespace
#define TOML_ASSERT(expression) (static_cast<bool>(expression) ? void() : refuse_odd_file())
#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <charconv>
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

std::string joined(const std::vector<std::string>& path) {
    std::string key;
    for (const std::string& part : path)
        key += (key.empty() ? "" : ".") + part;
    return key;
}

bool take_list(const toml::array& list, TomlEntry& entry) {
    for (const toml::node& item : list) {
        const auto text = item.value_exact<std::string>();
        if (!text) return false;
        entry.items.push_back(*text);
    }
    entry.kind = TomlEntry::Kind::list;
    return true;
}

std::string written(double number) {
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

// False: the value is of a kind that nobody takes.
bool take_value(const toml::node& node, TomlEntry& entry) {
    using Kind = TomlEntry::Kind;
    const auto is = [&](Kind kind, std::string value) {
        entry.kind = kind;
        entry.value = std::move(value);
        return true;
    };
    if (const auto* list = node.as_array()) return take_list(*list, entry);
    if (const auto text = node.value_exact<std::string>()) return is(Kind::text, *text);
    if (const auto number = node.value_exact<std::int64_t>())
        return is(Kind::integer, std::to_string(*number));
    if (const auto number = node.value_exact<double>()) return is(Kind::decimal, written(*number));
    if (const auto flag = node.value_exact<bool>()) return is(Kind::flag, *flag ? "true" : "false");
    return false;
}

Result<void> flatten(const std::string& file, const std::vector<std::string>& above, const toml::table& table,
                     std::vector<TomlEntry>& out) {
    for (const auto& [name, node] : table) {
        TomlEntry entry{.path = above, .key = {}, .value = {}, .line = node.source().begin.line};
        entry.path.emplace_back(name.str());
        entry.key = joined(entry.path);
        const auto* inner = node.as_table();
        if (inner != nullptr && !inner->empty()) {
            TRY_VOID(flatten(file, entry.path, *inner, out));
            continue;
        }
        if (inner != nullptr) {
            entry.kind = TomlEntry::Kind::empty_table;
        } else if (!take_value(node, entry)) {
            return refuse(file + ":" + std::to_string(entry.line),
                          entry.key + " must be text, a number, true or false, or a list of texts.");
        }
        out.push_back(std::move(entry));
    }
    return {};
}

}  // namespace

Result<std::vector<TomlEntry>> toml_entries(const std::string& file) {
    TRY(const std::string content, content_of(file));
    try {
        const toml::table table = toml::parse(content, file);
        std::vector<TomlEntry> entries;
        TRY_VOID(flatten(file, {}, table, entries));
        std::ranges::stable_sort(entries, {}, &TomlEntry::line);
        return entries;
    } catch (const toml::parse_error& bad) {
        return refuse(file + ":" + std::to_string(bad.source().begin.line),
                      "this is no TOML. " + std::string(bad.description()));
    } catch (const std::exception& odd) {
        return refuse(file, "this is no TOML: " + std::string(odd.what()) + ".");
    }
}

}  // namespace jebi::place
