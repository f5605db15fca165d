// What the pages of the explorer share: their frame, and what a browser is told beside them.
#pragma once

#include <string>

#include "kit/http/assets.h"
#include "kit/http/message.h"
#include "modules/log_analytics/explorer/html.h"
#include "modules/log_analytics/explorer/trace.h"
#include "modules/log_analytics/explorer/words.h"

namespace jebi::log_analytics {

struct Site {
    http::Assets assets;
    Words english{Language::english}, korean{Language::korean};

    const Words& words(Language language) const { return language == Language::korean ? korean : english; }
};

// A file of pages/ by its name, which is there: an assert.
const Embedded& page_file(std::string_view name);
std::string explorer_page(const Site& site, const Words& words);
std::string trace_page(const Site& site, const Words& words, const Trace& trace);
std::string trace_json(const Trace& trace);
// What went wrong, as a page: `status` is HTTP's.
std::string failure_page(const Site& site, const Words& words, std::string_view title, std::string_view text);

// With the fields that keep a page from running or loading anything but its own.
http::Response page_answer(const http::Request& request, int status, std::string html);

}  // namespace jebi::log_analytics
