// The small languages inside requests: percent-encoding, forms, cookies and weighted lists.
#include <algorithm>

#include "kit/base/unicode.h"
#include "kit/http/message.h"
#include "kit/http/pieces.h"

namespace jebi::http {

namespace {

// -1 for what is no hex digit.
int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::optional<std::string> decoded(std::string_view text, char plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? plus : text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

Result<std::string> form_text(std::string_view encoded) {
    auto text = decoded(encoded, ' ');
    if (!text) return fail(Code::invalid, "The form has a broken % escape.");
    if (!is_utf8(*text)) return fail(Code::invalid, "The form is not UTF-8.");
    return std::move(*text);
}

// "0.8" -> 800, as RFC 9110, 12.4.2 writes weights.
std::optional<int> weight_from(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int weight = (text[0] - '0') * 1000;
    int unit = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return std::nullopt;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    if (weight > 1000) return std::nullopt;
    return weight;
}

// Of the parameters behind a choice only q counts.
std::optional<Weighted> weighted_from(std::string_view item) {
    Weighted one{.choice = without_blanks(next_piece(item, ';'))};
    if (one.choice.empty()) return std::nullopt;
    while (!item.empty()) {
        auto value = next_piece(item, ';');
        const auto key = without_blanks(next_piece(value, '='));
        if (!equal_without_case(key, "q")) continue;
        const auto weight = weight_from(without_blanks(value));
        if (!weight) return std::nullopt;
        one.weight = *weight;
    }
    return one;
}

}  // namespace

Result<Fields<std::string>> form_from(std::string_view encoded) {
    Fields<std::string> form;
    while (!encoded.empty()) {
        auto value = next_piece(encoded, '&');
        if (value.empty()) continue;
        if (form.list.size() == form_fields_max) return fail(Code::invalid, "The form has too many fields.");
        TRY(std::string key, form_text(next_piece(value, '=')));
        TRY(std::string text, form_text(value));
        form.add(std::move(key), std::move(text));
    }
    return form;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    return decoded(text, '+');
}

std::string percent_encoded(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 0xf]};
    }
    return out;
}

std::optional<std::string_view> cookie(const Request& request, std::string_view name) {
    for (const auto& [key, list] : request.fields.list) {
        if (!equal_without_case(key, "Cookie")) continue;
        for (std::string_view rest = list; !rest.empty();) {
            auto value = without_blanks(next_piece(rest, ';'));
            if (next_piece(value, '=') == name) return value;
        }
    }
    return std::nullopt;
}

std::vector<Weighted> weighted(std::string_view list) {
    std::vector<Weighted> choices;
    for (std::size_t count = 0; !list.empty() && count < choices_max; ++count) {
        const auto one = weighted_from(next_piece(list, ','));
        if (!one) continue;
        const auto lighter =
            std::ranges::upper_bound(choices, one->weight, std::greater{}, &Weighted::weight);
        choices.insert(lighter, *one);
    }
    return choices;
}

}  // namespace jebi::http
