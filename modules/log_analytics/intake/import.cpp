#include "modules/log_analytics/intake/import.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "kit/base/compress.h"
#include "kit/base/hash.h"
#include "modules/log_analytics/intake/access_log.h"
#include "modules/log_analytics/intake/json_rows.h"

namespace jebi::log_analytics {

namespace {

using Format = ImportProgress::Format;
constexpr std::size_t lines_to_detect_max = 20;
constexpr std::size_t first_line_bytes_max = 4'096;  // of the first line that count for event ids

// A file's text: from the disk, or decompressed in memory.
class Text {
public:
    static Result<Text> open(disk::Disk& disk, const std::string& path, std::size_t gzip_bytes_max) {
        Text text;
        TRY(text.input_, disk.open(path));
        char magic[2] = {};
        if (text.input_->size() >= sizeof magic) TRY_VOID(text.input_->read(0, magic, sizeof magic));
        if (std::string_view{magic, sizeof magic} != "\x1f\x8b") return text;
        TRY(const std::string gzip, disk::read_all(disk, path, gzip_bytes_max));
        TRY(text.unpacked_, gunzipped(gzip, gzip_bytes_max));
        text.input_.reset();
        return text;
    }

    std::uint64_t size() const { return input_ ? input_->size() : unpacked_.size(); }

    Result<void> append(std::uint64_t at, std::size_t size, std::string& to) const {
        if (!input_) {
            to.append(unpacked_, at, size);
            return {};
        }
        const std::size_t before = to.size();
        to.resize(before + size);
        return input_->read(at, to.data() + before, size);
    }

private:
    std::unique_ptr<disk::Input> input_;
    std::string unpacked_;
};

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == line.npos;
}

std::string hex_of(std::uint64_t number) {
    char digits[16];
    return {digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr};
}

class Importer {
public:
    Importer(const Text& text, const ImportOptions& options, WallMs arrived)
        : text_(text), options_(options), arrived_(arrived) {
        progress_.bytes_total = text.size();
        progress_.bytes = std::min<std::uint64_t>(options.from, text.size());
    }

    Result<ImportProgress> run(const ImportSink& sink, const ImportWatcher& watcher) {
        TRY_VOID(look_at_beginning());
        while (progress_.bytes < progress_.bytes_total) {
            TRY_VOID(take_piece(sink));
            if (!watcher(progress_)) break;
        }
        return std::move(progress_);
    }

private:
    // The first line is the file's name in event ids, and the first lines tell its format.
    Result<void> look_at_beginning() {
        std::string beginning;
        const auto size = std::min<std::uint64_t>(text_.size(), options_.piece_bytes);
        TRY_VOID(text_.append(0, size, beginning));
        const std::string_view all = beginning;
        file_ = hash64(all.substr(0, std::min(all.find('\n'), first_line_bytes_max)));
        std::size_t begin = 0;
        for (std::size_t i = 0; i < lines_to_detect_max && begin < all.size(); ++i) {
            const auto end = std::min(all.find('\n', begin), all.size());
            if (detect(all.substr(begin, end - begin))) return {};
            begin = end + 1;
        }
        if (is_blank_text(all)) return {};
        return fail(
            error(Code::invalid,
                  "None of the first lines is of an access log (common or combined) or a JSON object.")
                .because("unknown_format"));
    }

    static bool is_blank_text(std::string_view text) {
        return text.find_first_not_of(" \t\r\n") == text.npos;
    }

    bool detect(std::string_view line) {
        Batch batch;
        JsonRows rows{batch};
        if (begin_access_log_row(without_return(line), rows.maker())) {
            rows.maker().abandon();
            progress_.format = Format::access_log;
        } else if (line.starts_with('{')) {
            rows.expect(arrived_);
            if (reader_.read(line, rows)) progress_.format = Format::json;
        }
        return progress_.format != Format::unknown;
    }

    static std::string_view without_return(std::string_view line) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

