#include "modules/log_analytics/store/wal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "kit/base/hash.h"
#include "modules/log_analytics/store/bytes.h"

namespace jebi::log_analytics {

namespace {

constexpr std::string_view file_magic = "JEBIWAL2", group_magic = "JGRP";
constexpr std::string_view any_version = "JEBIWAL";
constexpr std::size_t head_bytes = 8 + 8 + 8 + 8;  // of a file, and of a group
constexpr std::size_t batch_head_bytes = 4 + 4 + 4 + 8;
constexpr std::string_view name_begin = "wal-", name_end = ".log";
constexpr std::size_t name_digits = 20;

void append_head_hash(std::string& head) {
    append_raw(head, hash64(head));
}

std::uint64_t batch_hash(std::uint64_t group, std::string_view names, std::string_view shapes,
                         std::string_view rows) {
    return hash64(rows, hash64(shapes, hash64(names, group)));
}

struct GroupHead {
    std::uint32_t batches = 0;
    std::uint64_t number = 0, bytes = 0;
};

std::optional<GroupHead> group_head(std::string_view bytes) {
    GroupHead head;
    std::string_view rest = bytes.substr(group_magic.size());
    std::uint64_t hash = 0;
    const bool taken = take_raw(rest, head.batches) && take_raw(rest, head.number) &&
                       take_raw(rest, head.bytes) && take_raw(rest, hash);
    const bool right =
        taken && bytes.starts_with(group_magic) && hash == hash64(bytes.substr(0, head_bytes - 8));
    if (!right || head.bytes > group_bytes_max) return std::nullopt;
    return head;
}

// Cuts a group's bytes into its batches, checking each.
bool batches_of(const GroupHead& head, std::string_view rest, std::vector<RowsReader>& batches) {
    for (std::uint32_t i = 0; i < head.batches; ++i) {
        std::uint32_t names_bytes = 0, shapes_bytes = 0, rows_bytes = 0;
        std::uint64_t hash = 0;
        std::string_view names, shapes, rows;
        if (!take_raw(rest, names_bytes) || !take_raw(rest, shapes_bytes) || !take_raw(rest, rows_bytes) ||
            !take_raw(rest, hash))
            return false;
        if (!take_bytes(rest, names_bytes, names) || !take_bytes(rest, shapes_bytes, shapes) ||
            !take_bytes(rest, rows_bytes, rows))
            return false;
        if (batch_hash(head.number, names, shapes, rows) != hash) return false;
        auto reader = RowsReader::open(names, shapes, rows);
        if (!reader) return false;
        batches.push_back(std::move(*reader));
    }
    return rest.empty();
}

class FileReader {
public:
    using Use = std::function<Result<void>(std::uint64_t, RowsReader&)>;
    FileReader(const disk::Input& file, const std::string& path, const Use& use)
        : file_(file), path_(path), use_(use) {}

    Result<WalContent> read() {
        TRY_VOID(refuse_other_version());
        if (!read_file_head() && !find_next_group())
            return fail(error(Code::not_found, path_ + " holds nothing.").because("torn"));
        while (at_ < file_.size()) {
            TRY(const bool whole, read_group());
            if (whole) continue;
            const std::uint64_t torn_at = at_;
            if (!find_next_group()) {
                content_.torn_bytes = file_.size() - torn_at;
                break;
            }
        }
        return content_;
    }

private:
    // A whole head of another version; a damaged one is told apart by its hash.
    Result<void> refuse_other_version() const {
        std::string head(head_bytes, '\0');
        if (file_.size() < head_bytes || !file_.read(0, head.data(), head.size())) return {};
        std::string_view hash_bytes = std::string_view{head}.substr(head_bytes - 8);
        std::uint64_t hash = 0;
        const bool whole =
            take_raw(hash_bytes, hash) && hash == hash64(std::string_view{head}.substr(0, head_bytes - 8));
        if (!whole || !head.starts_with(any_version) || head.starts_with(file_magic)) return {};
        return fail(error(Code::invalid, path_ + " is of another version (\"" +
                                             head.substr(0, file_magic.size()) +
                                             "\"): use the program that wrote it, or another data folder.")
                        .because("other_version"));
    }

    // A head that is damaged is no reason to give up the groups behind it.
    bool read_file_head() {
        std::string head(head_bytes, '\0');
        if (file_.size() < head_bytes || !file_.read(0, head.data(), head.size())) return false;
        std::string_view rest = std::string_view{head}.substr(file_magic.size());
        std::uint64_t hash = 0;
        content_.head_damaged = !head.starts_with(file_magic) || !take_raw(rest, next_) ||
                                !take_raw(rest, content_.last_written_before) || !take_raw(rest, hash) ||
                                hash != hash64(std::string_view{head}.substr(0, head_bytes - 8));
        if (content_.head_damaged) {
            next_ = 0;
            content_.last_written_before = 0;
            return false;
        }
        at_ = head_bytes;
        return true;
    }

