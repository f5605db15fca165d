#include "modules/log_analytics/intake/import.h"

#include <algorithm>
#include <charconv>

#include "kit/base/hash.h"
#include "modules/log_analytics/intake/access_log.h"
#include "modules/log_analytics/intake/json_rows.h"
#include "modules/log_analytics/intake/log_file.h"

namespace jebi::log_analytics {

namespace {

using Format = ImportProgress::Format;
constexpr std::size_t lines_to_detect_max = 20;
constexpr std::size_t first_line_bytes_max = 4'096;  // of the first line that count for event ids

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == line.npos;
}

std::string hex_of(std::uint64_t number) {
    char digits[16];
    return {digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr};
}

class Importer {
public:
    Importer(LogFile file, const ImportOptions& options, WallMs arrived)
        : file_(std::move(file)), options_(options), arrived_(arrived) {
        progress_.disk_bytes_total = file_.disk_bytes();
    }

    Result<ImportProgress> run(const ImportSink& sink, const ImportWatcher& watcher) {
        TRY_VOID(look_at_beginning());
        TRY_VOID(go_on_from(options_.from));
        while (true) {
            TRY(const std::size_t whole, read_whole_lines());
            if (whole == 0) break;
            TRY_VOID(take_piece(whole, sink));
            progress_.disk_bytes = file_.disk_bytes_read();
            if (!watcher(progress_)) break;
        }
        return std::move(progress_);
    }

private:
    // The first line is the file's name in event ids, and the first lines tell its format.
    Result<void> look_at_beginning() {
        TRY_VOID(file_.read(options_.piece_bytes, piece_));
        const std::string_view all = piece_;
        name_ = hash64(all.substr(0, std::min(all.find('\n'), first_line_bytes_max)));
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

    Result<void> go_on_from(std::uint64_t at) {
        if (at <= piece_.size()) {
            piece_.erase(0, at);
            progress_.bytes = at;
            return {};
        }
        TRY_VOID(file_.skip(at - piece_.size()));
        piece_.clear();
        progress_.bytes = file_.at();
        return {};
    }

    // Reads on until there is a whole line in the piece. How much of it is whole lines; 0 at the end.
    Result<std::size_t> read_whole_lines() {
        while (true) {
            if (const auto end = piece_.rfind('\n'); end != piece_.npos) return end + 1;
            if (piece_.size() > options_.line_bytes_max) TRY_VOID(skip_long_line());
            const std::size_t before = piece_.size();
            TRY_VOID(file_.read(options_.piece_bytes, piece_));
            if (piece_.size() == before) return before;  // the last line has no end
        }
    }

    // It has no end yet.
    Result<void> skip_long_line() {
        unreadable(progress_.bytes,
                   "The line is longer than " + std::to_string(options_.line_bytes_max) + " bytes.");
        while (!piece_.empty() && !piece_.contains('\n')) {
            progress_.bytes += piece_.size();
            piece_.clear();
            TRY_VOID(file_.read(options_.piece_bytes, piece_));
        }
        const std::size_t line = piece_.empty() ? 0 : piece_.find('\n') + 1;
        progress_.bytes += line;
        piece_.erase(0, line);
        return {};
    }

    // Hands the rows of the first `whole` bytes on.
    Result<void> take_piece(std::size_t whole, const ImportSink& sink) {
        Batch batch;
        take_lines(std::string_view{piece_}.substr(0, whole), batch);
        const std::size_t rows = batch.rows.count();
        if (rows > 0) TRY_VOID(sink(std::move(batch.rows)));
        progress_.rows += rows;
        progress_.bytes += whole;
        piece_.erase(0, whole);
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
        return hex_of(name_) + "." + hex_of(at) + "." + hex_of(hash64(line) & check_mask);
    }

    void unreadable(std::uint64_t at, std::string why) {
        ++progress_.unreadable;
        if (progress_.first_unreadable.size() < ImportProgress::unreadable_shown_max)
            progress_.first_unreadable.push_back({.at = at, .why = std::move(why)});
    }

    LogFile file_;
    const ImportOptions& options_;
    WallMs arrived_;
    ImportProgress progress_;
    std::uint64_t name_ = 0;  // a hash of the first line
    std::string piece_;       // of the file, from progress_.bytes on
    json::Reader reader_;
};

}  // namespace

Result<ImportProgress> import_file(disk::Disk& disk, const std::string& path, const ImportOptions& options,
                                   WallMs arrived, const ImportSink& sink, const ImportWatcher& watcher) {
    TRY(LogFile file, LogFile::open(disk, path));
    return Importer{std::move(file), options, arrived}.run(sink, watcher);
}

}  // namespace jebi::log_analytics