    // Reads a piece, cuts it behind its last whole line, and hands its rows on.
    Result<void> take_piece(const ImportSink& sink) {
        piece_.clear();
        std::size_t whole = 0;
        while (whole == 0) {
            const std::uint64_t at = progress_.bytes + piece_.size();
            const auto size = std::min<std::uint64_t>(progress_.bytes_total - at, options_.piece_bytes);
            if (size == 0) {
                whole = piece_.size();  // the last line has no end
            } else if (piece_.size() > options_.line_bytes_max) {
                return skip_long_line();
            } else {
                TRY_VOID(text_.append(at, size, piece_));
                whole = piece_.rfind('\n') + 1;  // npos + 1 is 0
            }
        }
        Batch batch;
        take_lines(std::string_view{piece_}.substr(0, whole), batch);
        const std::size_t rows = batch.rows.count();
        if (rows > 0) TRY_VOID(sink(std::move(batch.rows)));
        progress_.rows += rows;
        progress_.bytes += whole;
        return {};
    }

    Result<void> skip_long_line() {
        unreadable(progress_.bytes,
                   "The line is longer than " + std::to_string(options_.line_bytes_max) + " bytes.");
        progress_.bytes += piece_.size();
        while (progress_.bytes < progress_.bytes_total) {
            piece_.clear();
            const auto size =
                std::min<std::uint64_t>(progress_.bytes_total - progress_.bytes, options_.piece_bytes);
            TRY_VOID(text_.append(progress_.bytes, size, piece_));
            const auto end = piece_.find('\n');
            progress_.bytes += end == piece_.npos ? size : end + 1;
            if (end != piece_.npos) break;
        }
        return {};
    }

    void take_lines(std::string_view piece, Batch& batch) {
        JsonRows rows{batch};
        std::size_t begin = 0;
        while (begin < piece.size()) {
            const auto end = std::min(piece.find('\n', begin), piece.size());
            const auto line = without_return(piece.substr(begin, end - begin));
            if (!is_blank(line)) take_line(line, progress_.bytes + begin, rows, batch);
            begin = end + 1;
        }
    }

    void take_line(std::string_view line, std::uint64_t at, JsonRows& rows, Batch& batch) {
        RowMaker& maker = rows.maker();
        if (progress_.format == Format::json) {
            maker.begin(arrived_);
            rows.expect_fields("", true);
            if (const auto status = reader_.read(line, rows); !status) rows.broken(status.error());
            if (batch.rows.fields_of_row() == 0) maker.refuse("The event has no content.");
        } else if (!begin_access_log_row(line, maker)) {
            return unreadable(at, "Not in the format of an access log: " + quoted(line) + ".");
        }
        maker.add_or("event_id", "", std::string_view{event_id(line, at)});
        if (!maker.end()) unreadable(at, batch.refused_last);
    }

    std::string event_id(std::string_view line, std::uint64_t at) const {
        constexpr std::uint64_t check_mask = 0xFFFF'FFFF;
        return hex_of(file_) + "." + hex_of(at) + "." + hex_of(hash64(line) & check_mask);
    }

    void unreadable(std::uint64_t at, std::string why) {
        ++progress_.unreadable;
        if (progress_.first_unreadable.size() < ImportProgress::unreadable_shown_max)
            progress_.first_unreadable.push_back({.at = at, .why = std::move(why)});
    }

    const Text& text_;
    const ImportOptions& options_;
    WallMs arrived_;
    ImportProgress progress_;
    std::uint64_t file_ = 0;  // a hash of the first line
    std::string piece_;
    json::Reader reader_;
};

}  // namespace

Result<ImportProgress> import_file(disk::Disk& disk, const std::string& path, const ImportOptions& options,
                                   WallMs arrived, const ImportSink& sink, const ImportWatcher& watcher) {
    TRY(const Text text, Text::open(disk, path, options.gzip_bytes_max));
    return Importer{text, options, arrived}.run(sink, watcher);
}

}  // namespace jebi::log_analytics
