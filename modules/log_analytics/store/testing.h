// How the store's tests make rows and look at them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "modules/log_analytics/store/part.h"
#include "modules/log_analytics/store/rows.h"
#include "modules/log_analytics/store/tail.h"

namespace jebi::log_analytics {

// A folder of its own, removed at the end.
class TestFolder {
public:
    TestFolder() {
        std::string name = std::filesystem::temp_directory_path() / "jebi-store-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    ~TestFolder() { std::filesystem::remove_all(path_); }
    TestFolder(const TestFolder&) = delete;
    const std::string& path() const { return path_; }
    std::vector<std::string> files(std::string_view begin = "") const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) {
            if (entry.path().filename().string().starts_with(begin)) names.push_back(entry.path().string());
        }
        std::ranges::sort(names);
        return names;
    }

private:
    std::string path_;
};

inline std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
inline void put(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A row as one line: its time and its fields by name, each with its kind.
inline std::vector<std::string> lines_of(const Part& part) {
    std::vector<std::map<std::string, std::string>> rows(part.rows());
    std::uint64_t first = 0, bytes = 0;
    for (std::size_t block = 0; block < part.blocks().size(); first += part.blocks()[block++].rows) {
        for (std::size_t column = 0; column < part.columns().size(); ++column) {
            const auto& [name, kind] = part.columns()[column];
            const auto put_value = [&](std::size_t row, std::string value) {
                rows[first + row][name] = std::string(log_analytics::name(kind)) + ":" + std::move(value);
            };
            if (kind == Kind::text) {
                const TextBlock texts = part.texts(column, block, bytes).value();
                for (std::size_t row = 0; row < texts.codes.size(); ++row) {
                    if (texts.codes[row] != 0)
                        put_value(row, std::string(texts.dictionary->text(texts.codes[row])));
                }
            } else if (kind == Kind::number) {
                const NumberBlock numbers = part.numbers(column, block, bytes).value();
                for (std::uint32_t row = 0; row < numbers.values.size(); ++row) {
                    if (is_present(numbers.present, row)) put_value(row, std::to_string(numbers.values[row]));
                }
            } else {
                const IntegerBlock integers = part.integers(column, block, bytes).value();
                for (std::uint32_t row = 0; row < integers.values.size(); ++row) {
                    if (is_present(integers.present, row))
                        put_value(row, std::to_string(integers.values[row]));
                }
            }
        }
    }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string& line = lines.emplace_back();
        for (const auto& [name, value] : row)
            line += (line.empty() ? "" : " ") + name + "=" + value;
    }
    return lines;
}

inline std::vector<std::string> lines_of(const Snapshot& snapshot) {
    std::vector<std::string> lines;
    for (const auto& part : snapshot.parts)
        std::ranges::move(lines_of(*part), std::back_inserter(lines));
    return lines;
}

// Rows of all kinds and shapes: few and many different texts, ids in hex, several words, Korean, zero bytes,
// fields that come and go, a name with two kinds.
inline Rows random_rows(std::mt19937_64& random, std::size_t count) {
    static const std::vector<std::string> words{"제비",  "deadlock", "timeout after", "",         "a\0b\0",
                                                "hello", "그리고",   "GET /users",    "세계 안녕"};
    const auto below = [&](std::uint64_t bound) { return random() % bound; };
    const auto hex = [&] {
        std::string text;
        for (int i = 0; i < 32; ++i)
            text += "0123456789abcdef"[below(16)];
        return text;
    };
    Rows rows;
    WallMs ts = 1'800'000'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        ts += static_cast<WallMs>(below(50)) - 5;
        rows.begin(ts);
        rows.text("level", below(4) == 0 ? "error" : "info");
        rows.text("trace", hex());
        rows.text("user", "u" + std::to_string(below(500)));
        rows.text("msg", words[below(words.size())] + " " + std::to_string(below(100'000)) + " " +
                             words[below(words.size())]);
        rows.integer("bytes", static_cast<std::int64_t>(below(100'000)));
        rows.number("latency_ms", static_cast<double>(below(100'000)) / 1000);
        if (below(3) == 0) rows.flag("cached", below(2) == 0);
        if (below(5) == 0) rows.number("exact", 1.0 / static_cast<double>(1 + below(1000)));
        if (below(7) == 0)
            rows.integer("mixed", static_cast<std::int64_t>(random()));
        else if (below(7) == 0)
            rows.text("mixed", words[below(words.size())]);
        if (below(1000) == 0) rows.text("rare" + std::to_string(below(5)), hex());
        rows.end();
    }
    return rows;
}

inline void append_all(Tail& tail, const Rows& rows) {
    RowsReader reader = RowsReader::of(rows);
    Tail::Places places = Tail::places(reader);
    while (reader.next())
        tail.append(reader, places);
    tail.finish_batch(places);
    tail.publish();
}

}  // namespace jebi::log_analytics
