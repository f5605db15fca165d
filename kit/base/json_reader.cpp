#include "kit/base/json_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cstring>

namespace jebi::json {

namespace {

constexpr std::size_t capacity_min = 1024;

bool is_white(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Error refused(std::string_view why, std::size_t at, bool ends_early = false) {
    return error(Code::invalid,
                 "This is no valid JSON: " + std::string(why) + " (byte " + std::to_string(at) + ").")
        .because(ends_early ? "incomplete_json" : "invalid_json");
}

std::string_view reason(simdjson::error_code code) {
    switch (code) {
        case simdjson::UTF8_ERROR:
            return "it is not UTF-8";
        case simdjson::UNCLOSED_STRING:
            return "a string is not closed";
        case simdjson::UNESCAPED_CHARS:
            return "a string holds a control character";
        case simdjson::CAPACITY:
        case simdjson::MEMALLOC:
            return "it is too large";
        default:
            return "it cannot be read";
    }
}

// Four hex digits at `at` of what stands between quotes; -1 when they are not there.
int hex_unit(std::string_view inside, std::size_t at) {
    unsigned unit = 0;
    if (inside.size() < at + 4) return -1;
    const char* const first = inside.data() + at;
    const auto [end, status] = std::from_chars(first, first + 4, unit, 16);
    return status == std::errc{} && end == first + 4 ? static_cast<int>(unit) : -1;
}

void append_utf8(std::string& out, unsigned point) {
    const auto put = [&out](unsigned byte) { out += static_cast<char>(byte); };
    if (point < 0x80) return put(point);
    if (point < 0x800) {
        put(0xC0 | (point >> 6));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
    }
    put(0x80 | (point & 0x3F));
}

// Appends what the escape "\uXXXX" at `at` (its 'u'), or a pair of them, stands for. How many characters of
// `inside` that took; 0: it stands for nothing.
std::size_t take_unicode_escape(std::string_view inside, std::size_t at, std::string& out) {
    const int unit = hex_unit(inside, at + 1);
    if (unit < 0) return 0;
    const auto high = static_cast<unsigned>(unit);
    if (high < 0xD800 || high > 0xDFFF) {
        append_utf8(out, high);
        return 5;
    }
    if (high > 0xDBFF || inside.substr(at + 5, 2) != "\\u") return 0;
    const int low = hex_unit(inside, at + 7);
    if (low < 0xDC00 || low > 0xDFFF) return 0;
    append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (static_cast<unsigned>(low) - 0xDC00));
    return 11;
}

// Undoes the escapes of what stands between quotes; false when one is broken.
bool unescape(std::string_view inside, std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    out.clear();
    while (true) {
        const std::size_t slash = inside.find('\\');
        out += inside.substr(0, slash);
        if (slash == inside.npos) return true;
        if (slash + 1 == inside.size()) return false;
        std::size_t taken = 1;
        if (const auto known = letters.find(inside[slash + 1]); known != letters.npos) {
            out += meanings[known];
        } else {
            taken = inside[slash + 1] == 'u' ? take_unicode_escape(inside, slash + 1, out) : 0;
        }
        if (taken == 0) return false;
        inside.remove_prefix(slash + 1 + taken);
    }
}

std::size_t digits_from(std::string_view token, std::size_t at) {
    std::size_t end = at;
    while (end < token.size() && is_digit(token[end]))
        ++end;
    return end - at;
}

// Is this number, which std::from_chars found out of range, nearer to 0 than a double can say? The position
// of its first digit that is not 0 tells.
bool is_tiny(std::string_view token) {
    const auto mark = std::min(token.find_first_of("eE"), token.size());
    std::int64_t exponent = 0;
    if (mark < token.size()) {
        const char* first = token.data() + mark + 1;
        if (*first == '+') ++first;
        const auto status = std::from_chars(first, token.data() + token.size(), exponent).ec;
        if (status != std::errc{}) return *first == '-';
    }
    const auto digits = token.substr(0, mark);
    const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
    const auto leading =
        static_cast<std::int64_t>(std::min(digits.find_first_of("123456789"), digits.size()));
    return exponent + point - leading < 0;
}

// Takes what is in an array that nobody wants to be told about piece by piece.
class Nobody final : public Visitor {
public:
    void begin_object() override {}
    void key(std::string_view) override {}
    void end_object() override {}
    bool begin_array() override { return true; }
    void end_array() override {}
    void array_text(std::string_view) override {}
    void text(std::string_view) override {}
    void integer(std::int64_t) override {}
    void long_integer(std::string_view) override {}
    void number(double) override {}
    void flag(bool) override {}
    void null() override {}
};

}  // namespace

// Goes through the structural characters that simdjson found: brackets, commas, colons, and the first
// character of every string, number and word.
class Reader::Walk {
public:
    Result<void> open(std::string_view text) {
        at_ = end_ = nullptr;
        text_ = text;
        bytes_ = text.data();
        begin_position_ = 0;
        end_position_ = text.size();
        if (text.empty()) return {};
        if (const auto code = index(); code != simdjson::SUCCESS) {
            if (code == simdjson::EMPTY) return {};  // white space only
            return fail(refused(reason(code), 0));
        }
        has_escapes_ = text.contains('\\');
        at_ = stage_->structural_indexes.get();
        end_ = at_ + stage_->n_structural_indexes;
        stage_->structural_indexes[stage_->n_structural_indexes] = static_cast<std::uint32_t>(text.size());
        return {};
    }