    // False: what stands here is no whole group.
    Result<bool> read_group() {
        const auto head = head_at(at_);
        if (!head || at_ + head_bytes + head->bytes > file_.size() || head->number < next_) return false;
        std::string bytes(head->bytes, '\0');
        if (!file_.read(at_ + head_bytes, bytes.data(), bytes.size())) return false;
        std::vector<RowsReader> batches;
        if (!batches_of(*head, bytes, batches)) return false;
        if (next_ > 0) content_.damaged_groups += head->number - next_;
        for (RowsReader& batch : batches)
            TRY_VOID(use_(head->number, batch));
        content_.last_group = head->number;
        next_ = head->number + 1;
        at_ += head_bytes + head->bytes;
        return true;
    }

    std::optional<GroupHead> head_at(std::uint64_t at) const {
        std::string bytes(head_bytes, '\0');
        if (at + head_bytes > file_.size() || !file_.read(at, bytes.data(), bytes.size()))
            return std::nullopt;
        return group_head(bytes);
    }

    // Behind damage: the next place where a whole group begins.
    bool find_next_group() {
        constexpr std::size_t window_bytes = 1024 * 1024;
        for (std::uint64_t begin = at_ + 1; begin < file_.size(); begin += window_bytes) {
            std::string window(
                std::min<std::uint64_t>(window_bytes + group_magic.size() - 1, file_.size() - begin), '\0');
            if (!file_.read(begin, window.data(), window.size())) continue;
            for (auto found = window.find(group_magic); found != std::string::npos;
                 found = window.find(group_magic, found + 1)) {
                const auto head = head_at(begin + found);
                if (!head || head->number < next_) continue;
                at_ = begin + found;
                return true;
            }
        }
        return false;
    }

    const disk::Input& file_;
    const std::string& path_;
    const Use& use_;
    WalContent content_;
    std::uint64_t at_ = 0, next_ = 0;
};

}  // namespace

std::string wal_name(std::uint64_t first_group) {
    std::string digits = std::to_string(first_group);
    return std::string(name_begin) + std::string(name_digits - digits.size(), '0') + digits +
           std::string(name_end);
}

std::optional<std::uint64_t> first_group_of(std::string_view wal_name) {
    if (!wal_name.starts_with(name_begin) || !wal_name.ends_with(name_end)) return std::nullopt;
    wal_name = wal_name.substr(name_begin.size(), wal_name.size() - name_begin.size() - name_end.size());
    std::uint64_t group = 0;
    const auto [end, bad] = std::from_chars(wal_name.begin(), wal_name.end(), group);
    if (bad != std::errc{} || end != wal_name.end() || wal_name.size() != name_digits) return std::nullopt;
    return group;
}

Result<WalWriter> WalWriter::create(disk::Disk& disk, const std::string& folder, std::uint64_t first_group,
                                    std::uint64_t last_written) {
    const std::string path = folder + "/" + wal_name(first_group);
    TRY(auto file, disk.create(path));
    std::string head{file_magic};
    append_raw(head, first_group);
    append_raw(head, last_written);
    append_head_hash(head);
    TRY_VOID(file->append(head));
    TRY_VOID(file->sync());
    TRY_VOID(disk.sync_folder(folder));
    return WalWriter{std::move(file)};
}

Result<void> WalWriter::append(std::uint64_t group, std::span<const Rows* const> batches) {
    std::uint64_t bytes = 0;
    std::vector<std::string> heads(batches.size() + 1);
    std::vector<std::string_view> pieces;
    pieces.reserve(1 + batches.size() * 4);
    pieces.emplace_back();
    for (std::size_t i = 0; i < batches.size(); ++i) {
        const std::string_view names = batches[i]->names_bytes(), shapes = batches[i]->shapes_bytes(),
                               rows = batches[i]->rows_bytes();
        std::string& head = heads[i + 1];
        append_raw(head, static_cast<std::uint32_t>(names.size()));
        append_raw(head, static_cast<std::uint32_t>(shapes.size()));
        append_raw(head, static_cast<std::uint32_t>(rows.size()));
        append_raw(head, batch_hash(group, names, shapes, rows));
        pieces.insert(pieces.end(), {head, names, shapes, rows});
        bytes += batch_head_bytes + names.size() + shapes.size() + rows.size();
    }
    std::string& head = heads[0];
    head += group_magic;
    append_raw(head, static_cast<std::uint32_t>(batches.size()));
    append_raw(head, group);
    append_raw(head, bytes);
    append_head_hash(head);
    pieces[0] = head;
    TRY_VOID(file_->append(pieces));
    return file_->sync();
}

Result<WalContent> read_wal(disk::Disk& disk, const std::string& path,
                            const std::function<Result<void>(std::uint64_t, RowsReader&)>& use) {
    TRY(const auto file, disk.open(path));
    return FileReader{*file, path, use}.read();
}

}  // namespace jebi::log_analytics
