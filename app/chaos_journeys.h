// What a monkey's report says users saw: ways through the pages and the API of a site, as a client walks
// them.
#pragma once

#include <string>
#include <vector>

#include "kit/base/result.h"
#include "kit/chaos/journeys.h"

namespace jebi::app {

// Reading, as a visitor; with a token (of POST /api/v1/sessions) also reading and writing as that person,
// whose tweets then begin with "chaos". `invalid` when the URL is none of http://HOST:PORT.
Result<std::vector<chaos::Journey>> journeys_at(const std::string& url, const std::string& token);

}  // namespace jebi::app
