// Which language a browser asks for, and times as people say them in it.
#pragma once

#include <optional>
#include <string>

#include "kit/base/clock.h"
#include "kit/http/message.h"
#include "modules/web/templates/templates.h"

namespace jebi::web {

std::optional<Language> language_from(std::string_view code);  // "ko", "en"

// By Accept-Language (RFC 9110, 12.5.4); English when it asks for neither.
Language language_of(const http::Request& request);

// "just now", "3m ago", within a week; "November 22, 2026" before that. For the time zone UTC: a script in
// the page puts its reader's own time beside it.
std::string ago(const Templates& templates, Language language, WallMs then_ms, WallMs now_ms);
std::string date(const Templates& templates, Language language, WallMs then_ms);
// 12345 -> "12,345", as both languages write it.
std::string grouped(std::uint64_t number);

}  // namespace jebi::web
