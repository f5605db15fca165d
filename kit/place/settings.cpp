#include "kit/place/settings.h"

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <charconv>

#include "kit/place/toml.h"

namespace jebi::place {

namespace {

std::optional<std::int64_t> integer_from(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

// What is wrong with the value; empty: nothing.
std::string fault(const Setting& setting, const std::string& value) {
    if (setting.kind == Setting::Kind::flag)
        return value == "true" || value == "false" ? "" : "must be true or false";
    if (setting.kind == Setting::Kind::integer) {
        const auto number = integer_from(value);
        if (number && *number >= setting.min && *number <= setting.max) return "";
        return "must be a whole number from " + std::to_string(setting.min) + " to " +
               std::to_string(setting.max);
    }
    if (setting.choices.empty() || std::ranges::find(setting.choices, value) != setting.choices.end())
        return "";
    return "must be one of: " + joined(setting.choices);
}

std::unexpected<Error> unknown(std::string_view what, std::string_view where,
                               const std::optional<std::string>& meant) {
    std::string message = std::string(where) + ": there is no setting \"" + std::string(what) + "\".";
    message += meant ? " Did you mean \"" + *meant + "\"?" : " `jebi config show` lists all of them.";
    return fail(error(Code::invalid, message).because("unknown_setting"));
}

}  // namespace

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::string variable_of(std::string_view setting, std::string_view prefix) {
    std::string name{prefix};
    for (const char c : setting)
        name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

std::string flag_of(std::string_view setting) {
    std::string name = "--";
    for (const char c : setting)
        name += c == '.' || c == '_' ? '-' : c;
    return name;
}

Result<Settings> Settings::load(std::vector<Setting> known, const Sources& sources) {
    Settings settings;
    settings.known_ = std::move(known);
    for (const Setting& setting : settings.known_)
        settings.given_[setting.name] = {setting.standard, "built in"};
    if (!sources.file.empty()) TRY_VOID(settings.read_file(sources.file));
    TRY_VOID(settings.read_environment(sources));
    for (const auto& [name, value] : sources.flags)
        TRY_VOID(settings.give(name, value, flag_of(name)));
    return settings;
}

Result<void> Settings::read_file(const std::string& file) {
    TRY(const auto entries, toml_entries(file));
    for (const TomlEntry& entry : entries) {
        const std::string origin = file + ":" + std::to_string(entry.line);
        if (entry.kind == TomlEntry::Kind::empty_table) continue;
        if (entry.kind == TomlEntry::Kind::list || entry.kind == TomlEntry::Kind::decimal)
            return fail(error(Code::invalid,
                              origin + ": " + entry.key + " must be text, a whole number, or true or false.")
                            .because("bad_file"));
        TRY_VOID(give(entry.key, entry.value, origin));
    }
    return {};
}

Result<void> Settings::read_environment(const Sources& sources) {
    std::map<std::string, std::string> names;  // variable -> setting
    std::vector<std::string> variables;
    for (const Setting& setting : known_) {
        variables.push_back(variable_of(setting.name, sources.prefix));
        names[variables.back()] = setting.name;
    }
    for (const auto& [variable, value] : sources.environment) {
        if (!variable.starts_with(sources.prefix)) continue;
        const auto found = names.find(variable);
        if (found == names.end()) return unknown(variable, "The environment", nearest(variable, variables));
        TRY_VOID(give(found->second, value, variable));
    }
    return {};
}

Result<void> Settings::give(std::string_view name, std::string value, std::string origin) {
    const Setting* setting = find(name);
    if (setting == nullptr) {
        std::vector<std::string> names;
        names.reserve(known_.size());
        for (const Setting& one : known_)
            names.push_back(one.name);
        return unknown(name, origin, nearest(name, names));
    }
    if (const std::string why = fault(*setting, value); !why.empty()) {
        return fail(
            error(Code::invalid, origin + ": " + setting->name + " " + why + "; it is \"" + value + "\".")
                .because("bad_setting")
                .at(setting->name));
    }
    given_.insert_or_assign(setting->name, Given{std::move(value), std::move(origin)});
    return {};
}

const Setting* Settings::find(std::string_view name) const {
    const auto found = std::ranges::find(known_, name, &Setting::name);
    return found == known_.end() ? nullptr : &*found;
}

const std::string& Settings::text(std::string_view name) const {
    const auto found = given_.find(name);
    assert(found != given_.end() && find(name)->kind == Setting::Kind::text);
    return found->second.value;
}

std::int64_t Settings::integer(std::string_view name) const {
    const auto found = given_.find(name);
    assert(found != given_.end() && find(name)->kind == Setting::Kind::integer);
    return *integer_from(found->second.value);
}

bool Settings::flag(std::string_view name) const {
    const auto found = given_.find(name);
    assert(found != given_.end() && find(name)->kind == Setting::Kind::flag);
    return found->second.value == "true";
}

std::vector<Settings::Shown> Settings::shown() const {
    std::vector<Shown> all;
    for (const Setting& setting : known_) {
        const Given& given = given_.find(setting.name)->second;
        all.push_back({setting.name, given.value, given.origin});
    }
    return all;
}

}  // namespace jebi::place
