// POST /log: JSON of whatever shape a sender finds natural.
//
// A body is
//     {"path": "/"}                    one event, over as many lines as it likes
//     [{"path": "/"}, {"path": "/a"}]  several
//     {"path": "/"}\n{"path": "/a"}    several, one a line ("JSON lines"; \r\n and empty lines are fine)
//     "{\"path\": \"/\"}"              any of these once more as a JSON string, as JSON.stringify twice makes
//     path=%2F&user=7                  a form, when the content type says so (all values are texts)
// What becomes of an event: json_rows.h.
//
// When the first line is whole, each line stands for itself, and a bad one is refused alone. Otherwise the
// objects may be over several lines, and the first that is no JSON ends the reading (when that is the very
// first, the lines are looked at one by one after all). An array is taken whole or, when it is no JSON, not
// at all.
#pragma once

#include <string>
#include <string_view>

#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

// `arrived` is the time of events without one. `invalid` when the body is empty or an array that is no JSON;
// what is wrong with single events is in the batch (has_rows() tells whether any was taken). Thread-safe;
// does not wait.
Result<Batch> take_json(std::string_view body, std::string_view content_type, WallMs arrived);

// The body without its compression: `coding` is the Content-Encoding, "" when there was none; a body that
// begins as gzip does is taken for it anyway. The view is of `body`, or of `storage`. `invalid` when it is
// damaged or of another coding, `exhausted` when it is larger than `bytes_max`.
Result<std::string_view> decompressed(std::string_view body, std::string_view coding, std::size_t bytes_max,
                                      std::string& storage);

}  // namespace jebi::log_analytics
