// For tests of intakes: batches as text.
#pragma once

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "kit/base/json.h"
#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

inline constexpr WallMs arrival_ms = 1'800'000'000'000;  // 2027-01-15T08:00:00Z

inline std::string shown(const RowsReader::Name& field, const RowsReader::Value& value) {
    json::Writer out;
    if (field.kind == Kind::text) out.string(value.text);
    if (field.kind == Kind::integer) out.integer(value.integer);
    if (field.kind == Kind::number) out.number(value.number);
    if (field.kind == Kind::flag) out.boolean(value.integer != 0);
    return std::string(field.name) + "=" + (field.kind == Kind::number ? "~" : "") + out.take();
}

// `a="x" b=1 c=~1.5 d=true`, and, when the row's time is not the arrival, `@2026-11-22T13:58:05.000Z` before
// it.
inline std::vector<std::string> shown(const Rows& rows) {
    std::vector<std::string> all;
    auto reader = RowsReader::open(rows.names_bytes(), rows.shapes_bytes(), rows.rows_bytes());
    REQUIRE(reader);
    while (reader->next()) {
        std::string row = reader->ts_ms() == arrival_ms ? "" : "@" + iso8601(reader->ts_ms());
        for (const auto& value : reader->values())
            row += (row.empty() ? "" : " ") + shown(reader->names()[value.field], value);
        all.push_back(std::move(row));
    }
    REQUIRE_FALSE(reader->damaged());
    CHECK(all.size() == rows.count());
    return all;
}

inline std::vector<std::string> shown(const Batch& batch) {
    return shown(batch.rows);
}

inline std::string refusals(const Batch& batch) {
    std::string all;
    for (const auto& [index, why] : batch.refusals)
        all += (all.empty() ? "" : "\n") + std::to_string(index) + ": " + why;
    return all;
}

using Texts = std::vector<std::string>;

// A seed of its own each run, printed; JEBI_SEED repeats one.
class Random {
public:
    Random() { MESSAGE("JEBI_SEED=" << seed_); }
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(generator_);
    }
    std::uint64_t bits() { return generator_(); }
    // `text` with a few bytes changed, dropped, doubled or moved.
    std::string changed(std::string text) {
        for (std::size_t i = below(5); i > 0 && !text.empty(); --i) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
                case 0:
                    text[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    text.erase(at, 1 + below(3));
                    break;
                case 2:
                    text.insert(at, 1, text[below(text.size())]);
                    break;
                default:
                    text.insert(at, text.substr(below(text.size()), below(8)));
                    break;
            }
        }
        return text;
    }

private:
    static std::uint64_t chosen_seed() {
        const char* given = std::getenv("JEBI_SEED");  // NOLINT(concurrency-mt-unsafe)
        return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    }
    std::uint64_t seed_ = chosen_seed();
    std::mt19937_64 generator_{seed_};
};

}  // namespace jebi::log_analytics
