// Functions that take texts.
#include "modules/log_analytics/query/functions_made.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "modules/log_analytics/query/ascii.h"

namespace jebi::log_analytics::query {

namespace {

// Other types become texts first.
Result<Node> of_text(Operation operation, Type type, Nodes arguments) {
    if (arguments[0].is_null()) return Node{};
    Nodes one;
    one.push_back(converted(std::move(arguments[0]), Type::text));
    return node_of(operation, type, std::move(one));
}

template <char change(char)>
Result<Node> change_case(Binding&, const Expression&, Nodes arguments) {
    TRY(Node made, of_text(Operation::text_map, Type::text, std::move(arguments)));
    made.map = [](std::string_view text, std::string& out) {
        out.resize(text.size());
        std::ranges::transform(text, out.begin(), change);
    };
    return made;
}

Result<Node> length(Binding&, const Expression&, Nodes arguments) {
    TRY(Node made, of_text(Operation::text_count, Type::integer, std::move(arguments)));
    made.count = [](std::string_view text) { return static_cast<std::int64_t>(text.size()); };
    return made;
}

Result<Node> substring(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(const std::int64_t begin, constant_integer(binding, call, arguments, 1));
    std::int64_t size = std::numeric_limits<std::int64_t>::max();
    if (arguments.size() == 3) {
        TRY(size, constant_integer(binding, call, arguments, 2));
    }
    if (size < 0) return binding.wrong(argument_of(call, 2), "types", "a length cannot be negative.");
    TRY(Node made, of_text(Operation::text_map, Type::text, std::move(arguments)));
    made.map = [begin, size](std::string_view text, std::string& out) {
        const auto all = static_cast<std::int64_t>(text.size());
        const std::int64_t from =
            begin < 0 ? std::max<std::int64_t>(all + std::max(begin, -all), 0) : begin - 1;
        if (begin == 0 || from >= all) return out.clear();
        out = text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(size));
    };
    return made;
}

Result<Node> position(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(const auto piece, constant_text(binding, call, arguments, 1));
    const auto test = contains_test(std::string(piece));
    TRY(Node made, of_text(Operation::text_count, Type::integer, std::move(arguments)));
    made.test = test;
    made.count = [piece = std::string(piece)](std::string_view text) -> std::int64_t {
        if (text.size() < piece.size() || piece.empty()) return piece.empty() ? 1 : 0;
        const auto* found = ::memmem(text.data(), text.size(), piece.data(), piece.size());
        return found == nullptr ? 0 : static_cast<const char*>(found) - text.data() + 1;
    };
    return made;
}

using MakeTest = SharedTest (*)(std::string_view);

template <MakeTest make>
Result<Node> test(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(const auto pattern, constant_text(binding, call, arguments, 1));
    if (pattern.size() > pattern_bytes_max)
        return binding.wrong(argument_of(call, 1), "too_large",
                             "a pattern has at most " + std::to_string(pattern_bytes_max) + " bytes.");
    auto test = make(pattern);
    TRY(Node made, of_text(Operation::text_test, Type::flag, std::move(arguments)));
    made.test = std::move(test);
    return made;
}

SharedTest prefix_test(std::string_view text) {
    return starts_with_test(std::string(text));
}
SharedTest suffix_test(std::string_view text) {
    return ends_with_test(std::string(text));
}

Result<Node> match(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(const auto pattern, constant_text(binding, call, arguments, 1));
    auto test = match_test(std::string(pattern));
    if (!test)
        return binding.wrong(argument_of(call, 1), "pattern",
                             "this regular expression cannot be used: " + test.error().message + ".");
    TRY(Node made, of_text(Operation::text_test, Type::flag, std::move(arguments)));
    made.test = std::move(*test);
    return made;
}

// The pseudo function behind a bare word in the search box.
Result<Node> anywhere(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(const auto word, constant_text(binding, call, arguments, 0));
    Node made = node_of(Operation::anywhere, Type::flag, binding.text_inputs());
    made.test = contains_without_case_test(word);
    if (made.children.empty()) return whole_constant(Type::flag, 0);
    return made;
}

Result<Node> concat(Binding&, const Expression&, Nodes arguments) {
    for (auto& argument : arguments) {
        if (argument.is_null()) return Node{};
        argument = converted(std::move(argument), Type::text);
    }
    return node_of(Operation::join_texts, Type::text, std::move(arguments));
}

}  // namespace

Result<Node> make_lower(Binding& binding, const Expression& call, Nodes arguments) {
    return change_case<ascii_lower>(binding, call, std::move(arguments));
}
Result<Node> make_upper(Binding& binding, const Expression& call, Nodes arguments) {
    return change_case<ascii_upper>(binding, call, std::move(arguments));
}
Result<Node> make_length(Binding& binding, const Expression& call, Nodes arguments) {
    return length(binding, call, std::move(arguments));
}
Result<Node> make_substring(Binding& binding, const Expression& call, Nodes arguments) {
    return substring(binding, call, std::move(arguments));
}
Result<Node> make_position(Binding& binding, const Expression& call, Nodes arguments) {
    return position(binding, call, std::move(arguments));
}
Result<Node> make_like(Binding& binding, const Expression& call, Nodes arguments) {
    return test<like_test>(binding, call, std::move(arguments));
}
Result<Node> make_ilike(Binding& binding, const Expression& call, Nodes arguments) {
    return test<ilike_test>(binding, call, std::move(arguments));
}
Result<Node> make_starts_with(Binding& binding, const Expression& call, Nodes arguments) {
    return test<prefix_test>(binding, call, std::move(arguments));
}
Result<Node> make_ends_with(Binding& binding, const Expression& call, Nodes arguments) {
    return test<suffix_test>(binding, call, std::move(arguments));
}
Result<Node> make_match(Binding& binding, const Expression& call, Nodes arguments) {
    return match(binding, call, std::move(arguments));
}
Result<Node> make_anywhere(Binding& binding, const Expression& call, Nodes arguments) {
    return anywhere(binding, call, std::move(arguments));
}
Result<Node> make_concat(Binding& binding, const Expression& call, Nodes arguments) {
    return concat(binding, call, std::move(arguments));
}

}  // namespace jebi::log_analytics::query
