#include "kit/base/json.h"

#include <simdjson.h>

#include <utility>

namespace jebi::json {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

std::unexpected<Error> refused(std::string why) {
    return fail(error(Code::invalid, "This is no valid JSON: " + std::move(why)).because("invalid_json"));
}

std::string_view reason(simdjson::error_code code) {
    switch (code) {
        case simdjson::EMPTY:
            return "it is empty";
        case simdjson::UTF8_ERROR:
            return "it is not UTF-8";
        case simdjson::STRING_ERROR:
            return "a string has a broken escape";
        case simdjson::UNCLOSED_STRING:
            return "a string is not closed";
        case simdjson::UNESCAPED_CHARS:
            return "a string holds a control character";
        case simdjson::NUMBER_ERROR:
            return "a number is malformed or out of range";
        case simdjson::DEPTH_ERROR:
            return "it is nested too deeply";
        case simdjson::T_ATOM_ERROR:
        case simdjson::F_ATOM_ERROR:
        case simdjson::N_ATOM_ERROR:
            return "a word is not true, false or null";
        default:
            return "a comma, colon, bracket, key or value is missing or too many";
    }
}

Result<Value> converted(const element& from, std::size_t depth);

Result<Value> converted_array(const simdjson::dom::array& from, std::size_t depth) {
    Value::Array items;
    items.reserve(from.size());
    for (const element item : from) {
        TRY(Value value, converted(item, depth));
        items.push_back(std::move(value));
    }
    return Value{std::move(items)};
}

Result<Value> converted_object(const simdjson::dom::object& from, std::size_t depth) {
    Value::Object members;
    for (const auto [key, item] : from) {
        TRY(Value value, converted(item, depth));
        const bool is_new = members.try_emplace(std::string(key), std::move(value)).second;
        if (!is_new) return refused("the key \"" + std::string(key) + "\" is there twice.");
    }
    return Value{std::move(members)};
}

// The type was asked for before, so no value_unsafe() here is unsafe.
Result<Value> converted(const element& from, std::size_t depth) {
    if (depth > depth_max) return refused(std::string(reason(simdjson::DEPTH_ERROR)) + ".");
    switch (from.type()) {
        case element_type::ARRAY:
            return converted_array(from.get_array().value_unsafe(), depth + 1);
        case element_type::OBJECT:
            return converted_object(from.get_object().value_unsafe(), depth + 1);
        case element_type::INT64:
            return Value{from.get_int64().value_unsafe()};
        case element_type::UINT64:
            return Value{from.get_uint64().value_unsafe()};
        case element_type::DOUBLE:
            return Value{from.get_double().value_unsafe()};
        case element_type::STRING:
            return Value{std::string(from.get_string().value_unsafe())};
        case element_type::BOOL:
            return Value{from.get_bool().value_unsafe()};
        case element_type::NULL_VALUE:
            return Value{nullptr};
    }
    std::unreachable();
}

}  // namespace

const Value* Value::find(std::string_view name) const {
    const Object* members = object();
    if (members == nullptr) return nullptr;
    const auto found = members->find(name);
    return found == members->end() ? nullptr : &found->second;
}

const std::string* Value::text() const {
    return std::get_if<std::string>(&data);
}

std::optional<std::int64_t> Value::integer() const {
    const auto* value = std::get_if<std::int64_t>(&data);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<bool> Value::flag() const {
    const auto* value = std::get_if<bool>(&data);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

const Value::Array* Value::array() const {
    return std::get_if<Array>(&data);
}

const Value::Object* Value::object() const {
    return std::get_if<Object>(&data);
}

Result<Value> parse(std::string_view text) {
    simdjson::dom::parser parser;
    element root;
    const simdjson::error_code code = parser.parse(text.data(), text.size()).get(root);
    if (code != simdjson::SUCCESS) return refused(std::string(reason(code)) + ".");
    return converted(root, 0);
}

}  // namespace jebi::json
