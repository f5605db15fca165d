#include "modules/log_analytics/store/manifest.h"

#include <array>
#include <charconv>

#include "kit/base/hash.h"

namespace jebi::log_analytics {

namespace {

constexpr std::string_view version_begin = "jebi log store ", version = "2";
constexpr std::string_view name_begin = "segment-", name_end = ".seg", hash_begin = "hash ";
constexpr std::string_view group_begin = "up to group ", row_begin = "next row ", file_begin = "log file ",
                           log_begin = "log written to group ";
constexpr std::size_t digits = 20;
constexpr std::size_t manifest_bytes_max = 64 * 1024 * 1024;

std::string padded(std::uint64_t number) {
    const std::string text = std::to_string(number);
    return std::string(digits - text.size(), '0') + text;
}

std::string hash_line(std::string_view lines) {
    std::array<char, 16> hex{};
    const auto end = std::to_chars(hex.begin(), hex.end(), hash64(lines), 16).ptr;
    return std::string(hash_begin) + std::string(hex.begin(), end) + "\n";
}

std::optional<std::uint64_t> number_from(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, bad] = std::from_chars(text.begin(), text.end(), number);
    if (bad != std::errc{} || end != text.end() || text.size() != digits) return std::nullopt;
    return number;
}

std::unexpected<Error> damaged(const std::string& path) {
    return fail(error(Code::internal, path + " is damaged.").because("damaged"));
}

std::string_view take_line(std::string_view& rest) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    return line;
}

bool take_number(std::string_view& rest, std::string_view begin, std::uint64_t& number) {
    const std::string_view line = take_line(rest);
    const auto found = line.starts_with(begin) ? number_from(line.substr(begin.size())) : std::nullopt;
    number = found.value_or(0);
    return found.has_value();
}

}  // namespace

std::string segment_name(const GroupRange& groups) {
    return std::string(name_begin) + padded(groups.first) + "-" + padded(groups.last) + std::string(name_end);
}

std::optional<GroupRange> groups_of(std::string_view name) {
    if (name.size() != name_begin.size() + 2 * digits + 1 + name_end.size() ||
        !name.starts_with(name_begin) || !name.ends_with(name_end))
        return std::nullopt;
    const auto first = number_from(name.substr(name_begin.size(), digits));
    const auto last = number_from(name.substr(name_begin.size() + digits + 1, digits));
    if (!first || !last || *first > *last) return std::nullopt;
    return GroupRange{.first = *first, .last = *last};
}

Result<void> write_manifest(disk::Disk& disk, const std::string& folder, const Manifest& manifest) {
    std::string lines = std::string(version_begin) + std::string(version) + "\n";
    lines += std::string(group_begin) + padded(manifest.last_group) + "\n";
    lines += std::string(row_begin) + padded(manifest.next_row) + "\n";
    lines += std::string(file_begin) + padded(manifest.log_file) + "\n";
    lines += std::string(log_begin) + padded(manifest.log_last_group) + "\n";
    for (const GroupRange& segment : manifest.segments)
        lines += segment_name(segment) + "\n";
    return disk::replace(disk, folder + "/" + manifest_name, lines + hash_line(lines));
}

Result<Manifest> read_manifest(disk::Disk& disk, const std::string& folder) {
    const std::string path = folder + "/" + manifest_name;
    TRY(const std::string text, disk::read_all(disk, path, manifest_bytes_max));
    const auto hash_at = text.rfind(hash_begin);
    if (hash_at == std::string::npos || text.substr(hash_at) != hash_line(text.substr(0, hash_at)))
        return damaged(path);
    std::string_view rest = std::string_view{text}.substr(0, hash_at);
    const std::string_view first = take_line(rest);
    if (first != std::string(version_begin) + std::string(version)) {
        return fail(error(Code::invalid, path + " is of another version (\"" + std::string(first) +
                                             "\"): use the program that wrote it, or another data folder.")
                        .because("other_version"));
    }
    Manifest manifest;
    if (!take_number(rest, group_begin, manifest.last_group) ||
        !take_number(rest, row_begin, manifest.next_row) ||
        !take_number(rest, file_begin, manifest.log_file) ||
        !take_number(rest, log_begin, manifest.log_last_group))
        return damaged(path);
    while (!rest.empty()) {
        const auto groups = groups_of(take_line(rest));
        if (!groups) return damaged(path);
        manifest.segments.push_back(*groups);
    }
    return manifest;
}

}  // namespace jebi::log_analytics
