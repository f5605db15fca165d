#include "modules/log_analytics/query/text_tests.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "modules/log_analytics/query/ascii.h"

namespace jebi::log_analytics::query {

namespace {

bool contains(std::string_view text, std::string_view piece) {
    if (text.size() < piece.size() || piece.empty()) return piece.empty();  // no text may be a null pointer
    return ::memmem(text.data(), text.size(), piece.data(), piece.size()) != nullptr;
}

SharedTest made(TextTest::Kind kind, std::vector<std::string> texts, std::string piece,
                std::function<bool(std::string_view)> passes) {
    return std::make_shared<const TextTest>(kind, std::move(texts), std::move(piece), std::move(passes));
}

// A LIKE pattern in pieces: "a%b_c" is "a", any, "b", one, "c".
struct Step {
    enum class Kind : std::uint8_t { byte, one, any };
    Kind kind;
    char byte = 0;
};

std::vector<Step> steps_of(std::string_view pattern) {
    std::vector<Step> steps;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) {
            // Before an ordinary character it is a backslash.
            if (!std::string_view("%_\\").contains(pattern[i + 1])) steps.push_back({Step::Kind::byte, '\\'});
            steps.push_back({Step::Kind::byte, pattern[++i]});
        } else if (pattern[i] == '%') {
            if (steps.empty() || steps.back().kind != Step::Kind::any) steps.push_back({Step::Kind::any});
        } else {
            steps.push_back({pattern[i] == '_' ? Step::Kind::one : Step::Kind::byte, pattern[i]});
        }
    }
    return steps;
}

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

// Where the text goes on behind `step`; nothing when it does not match.
std::optional<std::size_t> behind(const Step& step, std::string_view text, std::size_t at) {
    if (at == text.size()) return std::nullopt;
    if (step.kind == Step::Kind::byte) return text[at] == step.byte ? std::optional(at + 1) : std::nullopt;
    ++at;
    while (at < text.size() && continues_character(text[at]))
        ++at;
    return at;
}

// Goes back to the last % only: what an earlier one matched is as short as can be, which is as good as any.
bool is_like(const std::vector<Step>& steps, std::string_view text) {
    std::size_t at = 0, step = 0, retry_step = 0, retry_at = 0;
    bool may_retry = false;
    while (at < text.size() || step < steps.size()) {
        if (step < steps.size() && steps[step].kind == Step::Kind::any) {
            retry_step = ++step;
            retry_at = at;
            may_retry = true;
            continue;
        }
        const auto next = step < steps.size() ? behind(steps[step], text, at) : std::nullopt;
        if (next) {
            at = *next;
            ++step;
        } else if (may_retry && retry_at < text.size()) {
            at = ++retry_at;
            step = retry_step;
        } else {
            return false;
        }
    }
    return true;
}

std::string longest_piece(const std::vector<Step>& steps) {
    std::string longest, piece;
    for (const auto& step : steps) {
        if (step.kind == Step::Kind::byte) {
            piece += step.byte;
        } else {
            piece.clear();
        }
        if (piece.size() > longest.size()) longest = piece;
    }
    return longest;
}

// %piece%: by far the most used pattern, and quicker to look for than to match.
bool is_surrounded(const std::vector<Step>& steps, const std::string& piece) {
    return steps.size() == piece.size() + 2 && !piece.empty() && steps.front().kind == Step::Kind::any &&
           steps.back().kind == Step::Kind::any;
}

}  // namespace

SharedTest equals_test(std::string text) {
    auto passes = [text](std::string_view other) { return other == text; };
    auto piece = text;
    return made(TextTest::Kind::equals, {std::move(text)}, std::move(piece), std::move(passes));
}

SharedTest one_of_test(std::vector<std::string> texts) {
    const auto set = std::make_shared<const std::unordered_set<std::string>>(texts.begin(), texts.end());
    return made(TextTest::Kind::one_of, std::move(texts), {},
                [set](std::string_view text) { return set->contains(std::string(text)); });
}

SharedTest contains_test(std::string piece) {
    auto passes = [piece](std::string_view text) { return contains(text, piece); };
    return made(TextTest::Kind::contains, {piece}, piece, std::move(passes));
}

SharedTest contains_without_case_test(std::string_view piece) {
    std::string low = lowered(piece);
    auto passes = [low](std::string_view text) {
        thread_local std::string scratch;
        lower_into(text, scratch);
        return contains(scratch, low);
    };
    return made(TextTest::Kind::contains_without_case, {low}, {}, std::move(passes));
}

SharedTest like_test(std::string_view pattern) {
    auto steps = steps_of(pattern);
    auto piece = longest_piece(steps);
    if (is_surrounded(steps, piece)) return contains_test(std::move(piece));
    return made(TextTest::Kind::other, {}, std::move(piece),
                [steps = std::move(steps)](std::string_view text) { return is_like(steps, text); });
}

SharedTest ilike_test(std::string_view pattern) {
    auto steps = steps_of(lowered(pattern));
    const auto piece = longest_piece(steps);
    if (is_surrounded(steps, piece)) return contains_without_case_test(piece);
    return made(TextTest::Kind::other, {}, {}, [steps = std::move(steps)](std::string_view text) {
        thread_local std::string scratch;
        lower_into(text, scratch);
        return is_like(steps, scratch);
    });
}

SharedTest starts_with_test(std::string prefix) {
    auto passes = [prefix](std::string_view text) { return text.starts_with(prefix); };
    return made(TextTest::Kind::other, {}, std::move(prefix), std::move(passes));
}

SharedTest ends_with_test(std::string suffix) {
    auto passes = [suffix](std::string_view text) { return text.ends_with(suffix); };
    return made(TextTest::Kind::other, {}, std::move(suffix), std::move(passes));
}

}  // namespace jebi::log_analytics::query
