// Regular expressions, by RE2: the only file that includes it.
#include <re2/re2.h>

#include "modules/log_analytics/query/text_tests.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::int64_t pattern_memory_bytes = 2 * 1024 * 1024;

}  // namespace

Result<SharedTest> match_test(const std::string& pattern) {
    if (pattern.size() > pattern_bytes_max)
        return fail(Code::invalid, "it has over " + std::to_string(pattern_bytes_max) + " bytes");
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory_bytes);
    options.set_dot_nl(true);  // as ClickHouse's match
    const auto expression = std::make_shared<const re2::RE2>(pattern, options);
    if (!expression->ok()) return fail(Code::invalid, expression->error());
    auto test = std::make_shared<TextTest>();
    test->passes = [expression](std::string_view text) {
        return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *expression);
    };
    return test;
}

}  // namespace jebi::log_analytics::query
