// Fuzzes the two languages: what people type as SQL and into the search box. Built with clang and
// -DJEBI_FUZZ=ON; run it as  log_query_fuzz CORPUS_FOLDER -max_total_time=60
//
// Besides crashes it looks for disagreement: a query answers the same on one thread and on several, and
// whatever the search box takes becomes a query that can be run.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "modules/log_analytics/query/query.h"
#include "modules/log_analytics/query/search.h"
#include "modules/log_analytics/store/tail.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

constexpr WallMs noon = 1'795'348'800'000;
constexpr int rows_count = 300;

void must_be(bool right, std::string_view what, std::string_view input) {
    if (right) return;
    std::fprintf(stderr, "%.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(input.size()), input.data());
    std::abort();
}

std::shared_ptr<const Part> part_from(std::uint64_t first_row) {
    Rows rows;
    for (int i = 0; i < rows_count; ++i) {
        rows.begin(noon + i * 1'000);
        rows.text("path", i % 3 == 0 ? "/users" : "/제비/" + std::to_string(i % 7));
        if (i % 4 != 0) rows.integer("status", 200 + i % 5 * 100);
        if (i % 5 != 0) rows.number("ms", i * 0.25);
        if (i % 6 == 0) rows.flag("ok", i % 12 == 0);
        if (i % 2 == 0)
            rows.text("mixed", std::to_string(i));
        else
            rows.integer("mixed", i);
        rows.end();
    }
    Tail tail(first_row);
    RowsReader reader = RowsReader::of(rows);
    Tail::Places places = Tail::places(reader);
    while (reader.next())
        tail.append(reader, places);
    tail.finish_batch(places);
    tail.publish();
    return tail.snapshot();
}

const Snapshot& visits() {
    static const Snapshot snapshot{{part_from(1), part_from(rows_count + 1)}, {}};
    return snapshot;
}

std::string answer_of(std::string_view sql, query::QueryThreads* threads) {
    const auto answer =
        query::run(visits(), sql, {.until = in(Millis{20'000}), .threads = threads, .now_ms = noon});
    if (answer) return query::as_json_lines(*answer) + query::as_csv(*answer);
    must_be(answer.error().code != Code::internal && !answer.error().message.empty(),
            "an error without a reason", sql);
    return "";
}

void ask(std::string_view sql) {
    static query::QueryThreads threads(1);
    const auto alone = answer_of(sql, nullptr);
    // Which value any() takes, and in which order numbers are added, is open.
    if (sql.contains("any") || sql.contains("ANY") || sql.contains("Any") || sql.contains("ms")) return;
    must_be(alone == answer_of(sql, &threads), "threads answer otherwise", sql);
}

void search(std::string_view text) {
    const auto where = query::where_of(text, visits());
    if (!where || where->empty()) return;
    const auto answer =
        query::run(visits(), "SELECT count() FROM logs WHERE " + *where, {.until = in(Millis{20'000})});
    must_be(answer.has_value() || answer.error().reason == "too_large", answer ? "" : answer.error().message,
            *where);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    ask(text);
    search(text);
    return 0;
}
