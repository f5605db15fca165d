#include "modules/web/api/parameters.h"

#include "kit/base/ids.h"
#include "kit/base/unicode.h"

namespace jebi::web::api {

namespace {

std::unexpected<Error> wrong_kind(std::string_view name, std::string_view what, std::string_view reason) {
    return fail(error(Code::invalid, "\"" + std::string(name) + "\" must be " + std::string(what) + ".")
                    .because(std::string(reason))
                    .at(std::string(name)));
}

bool has_type(const http::Request& request, std::string_view type) {
    const std::string_view given = trimmed(request.fields.get("Content-Type").value_or(""));
    return given.size() >= type.size() && http::equal_without_case(given.substr(0, type.size()), type);
}

bool is_json(const http::Request& request) {
    return has_type(request, "application/json") || trimmed(request.body).starts_with('{');
}

// A JSON value as the text that a form would have; nothing when it is null, an array or an object.
std::optional<std::string> plain(const json::Value& value) {
    if (const std::string* text = value.text()) return *text;
    if (const auto integer = value.integer()) return std::to_string(*integer);
    if (const auto* large = std::get_if<std::uint64_t>(&value.data)) return std::to_string(*large);
    if (const auto flag = value.flag()) return *flag ? "true" : "false";
    return std::nullopt;
}

bool is_null(const json::Value& value) {
    return std::holds_alternative<std::nullptr_t>(value.data);
}

// The member of an object, or the element of an array ("0").
const json::Value* inside(const json::Value& value, std::string_view name) {
    const auto* const array = value.array();
    if (array == nullptr) return value.find(name);
    const auto at = name == "0" ? 0 : id_from(name).value_or(array->size());
    return at < array->size() ? &(*array)[at] : nullptr;
}

}  // namespace

Result<Parameters> Parameters::of(const http::Request& request) {
    Parameters all;
    TRY(all.query_, http::form_from(request.query));
    TRY_VOID(all.read_body(request));
    return all;
}

Result<void> Parameters::read_body(const http::Request& request) {
    if (trimmed(request.body).empty())
        return {};  // also "Content-Type: application/json" with nothing behind it
    if (http::is_multipart(request)) {
        TRY(parts_, http::multipart_from(request));
        form_ = parts_.form();
        return {};
    }
    if (is_json(request)) {
        TRY(json_, json::parse(request.body));
        if (json_.object() == nullptr)
            return fail(error(Code::invalid, "The body must be a JSON object.").because("bad_json"));
        return {};
    }
    if (auto form = http::form_from(request.body)) {
        form_ = std::move(*form);
        return {};
    }
    return fail(error(Code::invalid, "The body is neither a JSON object nor a form.").because("bad_form"));
}

const json::Value* Parameters::in_json(std::string_view name) const {
    const json::Value* value = json_.find(name.substr(0, name.find('[')));
    while (value != nullptr && name.contains('[')) {
        name.remove_prefix(name.find('[') + 1);
        value = inside(*value, name.substr(0, name.find(']')));
    }
    return value;
}

Result<std::optional<std::string>> Parameters::given(std::string_view name) const {
    if (const json::Value* value = in_json(name); value != nullptr && !is_null(*value)) {
        auto text = plain(*value);
        if (!text) return wrong_kind(name, "a string", "bad_json");
        return text;
    }
    for (const auto* fields : {&form_, &query_}) {
        if (const auto text = fields->get(name)) return std::string(*text);
    }
    return std::nullopt;
}

bool Parameters::has(std::string_view name) const {
    const json::Value* value = in_json(name);
    return (value != nullptr && !is_null(*value)) || form_.get(name) || query_.get(name);
}

Result<std::string> Parameters::text(std::string_view name) const {
    if (const json::Value* value = in_json(name);
        value != nullptr && !is_null(*value) && value->text() == nullptr)
        return wrong_kind(name, "a string", "bad_json");
    TRY(auto text, given(name));
    return text.value_or("");
}

Result<std::uint64_t> Parameters::id(std::string_view name) const {
    TRY(const auto text, given(name));
    if (!text || text->empty()) return 0;
    const auto id = id_from(*text);
    if (!id) return wrong_kind(name, "an id", "bad_number");
    return *id;
}

Result<std::uint32_t> Parameters::number(std::string_view name, std::uint32_t standard,
                                         std::uint32_t max) const {
    TRY(const auto text, given(name));
    if (!text || text->empty()) return standard;
    const auto value = id_from(*text);
    if (!value || *value == 0 || *value > max)
        return wrong_kind(name, "a number from 1 to " + std::to_string(max), "bad_number");
    return static_cast<std::uint32_t>(*value);
}

Result<bool> Parameters::flag(std::string_view name) const {
    TRY(const auto text, given(name));
    if (!text) return false;
    for (const std::string_view yes : {"true", "1", "on", "yes"}) {
        if (http::equal_without_case(*text, yes)) return true;
    }
    return false;
}

Result<std::vector<std::string>> Parameters::list(std::string_view name) const {
    std::vector<std::string> all;
    const auto too_many = [&] { return all.size() > list_max; };
    if (const json::Value* value = in_json(name); value != nullptr && value->array() != nullptr) {
        for (const json::Value& one : *value->array()) {
            auto text = plain(one);
            if (!text) return wrong_kind(name, "a list of strings", "bad_json");
            all.push_back(std::move(*text));
            if (too_many()) break;
        }
    } else {
        const std::string plural = std::string(name) + "[]";
        for (const auto* fields : {&form_, &query_}) {
            for (const auto& [key, text] : fields->list) {
                if (key == name || key == plural) all.push_back(text);
            }
        }
    }
    if (too_many()) {
        return wrong_kind(name, "a list of at most " + std::to_string(list_max) + " values", "bad_list");
    }
    return all;
}

const http::Part* Parameters::file(std::string_view name) const {
    return parts_.file(name);
}

}  // namespace jebi::web::api
