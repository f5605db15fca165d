#include "kit/http/multipart.h"

#include <algorithm>
#include <array>

#include "kit/base/unicode.h"
#include "kit/http/head.h"

namespace jebi::http {

namespace {

constexpr std::string_view media_type = "multipart/form-data";
constexpr std::string_view line_end = "\r\n";
constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046, 5.1.1
constexpr std::size_t parameters_max = 8;

std::unexpected<Error> refuse(std::string_view why) {
    return fail(Code::invalid, "The form cannot be read: " + std::string(why));
}
std::unexpected<Error> too_large(std::string_view what, std::size_t bytes_max) {
    return fail(error(Code::invalid, std::string(what) + " is too large: at most " +
                                         std::to_string(bytes_max) + " bytes are taken.")
                    .because("too_large"));
}

void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

// "form-data; name=\"a\"": the word in front, and the parameters.
struct Parametrised {
    std::string_view word;
    Fields<std::string> parameters;
};

// A quoted string's text; `rest` begins behind its first quote, and then behind its last. Browsers write a
// quote as %22 and leave backslashes alone, older programs write \" and \\.
std::optional<std::string> unquoted(std::string_view& rest) {
    std::string text;
    while (!rest.empty() && rest[0] != '"') {
        if (rest.starts_with("\\\"") || rest.starts_with("\\\\")) rest.remove_prefix(1);
        text += rest[0];
        rest.remove_prefix(1);
    }
    if (rest.empty()) return std::nullopt;
    rest.remove_prefix(1);
    return text;
}

std::optional<std::string> parameter_value(std::string_view& rest) {
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        return unquoted(rest);
    }
    const auto token = rest.substr(0, rest.find_first_of("; \t"));
    rest.remove_prefix(token.size());
    if (!is_token(token)) return std::nullopt;
    return std::string(token);
}

std::optional<Parametrised> parametrised(std::string_view rest) {
    Parametrised all{.word = rest.substr(0, rest.find_first_of("; \t"))};
    rest.remove_prefix(all.word.size());
    for (skip_blanks(rest); !rest.empty(); skip_blanks(rest)) {
        if (rest[0] != ';') return std::nullopt;
        rest.remove_prefix(1);
        skip_blanks(rest);
        const auto name = rest.substr(0, rest.find('='));
        if (!is_token(name) || name.size() == rest.size()) return std::nullopt;
        rest.remove_prefix(name.size() + 1);
        auto value = parameter_value(rest);
        if (!value || all.parameters.get(name) || all.parameters.list.size() == parameters_max)
            return std::nullopt;
        all.parameters.add(std::string(name), std::move(*value));
    }
    return all;
}

bool may_stand_in_boundary(char c) {
    constexpr std::string_view beyond_letters = "'()+_,-./:=? ";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           beyond_letters.contains(c);
}

bool is_boundary(std::string_view text) {
    return !text.empty() && text.size() <= boundary_bytes_max && !text.ends_with(' ') &&
           std::ranges::all_of(text, may_stand_in_boundary);
}

Result<std::string> boundary_of(const Request& request) {
    const auto type = parametrised(request.fields.get("Content-Type").value_or(""));
    if (!type || !equal_without_case(type->word, media_type))
        return refuse("its Content-Type is not multipart/form-data.");
    const auto boundary = type->parameters.get("boundary");
    if (!boundary || !is_boundary(*boundary)) return refuse("its Content-Type has no boundary.");
    return std::string(*boundary);
}

// As the HTML Standard writes names (4.10.21.8): %22 is a quote, %0D and %0A are line breaks; no other
// escape is one.
std::string without_escapes(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 3> escapes{
        {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
    std::string out;
    while (!text.empty()) {
        const auto* const found =
            std::ranges::find_if(escapes, [&](const auto& escape) { return text.starts_with(escape.first); });
        out += found == escapes.end() ? text[0] : found->second;
        text.remove_prefix(found == escapes.end() ? 1 : found->first.size());
    }
    return out;
}

// Cuts a line off the front; nothing when there is no line end any more.
std::optional<std::string_view> next_line(std::string_view& rest) {
    const auto end = rest.find(line_end);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + line_end.size());
    return line;
}

// A part's header; `rest` is behind its empty line then.
Result<Fields<std::string_view>> part_fields(std::string_view& rest, std::size_t bytes_max) {
    Fields<std::string_view> fields;
    const std::size_t begin = rest.size();
    while (const auto line = next_line(rest)) {
        if (begin - rest.size() > bytes_max) return too_large("The header of a part", bytes_max);
        if (line->empty()) return fields;
        const auto colon = line->find(':');
        const auto name = line->substr(0, colon);
        if (colon == std::string_view::npos || !is_token(name))
            return refuse("a part's header is malformed.");
        auto value = line->substr(colon + 1);
        skip_blanks(value);
        if (!is_field_value(value) || fields.get(name)) return refuse("a part's header is malformed.");
        fields.add(name, value);
    }
    return refuse("a part's header has no end.");
}

bool is_plain_coding(std::optional<std::string_view> coding) {
    return !coding || equal_without_case(*coding, "binary") || equal_without_case(*coding, "8bit") ||
           equal_without_case(*coding, "7bit");
}

Result<std::string> checked_name(std::string_view text) {
    std::string name = without_escapes(text);
    if (!is_utf8(name)) return refuse("a name in it is not UTF-8.");
    return name;
}

Result<Part> part_with(const Fields<std::string_view>& fields) {
    const auto disposition = parametrised(fields.get("Content-Disposition").value_or(""));
    if (!disposition || !equal_without_case(disposition->word, "form-data"))
        return refuse("a part has no Content-Disposition that could be read.");
    if (!is_plain_coding(fields.get("Content-Transfer-Encoding")))
        return refuse("a part is encoded; send it as it is.");
    const auto name = disposition->parameters.get("name");
    if (!name) return refuse("a part has no name.");
    Part part{.content_type = fields.get("Content-Type").value_or("")};
    TRY(part.name, checked_name(*name));
    if (const auto file_name = disposition->parameters.get("filename")) {
        TRY(part.file_name, checked_name(*file_name));
    }
    return part;
}

Result<void> check_bytes(const Part& part, const MultipartLimits& limits) {
    const std::size_t bytes_max = part.file_name ? limits.file_bytes_max : limits.text_bytes_max;
    if (part.bytes.size() > bytes_max) return too_large(part.file_name ? "The file" : "A field", bytes_max);
    if (!part.file_name && !is_utf8(part.bytes)) return refuse("a field in it is not UTF-8.");
    return {};
}

// One part; `rest` begins behind the boundary's line, and then behind the next boundary.
Result<Part> next_part(std::string_view& rest, std::string_view delimiter, const MultipartLimits& limits) {
    TRY(const auto fields, part_fields(rest, limits.head_bytes_max));
    TRY(Part part, part_with(fields));
    const auto end = rest.find(delimiter);
    if (end == std::string_view::npos) return refuse("its last boundary is missing.");
    part.bytes = rest.substr(0, end);
    rest.remove_prefix(end + delimiter.size());
    TRY_VOID(check_bytes(part, limits));
    return part;
}

}  // namespace

Fields<std::string> Multipart::form() const {
    Fields<std::string> form;
    for (const Part& part : parts) {
        if (!part.file_name) form.add(part.name, std::string(part.bytes));
    }
    return form;
}

const Part* Multipart::file(std::string_view name) const {
    const auto found = std::ranges::find_if(
        parts, [&](const Part& part) { return part.file_name && part.name == name && !part.bytes.empty(); });
    return found == parts.end() ? nullptr : &*found;
}

bool is_multipart(const Request& request) {
    const auto type = request.fields.get("Content-Type").value_or("");
    return equal_without_case(type.substr(0, type.find_first_of("; \t")), media_type);
}

Result<Multipart> multipart_from(const Request& request, const MultipartLimits& limits) {
    TRY(const std::string boundary, boundary_of(request));
    const std::string delimiter = std::string(line_end) + "--" + boundary;
    std::string_view rest = request.body;
    if (!rest.starts_with(delimiter.substr(line_end.size())))
        return refuse("it does not begin with its boundary.");
    rest.remove_prefix(delimiter.size() - line_end.size());
    Multipart all;
    while (rest.starts_with(line_end)) {
        rest.remove_prefix(line_end.size());
        if (all.parts.size() == limits.parts_max) return refuse("it has too many parts.");
        TRY(Part part, next_part(rest, delimiter, limits));
        all.parts.push_back(std::move(part));
    }
    if (rest != "--" && rest != "--\r\n") return refuse("what follows a boundary is malformed.");
    return all;
}

}  // namespace jebi::http
