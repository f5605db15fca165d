#include "modules/tweets/text/yaml.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

namespace jebi::tweets {

namespace {

struct Line {
    std::size_t number = 0;
    std::size_t indent = 0;
    std::string_view content;  // without the indentation
};

std::string_view stripped(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \r"), text.size()));
    return text.substr(0, text.find_last_not_of(" \r") + 1);
}

std::vector<Line> content_lines(std::string_view text) {
    std::vector<Line> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::string_view content = stripped(line);
        if (content.empty() || content.starts_with('#') || content == "---") continue;
        lines.push_back({number, line.find_first_not_of(' '), content});
    }
    return lines;
}

void append_utf8(std::string& out, char32_t c) {
    const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) return byte(c);
    if (c >= 0x10000) byte(0xF0 | c >> 18U);
    if (c >= 0x10000) byte(0x80 | (c >> 12U & 0x3F));
    if (c >= 0x800 && c < 0x10000) byte(0xE0 | c >> 12U);
    if (c >= 0x800) byte(0x80 | (c >> 6U & 0x3F));
    if (c < 0x800) byte(0xC0 | c >> 6U);
    byte(0x80 | (c & 0x3F));
}

// Reads values from one line.
class Scalars {
public:
    explicit Scalars(std::string_view line) : rest_(line) {}

    Yaml value() {
        Yaml value = rest_.starts_with('[') ? sequence() : Yaml{.scalar = scalar("")};
        rest_ = stripped(rest_);
        if (!rest_.empty()) throw std::runtime_error("what follows the value?");
        return value;
    }

private:
    Yaml sequence() {
        Yaml list;
        do {
            rest_ = stripped(rest_.substr(1));
            if (!rest_.starts_with(']')) list.items.push_back({.scalar = scalar(",]")});
            rest_ = stripped(rest_);
        } while (rest_.starts_with(','));
        if (!rest_.starts_with(']')) throw std::runtime_error("']' is missing");
        rest_.remove_prefix(1);
        return list;
    }

    std::string scalar(std::string_view ends) {
        if (rest_.starts_with('"')) return double_quoted();
        if (rest_.starts_with('\'')) return single_quoted();
        const std::string_view plain = rest_.substr(0, rest_.find_first_of(ends));
        rest_.remove_prefix(plain.size());
        return std::string(stripped(plain));
    }

    std::string single_quoted() {
        std::string out;
        take();
        for (;;) {
            const char c = take();
            if (c == '\'' && !rest_.starts_with('\'')) return out;
            out += c == '\'' ? take() : c;
        }
    }

    std::string double_quoted() {
        std::string out;
        take();
        for (;;) {
            const char c = take();
            if (c == '"') return out;
            if (c == '\\') {
                append_escaped(out);
            } else {
                out += c;
            }
        }
    }

    void append_escaped(std::string& out) {
        const char c = take();
        if (c == 'u') return append_utf8(out, hexadecimal(4));
        if (c == 'U') return append_utf8(out, hexadecimal(8));
        if (c != 'n' && c != '"' && c != '\\') throw std::runtime_error("an unknown escape");
        out += c == 'n' ? '\n' : c;
    }

