// The pages of log-analytics: the explorer, and a trace as a waterfall.
//
//     GET /                       the explorer; it asks its own origin's /query, /where, /fields, /tail, /log
//     GET /assets/{hash}/{name}   its styles and scripts
//     GET /traces/{id}            the spans of one trace; JSON when the client prefers that (Accept)
//
// Pages are in Korean or English (words.h), send no data to anybody else, run no script but their own, and
// show what a log says as text, whatever it is. The waterfall needs no script.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kit/http/router.h"
#include "modules/log_analytics/query/answer.h"

namespace jebi::log_analytics {

// Runs a query for whoever sent the request, over what they may see. Called on the request's fiber.
using AskFor = std::function<Result<query::Answer>(const http::Request& request, std::string sql)>;

// `assets_folder`: where the assets are read from at each request (`--dev`); empty: as they were built in.
void bind_explorer(http::Router& router, AskFor ask, std::string assets_folder = {});

}  // namespace jebi::log_analytics
