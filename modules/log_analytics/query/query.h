// Asks the rows of a snapshot, in SQL.
//
//     query::QueryThreads threads;
//     const auto answer = query::run(store.snapshot(), "SELECT count() FROM logs", {.threads = &threads});
//
// The language is a part of ClickHouse's:
//
//     [EXPLAIN] SELECT [DISTINCT] * | expression [[AS] name], ... FROM logs
//         [WHERE condition]
//         [GROUP BY expression | name | position, ...] [HAVING condition]
//         [ORDER BY expression | name | position [ASC | DESC] [NULLS FIRST | LAST], ...]
//         [LIMIT n [OFFSET m] | LIMIT m, n] [FORMAT name] [;]
//
//     conditions  a = b  ==  !=  <>  <  <=  >  >=  a [NOT] IN (1, 2)  a [NOT] BETWEEN b AND c
//                 a IS [NOT] NULL  a [NOT] LIKE 'x%'  ILIKE  AND OR NOT
//     arithmetic  + - * / %  ||  -a  CASE WHEN a THEN b ELSE c END  INTERVAL 15 MINUTE
//     texts       position(text, 'piece')  match(text, 're2')  startsWith  endsWith  lower  upper
//                 length  concat  substring(text, from, bytes)  toString
//     values      toInt64  toFloat64  if  multiIf  coalesce  ifNull  isNull  isNotNull  round(x, digits)
//                 floor  ceil  abs
//     times       now()  toHour  fromUnixTimestamp64Milli  toStartOfSecond / Minute / FiveMinutes /
//                 TenMinutes / FifteenMinutes / Hour / Day (ts)  toStartOfInterval(ts, INTERVAL 5 MINUTE)
//     ours        anywhere('word'): is the word in any text of the row?
//     aggregates  count() count(*) count(x) count(DISTINCT x) sum avg min max any uniq uniqExact
//                 quantile(0.99)(x) quantileTDigest quantileExact median
//                 each also as countIf(condition), sumIf(x, condition), ...
//
// Keywords and functions ignore case. Columns do not; a name with other characters stands in backquotes or
// double quotes; dots may stand in a name.
//
// Where it differs from others, and from what one might expect:
// - NULL is as in SQL: a comparison with NULL is NULL, and a row is answered only when the condition is true.
//   So level != 'debug' leaves out the rows without a level. NULLs come last in either order.
// - A column's type is decided over the snapshot (schema.h). A text compares with a number as a number where
//   it is one, and not at all (NULL) where it is none.
// - An unknown column is an error that names the nearest, but in an empty store, and for the fields that
//   applications usually send (schema.h): there it is NULL.
// - `ts` is in milliseconds since 1970, in UTC. It compares with such a number, with an ISO 8601 text, and
//   with now(). ts + 1000 is a second later; the difference of two times is an integer of milliseconds.
// - uniq, as uniqExact, is exact. quantile and quantileTDigest are exact, between two values linear, as long
// as
//   a thread has no more than 1,250,000 values (of all
//   quantiles of the query); beyond, they are a t-digest's (digest.h), off by at most a
//   hundredth of the values, at p99 a five hundredth. quantileExact is the value at floor(level * count). sum
//   of nothing is NULL. Sums and products of integers wrap around.
// - a / b is a number; a division by 0, also by %, is NULL.
// - lower, upper and ILIKE know the case of ASCII letters alone. length, position and substring count bytes,
//   from 1.
// - Without ORDER BY rows come in the order in which they were taken. Rows that ORDER BY finds equal come in
//   that order too, newest first when its first expression is descending.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "modules/log_analytics/query/answer.h"
#include "modules/log_analytics/query/threads.h"
#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics::query {

inline constexpr std::uint64_t rows_most = 1'000'000;  // in an answer, whatever is asked for

struct QueryOptions {
    Deadline until = in(Millis{30'000});
    // For groups, distinct values and kept rows, and for the answer. Beyond: `exhausted`.
    std::size_t memory_bytes_max = 64 * 1024 * 1024;
    std::uint64_t rows_max = 10'000;          // without LIMIT; then Answer::cut says that there were more
    const std::atomic<bool>* stop = nullptr;  // true: nobody waits any more
    QueryThreads* threads = nullptr;          // none: the caller's thread does all of it
    unsigned workers = 2;                     // how many threads at most, the caller's among them
    std::uint64_t after_row = 0;              // only rows with a number above it
    WallMs now_ms = SystemClock{}.wall_ms();  // what now() says
};

// Blocks; for a pool's threads. Errors: `invalid` for what is wrong with the query (complaint.h);
// `exhausted`, `deadline` (also when the client has left: reason "stopped"). Blocks that cannot be read are
// no error: the others are answered, and Answer::damaged tells what is missing.
Result<Answer> run(const Snapshot& snapshot, std::string_view sql, const QueryOptions& options);

// Checks the query without running it.
Result<void> check(const Snapshot& snapshot, std::string_view sql);

}  // namespace jebi::log_analytics::query
