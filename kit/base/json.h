// JSON in and out.
//
// In: RFC 8259 by simdjson (json.cpp and utf8.cpp are the only files that include it). Stricter where
// programs differ: a doubled key, a lone surrogate, a byte order mark, invalid UTF-8, an integer beyond 64
// bits, a number beyond a double and nesting beyond `depth_max` are all refused. Out: a small writer that
// appends to one string.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kit/base/result.h"

namespace jebi::json {

inline constexpr std::size_t depth_max = 64;  // arrays and objects around a value

// A JSON value read from outside.
class Value {
public:
    using Array = std::vector<Value>;
    using Object = std::map<std::string, Value, std::less<>>;
    // An integer is an int64_t where it fits, a uint64_t where only that holds it.
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> data =
        nullptr;

    // The member of that name; null when this is no object or has none.
    const Value* find(std::string_view name) const;
    const std::string* text() const;              // null when it is no string
    std::optional<std::int64_t> integer() const;  // nothing when it has a fraction or an exponent
    std::optional<bool> flag() const;
    const Array* array() const;
    const Object* object() const;
};

// `invalid`, with the reason, when the text is no JSON.
Result<Value> parse(std::string_view text);

// Writes JSON into a string. The caller keeps to the grammar (an assert checks the nesting):
//     Writer out;
//     out.begin_object().key("id").id(1).key("tags").begin_array().end_array().end_object();
class Writer {
public:
    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);
    Writer& string(std::string_view text);  // invalid UTF-8 becomes U+FFFD
    Writer& integer(std::int64_t value);
    Writer& id(std::uint64_t value);  // a string of decimal digits
    Writer& number(double value);     // what JSON cannot say (NaN) becomes null
    Writer& boolean(bool value);
    Writer& null();
    // What was written: one whole value. The writer is empty afterwards.
    std::string take();

private:
    void separate();
    Writer& open(char bracket);
    Writer& close(char opened, char bracket);
    std::string out_;
    std::string open_;  // the brackets that are open, innermost last
    bool first_ = true;
    bool after_key_ = false;
};

// `text` as a JSON string with its quotes, appended to `out`; invalid UTF-8 becomes U+FFFD. Also safe
// inside <script>: '<', U+2028 and U+2029 are escaped.
void append_quoted(std::string& out, std::string_view text);

}  // namespace jebi::json