    // A line break inside of a string is a control character, which the index refuses: so every line of a
    // text that has an index is in itself what it is in the text.
    Result<void> open_lines(std::string_view text) {
        TRY_VOID(open(text));
        lines_end_ = end_;
        end_ = at_;
        next_line_position_ = 0;
        return {};
    }

    bool next_line() {
        at_ = end_;
        if (next_line_position_ >= text_.size()) return false;
        begin_position_ = next_line_position_;
        end_position_ = std::min(text_.find('\n', begin_position_), text_.size());
        next_line_position_ = end_position_ + 1;
        end_ = line_end();
        line_tokens_ = end_ - at_;
        return true;
    }

    bool at_end() const { return at_ == end_; }
    std::size_t position() const { return (at_end() ? end_position_ : *at_) - begin_position_; }

    Result<void> next(Visitor& visitor) {
        visitor_ = &visitor;
        depth_ = 0;
        whole_array_ = nullptr;
        State state = State::value;
        while (state < State::done)
            state = step(state);
        if (state == State::done) return {};
        const auto where = position();
        at_ = end_;
        return fail(refused(why_, where, ends_early_));
    }

    void shrink(std::size_t capacity_max) {
        if (capacity_ > capacity_max) {
            stage_.reset();
            capacity_ = 0;
        }
        for (std::string* buffer : {&key_, &value_, &compact_}) {
            if (buffer->capacity() > capacity_max) *buffer = {};
        }
    }

private:
    enum class State : std::uint8_t { value, first_key, behind_value, done, failed };

    simdjson::error_code index() {
        if (text_.size() > text_bytes_max) return simdjson::CAPACITY;
        if (!stage_) {
            const auto code = simdjson::get_active_implementation()->create_dom_parser_implementation(
                capacity_min, depth_max, stage_);
            if (code != simdjson::SUCCESS) return code;
            capacity_ = capacity_min;
        }
        if (text_.size() > capacity_) {
            capacity_ = 0;
            const std::size_t wanted = std::bit_ceil(text_.size());
            if (const auto code = stage_->allocate(wanted, depth_max); code != simdjson::SUCCESS) return code;
            capacity_ = wanted;
        }
        return stage_->stage1(reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size(),
                              simdjson::stage1_mode::regular);
    }

    State failed(std::string_view why) {
        why_ = why;
        ends_early_ = false;
        return State::failed;
    }
    State ended_early() {
        why_ = "it ends too early";
        ends_early_ = true;
        return State::failed;
    }

    State step(State state) {
        if (state == State::behind_value && depth_ == 0) return State::done;
        if (at_end()) return ended_early();
        switch (state) {
            case State::value:
                return take_value();
            case State::first_key:
                return bytes_[*at_] == '}' ? close() : take_key();
            default:
                return go_on_behind_value();
        }
    }

