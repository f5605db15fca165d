#include "modules/web/templates/html_place.h"

#include <algorithm>
#include <array>

namespace jebi::web {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// The attributes that the standard's index lists as holding a URL.
bool holds_address(std::string_view attribute) {
    constexpr std::array<std::string_view, 8> all{"href", "src",    "action", "formaction",
                                                  "cite", "poster", "data",   "xlink:href"};
    return std::ranges::find(all, attribute) != all.end();
}

// Scripts and styles of their own language, and lists of addresses.
bool is_no_text(std::string_view attribute) {
    return attribute.starts_with("on") || attribute == "style" || attribute == "srcset" ||
           attribute == "srcdoc" || attribute == "ping";
}

// Those that a browser ends where one would not think so, and <![CDATA[.
bool is_odd_comment(std::string_view declaration) {
    return declaration == "!-->" || declaration == "!--->" || declaration.starts_with("![") ||
           (declaration.starts_with("!--") && declaration.ends_with("--!>"));
}

}  // namespace

void HtmlReader::read(std::string_view html) {
    for (const char c : html)
        read(c);
}

void HtmlReader::read(char c) {
    switch (state_) {
        case State::text:
        case State::code:
            if (c == '<') state_ = State::opening;
            return;
        case State::opening:
            return read_opening(c);
        case State::tag_name:
            return read_tag_name(c);
        case State::tag:
        case State::cut:
        case State::attribute_name:
            return read_in_tag(c);
        case State::equals:
            return read_behind_equals(c);
        case State::value:
            value_begins_ = false;
            if (c == quote_) state_ = State::tag;
            return;
        case State::bare_value:
            if (is_blank(c) || c == '>') read_in_tag(c);
            return;
        case State::declaration:
            return read_declaration(c);
        case State::lost:
            return;
    }
}

// A "<!--" in a script may move its end, and "<?" makes a comment.
void HtmlReader::read_opening(char c) {
    const bool in_code = !code_.empty();
    name_.assign(1, lower(c));
    if (c == '/' || (is_letter(c) && !in_code)) {
        state_ = State::tag_name;
    } else if (c == '!') {
        state_ = in_code ? State::lost : State::declaration;
    } else if (c == '?' && !in_code) {
        state_ = State::lost;
    } else {
        state_ = in_code ? State::code : State::text;
    }
}

void HtmlReader::read_tag_name(char c) {
    if (name_ == "/" && !is_letter(c)) {
        state_ = code_.empty() ? State::lost : State::code;
    } else if (is_blank(c) || c == '/' || c == '>') {
        read_in_tag(c);
    } else {
        name_ += lower(c);
    }
}

// A '=' anywhere but right behind a name would begin a name of its own.
void HtmlReader::read_in_tag(char c) {
    if (c == '>') return end_tag();
    if (is_blank(c) || c == '/') {
        state_ = State::tag;
    } else if (c == '=' && state_ == State::attribute_name) {
        state_ = State::equals;
    } else if (c == '=' || state_ == State::cut) {
        state_ = State::lost;
    } else {
        if (state_ != State::attribute_name) attribute_.clear();
        state_ = State::attribute_name;
        attribute_ += lower(c);
    }
}

void HtmlReader::read_behind_equals(char c) {
    if (c == '>') return end_tag();
    if (is_blank(c)) return;
    const bool quoted = c == '"' || c == '\'';
    state_ = quoted ? State::value : State::bare_value;
    value_begins_ = quoted;
    quote_ = c;
}

void HtmlReader::read_declaration(char c) {
    name_ += c;
    if (c != '>') return;
    const bool is_comment = name_.starts_with("!--");
    if (is_odd_comment(name_)) {
        state_ = State::lost;
    } else if (!is_comment || name_.ends_with("-->")) {
        state_ = State::text;
    }
}

void HtmlReader::end_tag() {
    if (name_ == "script" || name_ == "style") code_ = name_;
    if (name_ == "/" + code_) code_.clear();
    state_ = code_.empty() ? State::text : State::code;
}

void HtmlReader::cut_name() {
    const bool in_tag_name = state_ == State::tag_name && name_ != "/";
    if (in_tag_name || state_ == State::attribute_name) state_ = State::cut;
}

bool HtmlReader::joins(const HtmlReader& other) {
    const Place here = place(), there = other.place();
    value_begins_ = value_begins_ || other.value_begins_;
    if (state_ == State::value && other.state_ == State::value) {
        return attribute_ == other.attribute_ && quote_ == other.quote_;
    }
    return here == there && here != Place::closed && (here != Place::tag || name_ == other.name_);
}

Place HtmlReader::place() const {
    if (!code_.empty()) return Place::closed;
    switch (state_) {
        case State::text:
            return Place::text;
        case State::tag:
        case State::cut:
            return Place::tag;
        case State::value:
            if (quote_ != '"' || is_no_text(attribute_)) return Place::closed;
            return value_begins_ && holds_address(attribute_) ? Place::address_start : Place::attribute;
        default:
            return Place::closed;
    }
}

}  // namespace jebi::web
