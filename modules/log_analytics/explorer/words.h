// What the explorer, the waterfall and the report say, in Korean and English: words/ko.txt and words/en.txt.
//
// A catalogue is lines of `key = text`; lines that begin with '#' and empty lines are skipped. Both have the
// same keys. Gaps in braces ("{count} rows") are filled by who uses the text.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "kit/http/message.h"

namespace jebi::log_analytics {

enum class Language : std::uint8_t { english, korean };
std::string_view code(Language language);  // "en", "ko"
std::optional<Language> language_from(std::string_view code);

// By ?lang=, else the cookie that a former ?lang= has set, else Accept-Language, else English.
Language language_of(const http::Request& request);
// A Set-Cookie value that keeps the choice; nothing when the request makes none.
std::optional<std::string> language_cookie(const http::Request& request);

class Words {
public:
    explicit Words(Language language);

    Language language() const { return language_; }
    // The text of a key that is there: an assert.
    const std::string& operator[](std::string_view key) const;
    // The same with one gap filled.
    std::string filled(std::string_view key, std::string_view gap, std::string_view value) const;
    const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

private:
    Language language_;
    std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace jebi::log_analytics