    char32_t hexadecimal(std::size_t size) {
        const std::string digits(rest_.substr(0, size));
        if (digits.size() < size || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
            throw std::runtime_error("hexadecimal digits are missing");
        rest_.remove_prefix(size);
        return static_cast<char32_t>(std::stoul(digits, nullptr, 16));
    }

    char take() {
        if (rest_.empty()) throw std::runtime_error("a quote is missing");
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
};

bool is_item(std::string_view content) {
    return content.starts_with("- ");
}

// The size of the name before "name: value" or "name:"; npos when the line is none of them.
std::size_t name_size(std::string_view content) {
    if (content.starts_with('"') || content.starts_with('\'')) return content.npos;
    if (const std::size_t colon = content.find(": "); colon != content.npos) return colon;
    return content.ends_with(':') ? content.size() - 1 : content.npos;
}

// Reads blocks of lines by their indentation.
class Blocks {
public:
    explicit Blocks(std::vector<Line> lines) : lines_(std::move(lines)) {}

    Yaml document() try {
        Yaml value = block();
        if (!at_end()) throw std::runtime_error("the indentation fits nothing");
        return value;
    } catch (const std::runtime_error& error) {
        const std::size_t number = lines_.empty() ? 0 : lines_[std::min(next_, lines_.size() - 1)].number;
        throw std::runtime_error("line " + std::to_string(number) + ": " + error.what());
    }

private:
    bool at_end() const { return next_ == lines_.size(); }
    Line& line() { return lines_[next_]; }

    Yaml block() {
        if (at_end()) return {};
        if (is_item(line().content)) return sequence(line().indent);
        if (name_size(line().content) != std::string_view::npos) return mapping(line().indent);
        return Scalars(lines_[next_++].content).value();
    }

    Yaml sequence(std::size_t indent) {
        Yaml list;
        while (!at_end() && line().indent == indent && is_item(line().content)) {
            line().indent += 2;
            line().content = stripped(line().content.substr(2));
            list.items.push_back(block());
        }
        return list;
    }

    Yaml mapping(std::size_t indent) {
        Yaml map;
        while (!at_end() && line().indent == indent && !is_item(line().content)) {
            const std::string_view content = line().content;
            const std::size_t size = name_size(content);
            if (size == content.npos) throw std::runtime_error("a name is missing");
            const std::string_view value = stripped(content.substr(size + 1));
            ++next_;
            map.names.emplace_back(content.substr(0, size));
            map.items.push_back(value.empty() ? below(indent) : Scalars(value).value());
        }
        return map;
    }

    // What belongs to a name that has nothing behind it on its line.
    Yaml below(std::size_t indent) {
        const bool is_here =
            !at_end() && (line().indent > indent || (line().indent == indent && is_item(line().content)));
        return is_here ? block() : Yaml{};
    }

    std::vector<Line> lines_;
    std::size_t next_ = 0;
};

}  // namespace

const Yaml& Yaml::operator[](std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) throw std::out_of_range("no " + std::string(name));
    return items[static_cast<std::size_t>(found - names.begin())];
}

Yaml read_yaml(std::string_view text) {
    return Blocks(content_lines(text)).document();
}

TEST_CASE("the suite's kind of YAML is read") {
    const Yaml yaml = read_yaml(R"(---
# A comment.
tests:
  quotes:
    - description: "double: \"\u2764\U0001F431\n\\"
      text: 'it''s \n'
      expected: ["a, b", 'c', 7]

    - description: plain: text
      expected:
  blocks:
  - text: https://example.com
    expected:
    - https://a.com
    - url: "b"
      indices: [1, 22]
)");
    const Yaml& quotes = yaml["tests"]["quotes"];
    REQUIRE(quotes.items.size() == 2);
    CHECK(quotes.items[0]["description"].scalar == "double: \"❤🐱\n\\");
    CHECK(quotes.items[0]["text"].scalar == "it's \\n");
    REQUIRE(quotes.items[0]["expected"].items.size() == 3);
    CHECK(quotes.items[0]["expected"].items[0].scalar == "a, b");
    CHECK(quotes.items[0]["expected"].items[1].scalar == "c");
    CHECK(quotes.items[0]["expected"].items[2].scalar == "7");
    CHECK(quotes.items[1]["description"].scalar == "plain: text");
    CHECK(quotes.items[1]["expected"].items.empty());

    const Yaml& expected = yaml["tests"]["blocks"].items.at(0)["expected"];
    REQUIRE(expected.items.size() == 2);
    CHECK(expected.items[0].scalar == "https://a.com");
    CHECK(expected.items[1]["url"].scalar == "b");
    CHECK(expected.items[1]["indices"].items.at(1).scalar == "22");
}

TEST_CASE("what the suite's kind of YAML has not is refused with the line's number") {
    for (const char* text :
         {"a: 1\nb: \"open", "a: 1\nb: [1", "a: 1\nb: \"\\q\"", "a: 1\nb: 'x' y", "a: 1\nplain"}) {
        CAPTURE(text);
        CHECK_THROWS_WITH(read_yaml(text), doctest::Contains("line 2"));
    }
}

}  // namespace jebi::tweets
