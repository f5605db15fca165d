// What the pages say, in Korean and English: words/ko.txt and words/en.txt.
//
// A catalogue is lines of `key = text`, UTF-8; lines that begin with '#' and empty lines are skipped. A text
// may be empty, and may have gaps in braces, "try again in {seconds} seconds", which are filled when it is
// used.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "kit/base/result.h"

namespace jebi::web {

enum class Language : std::uint8_t { korean, english };
inline constexpr std::array languages{Language::korean, Language::english};

// "ko" or "en", as in <html lang> and in the names of the catalogues.
std::string_view code(Language language);

// A gap's name and what goes into it.
using Gap = std::pair<std::string_view, std::string_view>;

class Words {
public:
    // Fails with the number of the line that is not `key = text`, or whose key is there already.
    static Result<Words> parsed(std::string_view catalogue);

    // The text of a key, or nullptr.
    const std::string* find(std::string_view key) const;
    const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

private:
    std::map<std::string, std::string, std::less<>> texts_;
};

// The text with its gaps replaced by what `fill` answers for their names. A brace that opens no gap stays.
std::string filled(std::string_view text, const std::function<std::string(std::string_view)>& fill);
// The same with the values given; a gap without a value stays empty.
std::string filled(std::string_view text, std::span<const Gap> gaps);

}  // namespace jebi::web
