// From the text of a query to its words.
//
// Names are letters, digits and '_', not beginning with a digit, or anything between backquotes or double
// quotes. Bytes beyond ASCII are letters. Texts stand between single quotes; '' is a quote, and a backslash
// escapes as in ClickHouse: \b \f \r \n \t \0 \a \v \\ \' \" \` \xHH; before any other character the
// backslash stays ('\d', '\%'). Comments: -- to the end of the line, /* to */.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::log_analytics::query {

inline constexpr std::size_t query_bytes_max = 64 * 1024;

struct Token {
    enum class Kind : std::uint8_t { end, name, quoted_name, text, integer, number, symbol };
    Kind kind = Kind::end;
    std::size_t begin = 0, end = 0;  // in the query, in bytes
    // A name or symbol as it is written, without its quotes; a text without quotes and escapes.
    std::string text{};
    std::int64_t integer = 0;
    double number = 0;  // of integers too
};

// The words, with one `end` behind them. `invalid` for what is no word, a quote without its end, and a query
// over query_bytes_max.
Result<std::vector<Token>> tokens_of(std::string_view query);

}  // namespace jebi::log_analytics::query