    // The first structural character behind the line. Most lines have as many as the line before.
    const std::uint32_t* line_end() const {
        const auto is_before = [this](std::uint32_t position) { return position < end_position_; };
        const std::uint32_t* const likely = at_ + std::min(line_tokens_, lines_end_ - at_);
        if ((likely == at_ || is_before(likely[-1])) && (likely == lines_end_ || !is_before(*likely)))
            return likely;
        return std::partition_point(at_, lines_end_, is_before);
    }

    // What stands at the structural character `at`, up to the next one.
    std::string_view token_at(const std::uint32_t* at) const {
        const char* const begin = bytes_ + *at;
        const char* end = bytes_ + at[1];
        while (end > begin + 1 && is_white(end[-1]))
            --end;
        return {begin, static_cast<std::size_t>(end - begin)};
    }

    State take_value() {
        switch (bytes_[*at_]) {
            case '{':
                return open_bracket(true);
            case '[':
                return open_bracket(false);
            case '"':
                return take_text();
            case 't':
            case 'f':
            case 'n':
                return take_word();
            default:
                return take_number();
        }
    }

    bool is_in_object() const { return ((objects_ >> (depth_ - 1)) & 1U) != 0; }

    State open_bracket(bool object) {
        if (depth_ == depth_max) return failed("it is nested too deeply");
        const std::uint64_t bit = std::uint64_t{1} << depth_++;
        objects_ = object ? objects_ | bit : objects_ & ~bit;
        if (object) {
            visitor_->begin_object();
        } else if (!visitor_->begin_array()) {
            whole_array_ = at_;
            whole_array_depth_ = depth_;
            told_ = std::exchange(visitor_, &nobody_);
        }
        ++at_;
        if (object) return State::first_key;
        return at_end() || bytes_[*at_] != ']' ? State::value : close();
    }

    State close() {
        const bool object = is_in_object();
        ++at_;
        if (whole_array_ != nullptr && depth_ == whole_array_depth_) {
            end_whole_array();
        } else if (object) {
            visitor_->end_object();
        } else {
            visitor_->end_array();
        }
        --depth_;
        return State::behind_value;
    }

    void end_whole_array() {
        visitor_ = told_;
        compact_.clear();
        for (const auto* token = whole_array_; token != at_; ++token)
            compact_ += token_at(token);
        whole_array_ = nullptr;
        visitor_->array_text(compact_);
    }

    State go_on_behind_value() {
        const char c = bytes_[*at_];
        if (c == (is_in_object() ? '}' : ']')) return close();
        if (c != ',') return failed("a comma or a closing bracket is missing");
        ++at_;
        if (!is_in_object()) return State::value;
        return at_end() ? ended_early() : take_key();
    }

    State take_key() {
        if (bytes_[*at_] != '"') return failed("a key in quotes is missing");
        std::string_view name;
        if (!take_string(key_, name)) return failed(broken_string);
        if (at_end()) return ended_early();
        if (bytes_[*at_] != ':') return failed("a colon is missing");
        ++at_;
        visitor_->key(name);
        return at_end() ? ended_early() : take_value();
    }

    State take_text() {
        std::string_view text;
        if (!take_string(value_, text)) return failed(broken_string);
        visitor_->text(text);
        return State::behind_value;
    }

    bool take_string(std::string& unescaped, std::string_view& out) {
        const std::string_view token = token_at(at_);
        if (token.size() < 2 || token.back() != '"') return false;
        out = {token.data() + 1, token.size() - 2};
        if (has_escapes_ && out.contains('\\')) {
            if (!unescape(out, unescaped)) return false;
            out = unescaped;
        }
        ++at_;
        return true;
    }

    State take_word() {
        const std::string_view token = token_at(at_);
        if (token == "true" || token == "false") {
            visitor_->flag(token.size() == 4);
        } else if (token == "null") {
            visitor_->null();
        } else {
            return failed("a word is not true, false or null");
        }
        ++at_;
        return State::behind_value;
    }

