#include "modules/web/templates/words.h"

#include <algorithm>

namespace jebi::web {
namespace {

constexpr std::string_view key_letters = "abcdefghijklmnopqrstuvwxyz0123456789_";

std::string_view trimmed_ascii(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool is_key(std::string_view text) {
    return !text.empty() && text.find_first_not_of(key_letters) == std::string_view::npos;
}

std::unexpected<Error> wrong_line(std::size_t number, std::string_view why) {
    return fail(Code::invalid, "line " + std::to_string(number) + ": " + std::string(why));
}

}  // namespace

std::string_view code(Language language) {
    return language == Language::korean ? "ko" : "en";
}

Result<Words> Words::parsed(std::string_view catalogue) {
    Words words;
    for (std::size_t number = 1; !catalogue.empty(); ++number) {
        const auto end = std::min(catalogue.find('\n'), catalogue.size());
        const auto line = trimmed_ascii(catalogue.substr(0, end));
        catalogue.remove_prefix(std::min(end + 1, catalogue.size()));
        if (line.empty() || line.front() == '#') continue;
        const auto sign = line.find('=');
        if (sign == std::string_view::npos) return wrong_line(number, "there is no '='");
        const auto key = trimmed_ascii(line.substr(0, sign));
        if (!is_key(key)) return wrong_line(number, "a key has only a-z, 0-9 and _");
        const auto text = trimmed_ascii(line.substr(sign + 1));
        if (!words.texts_.emplace(key, text).second) return wrong_line(number, "the key is there already");
    }
    return words;
}

const std::string* Words::find(std::string_view key) const {
    const auto found = texts_.find(key);
    return found == texts_.end() ? nullptr : &found->second;
}

std::string filled(std::string_view text, const std::function<std::string(std::string_view)>& fill) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto open = std::min(text.find('{', at), text.size());
        result += text.substr(at, open - at);
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) return result += text.substr(open);
        const auto name = text.substr(open + 1, close - open - 1);
        if (is_key(name)) {
            result += fill(name);
            at = close + 1;
        } else {
            result += '{';
            at = open + 1;
        }
    }
    return result;
}

std::string filled(std::string_view text, std::span<const Gap> gaps) {
    return filled(text, [&](std::string_view name) {
        const auto gap = std::ranges::find(gaps, name, &Gap::first);
        return gap == gaps.end() ? std::string() : std::string(gap->second);
    });
}

}  // namespace jebi::web
