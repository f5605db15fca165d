// What is asked and made of texts: once per text of a dictionary.
#include <algorithm>
#include <cstring>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/evaluate.h"
#include "modules/log_analytics/query/evaluate_numbers.h"
#include "modules/log_analytics/query/number_text.h"

namespace jebi::log_analytics::query {

namespace {

// In which row of a joined block a byte is: its texts stand in the order of their codes.
std::uint32_t row_at(const Vector& value, const char* byte) {
    std::uint32_t low = 0, high = static_cast<std::uint32_t>(value.codes.size());
    while (high - low > 1) {
        const std::uint32_t middle = low + (high - low) / 2;
        if ((*value.texts)[middle + 1].data() <= byte) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

// Fast path: a piece is looked for in all of a block's texts by one search, since most blocks have it in few
// rows or in none. `haystack` is the joined texts or their lower case.
std::vector<std::int64_t> rows_with(const Vector& value, std::string_view haystack, std::string_view piece) {
    std::vector<std::int64_t> found(value.codes.size());
    const char* const base = value.joined.data();
    std::size_t at = 0;
    while (at < haystack.size()) {
        const auto* hit = static_cast<const char*>(
            ::memmem(haystack.data() + at, haystack.size() - at, piece.data(), piece.size()));
        if (hit == nullptr) break;
        const auto offset = static_cast<std::size_t>(hit - haystack.data());
        const std::uint32_t row = row_at(value, base + offset);
        const auto text = (*value.texts)[row + 1];
        const auto end = static_cast<std::size_t>(text.data() - base) + text.size();
        const bool inside = offset + piece.size() <= end;  // a piece with zero bytes may lie across two texts
        if (inside) found[row] = 1;
        at = inside ? end : offset + 1;
    }
    return found;
}

bool may_search_joined(const TextTest& test, const Vector& value) {
    const bool contains =
        test.kind == TextTest::Kind::contains || test.kind == TextTest::Kind::contains_without_case;
    return contains && !value.is_constant && !value.joined.empty() && !test.texts[0].empty();
}

// A row without a text has an empty one among the joined.
Vector test_joined(const TextTest& test, const Vector& value) {
    thread_local std::string scratch;
    const bool with_case = test.kind == TextTest::Kind::contains;
    if (!with_case) lower_into(value.joined, scratch);
    const std::string_view haystack = with_case ? value.joined : std::string_view(scratch);
    return whole_vector(Type::flag, rows_with(value, haystack, test.texts[0]),
                        absent_in(value, value.codes.size()));
}

}  // namespace

Evaluator::Memory& Evaluator::memory_of(const Node& node, const Vector& texts) {
    Memory& memory = memories_[node.memory];
    if (memory.texts != texts.texts) {
        memory = Memory{};
        memory.texts = texts.texts;
    }
    // One's own texts may have grown since.
    memory.known.resize(texts.texts->size() + 1);
    return memory;
}

Vector Evaluator::test(const Node& node, const SharedTest& test, const Vector& value, std::size_t rows) {
    if (may_search_joined(*test, value)) return test_joined(*test, value);
    constexpr std::uint8_t fails = 1, passes = 2;
    std::uint8_t* const known = memory_of(node, value).known.data();
    const std::uint32_t* code = value.codes.data();
    std::vector<std::int64_t> out(rows);
    for (std::int64_t& flag : out) {
        std::uint8_t& answer = known[*code];
        if (answer == 0 && *code != 0) answer = test->passes((*value.texts)[*code]) ? passes : fails;
        flag = answer == passes;
        if (!value.is_constant) ++code;
    }
    return whole_vector(Type::flag, std::move(out), absent_in(value, rows));
}

Vector Evaluator::map(const Node& node, const Vector& value, std::size_t rows) {
    Memory& memory = memory_of(node, value);
    if (!memory.made) memory.made = std::make_shared<Texts>();
    memory.codes.resize(memory.known.size());
    std::vector<std::uint32_t> out(rows);
    std::string scratch;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint32_t code = value.code(i);
        if (code == 0) continue;
        if (memory.known[code] == 0) {
            node.map((*value.texts)[code], scratch);
            memory.codes[code] = memory.made->add(scratch);
            memory.known[code] = 1;
        }
        out[i] = memory.codes[code];
    }
    return text_vector(std::move(out), memory.made);
}

Vector Evaluator::count(const Node& node, const Vector& value, std::size_t rows) {
    Memory& memory = memory_of(node, value);
    memory.wholes.resize(memory.known.size());
    std::vector<std::int64_t> out(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint32_t code = value.code(i);
        if (code == 0) continue;
        if (memory.known[code] == 0) memory.wholes[code] = node.count((*value.texts)[code]);
        memory.known[code] = 1;
        out[i] = memory.wholes[code];
    }
    return whole_vector(Type::integer, std::move(out), absent_in(value, rows));
}

Vector Evaluator::read_number(const Node& node, const Vector& value, std::size_t rows) {
    constexpr std::uint8_t is_none = 1, is_number = 2;
    Memory& memory = memory_of(node, value);
    memory.numbers.resize(memory.known.size());
    std::vector<double> out(rows);
    std::vector<std::uint8_t> absent(rows, 1);
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint32_t code = value.code(i);
        if (code == 0) continue;
        if (memory.known[code] == 0) {
            const auto number = number_from((*value.texts)[code]);
            memory.numbers[code] = number.value_or(0);
            memory.known[code] = number ? is_number : is_none;
        }
        out[i] = memory.numbers[code];
        absent[i] = memory.known[code] == is_none;
    }
    return number_vector(std::move(out), std::move(absent));
}

Vector Evaluator::read_whole(const Node& node, const Vector& value, std::size_t rows) {
    constexpr std::uint8_t is_none = 1, is_whole = 2;
    Memory& memory = memory_of(node, value);
    memory.wholes.resize(memory.known.size());
    std::vector<std::int64_t> out(rows);
    std::vector<std::uint8_t> absent(rows, 1);
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint32_t code = value.code(i);
        if (code == 0) continue;
        if (memory.known[code] == 0) {
            const auto whole = integer_from((*value.texts)[code]);
            memory.wholes[code] = whole.value_or(0);
            memory.known[code] = whole ? is_whole : is_none;
        }
        out[i] = memory.wholes[code];
        absent[i] = memory.known[code] == is_none;
    }
    return whole_vector(node.type, std::move(out), std::move(absent));
}

Result<Vector> Evaluator::join_texts(const Node& node, Frame& frame) {
    std::vector<Vector> parts;
    for (const auto& child : node.children) {
        TRY(Vector part, evaluate(child, frame));
        parts.push_back(std::move(part));
    }
    const auto texts = std::make_shared<Texts>();
    std::vector<std::uint32_t> out(frame.rows());
    std::string joined;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (std::ranges::any_of(parts, [i](const Vector& part) { return part.is_absent(i); })) continue;
        joined.clear();
        for (const auto& part : parts)
            joined += part.text(i);
        bytes += joined.size();
        if (bytes > made_texts_bytes_max) return fail(Code::exhausted, "concat() makes too long texts.");
        out[i] = texts->add(joined);
    }
    return text_vector(std::move(out), texts);
}

Result<Vector> Evaluator::anywhere(const Node& node, Frame& frame) {
    std::vector<std::int64_t> out(frame.rows());
    for (const auto& child : node.children) {
        TRY(const Vector value, evaluate(child, frame));
        const Vector found = test(child, node.test, value, frame.rows());
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] |= found.is_absent(i) ? 0 : found.whole(i);
    }
    return whole_vector(Type::flag, std::move(out));
}

}  // namespace jebi::log_analytics::query