    State take_number() {
        const std::string_view token = token_at(at_);
        const std::size_t sign = token.front() == '-' ? 1 : 0;
        if (sign == 0 && !is_digit(token.front())) return failed("a value is missing or is none");
        const std::size_t digits = digits_from(token, sign);
        if (digits == 0 || (digits > 1 && token[sign] == '0')) return failed(malformed_number);
        if (sign + digits != token.size()) return take_fraction(token, sign + digits);
        ++at_;
        if (digits <= 18) {
            visitor_->integer(small_integer(token, sign != 0));
        } else if (std::int64_t value = 0;
                   std::from_chars(token.data(), token.data() + token.size(), value).ec == std::errc{}) {
            visitor_->integer(value);
        } else {
            visitor_->long_integer(token);
        }
        return State::behind_value;
    }

    // At most 18 digits, so it cannot overflow.
    static std::int64_t small_integer(std::string_view token, bool negative) {
        std::int64_t value = 0;
        for (const char c : token.substr(negative ? 1 : 0))
            value = value * 10 + (c - '0');
        return negative ? -value : value;
    }

    // `at` is where the number's integer part ends.
    State take_fraction(std::string_view token, std::size_t at) {
        if (token[at] == '.') {
            const std::size_t digits = digits_from(token, at + 1);
            if (digits == 0) return failed(malformed_number);
            at += 1 + digits;
        }
        if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
            const bool has_sign = at + 1 < token.size() && (token[at + 1] == '+' || token[at + 1] == '-');
            at += has_sign ? 2U : 1U;
            const std::size_t digits = digits_from(token, at);
            if (digits == 0) return failed(malformed_number);
            at += digits;
        }
        if (at != token.size()) return failed(malformed_number);
        double value = 0;
        const auto status = std::from_chars(token.data(), token.data() + token.size(), value).ec;
        if (status != std::errc{} && !is_tiny(token)) return failed("a number is out of range");
        visitor_->number(status == std::errc{} ? value : 0.0);
        ++at_;
        return State::behind_value;
    }

    static constexpr std::string_view broken_string = "a string has a broken escape";
    static constexpr std::string_view malformed_number = "a number is malformed";

    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
    std::size_t capacity_ = 0;  // of stage_
    std::string_view text_;
    const char* bytes_ = nullptr;  // of text_; the index is trusted, every character passes here
    const std::uint32_t* at_ = nullptr;
    const std::uint32_t* end_ = nullptr;                 // of the line, when there are lines
    const std::uint32_t* lines_end_ = nullptr;           // of the text that has lines
    std::size_t begin_position_ = 0, end_position_ = 0;  // of the line, or the text
    std::size_t next_line_position_ = 0;
    std::ptrdiff_t line_tokens_ = 0;
    bool has_escapes_ = false;

    Visitor* visitor_ = nullptr;
    std::uint64_t objects_ = 0;  // a bit for each bracket that is open, outermost lowest: is it a '{'?
    std::size_t depth_ = 0;

    Nobody nobody_;
    Visitor* told_ = nullptr;  // while nobody_ is the visitor
    const std::uint32_t* whole_array_ = nullptr;
    std::size_t whole_array_depth_ = 0;

    std::string key_, value_, compact_;
    std::string_view why_;
    bool ends_early_ = false;
};

Reader::Reader() : walk_(std::make_unique<Walk>()) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Result<void> Reader::read(std::string_view text, Visitor& visitor) {
    TRY_VOID(walk_->open(text));
    TRY_VOID(walk_->next(visitor));
    if (!walk_->at_end()) return fail(refused("something follows the value", walk_->position()));
    return {};
}

Result<void> Reader::open(std::string_view text) {
    return walk_->open(text);
}
Result<void> Reader::open_lines(std::string_view text) {
    return walk_->open_lines(text);
}
bool Reader::next_line() {
    return walk_->next_line();
}
bool Reader::at_end() const {
    return walk_->at_end();
}
Result<void> Reader::next(Visitor& visitor) {
    return walk_->next(visitor);
}
std::size_t Reader::position() const {
    return walk_->position();
}
void Reader::shrink(std::size_t kept_bytes_max) {
    walk_->shrink(kept_bytes_max);
}

}  // namespace jebi::json
