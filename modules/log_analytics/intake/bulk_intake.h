// Elasticsearch's bulk API, as Filebeat, Fluent Bit, Logstash, Vector and its clients speak it: POST /_bulk
// and POST /{index}/_bulk.
//
//     {"create": {"_index": "logs", "_id": "1"}}
//     {"@timestamp": "2026-11-22T13:58:05Z", "message": "hello"}
//
// Source: Elasticsearch 8 reference, "Bulk API". "index" and "create" make a row each: what the line after it
// holds, as json_rows.h says, and "_index" where one is named. An "_id" becomes the field "event_id"
// ("logs/1": ids are unique in their index only), so that a bulk that is sent twice is kept once. Other than
// there, "index" with an _id that is there already changes nothing. "update" and "delete" are refused one by
// one: logs are not changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

struct BulkItem {
    enum class Action : std::uint8_t { index, create, update, remove };
    Action action = Action::index;
    std::string index, id;  // empty: none was given
    std::string why;        // it was refused; empty: it is a row of the batch
};

struct Bulk {
    static constexpr std::size_t items_max = 100'000;
    Batch batch;
    std::vector<BulkItem> items;  // in the order of the body
};

// `index` is that of the address, empty when it has none. `invalid`, and nothing is taken, when a line that
// should be an action is none, or the body ends before an action's event; `exhausted` beyond items_max.
Result<Bulk> take_bulk(std::string_view body, std::string_view index, WallMs arrived);

// What the sender expects as the answer, status 200: one item for each action, with status 201 or 400. To be
// sent when the rows are kept.
std::string bulk_answer(const Bulk& bulk, Millis took);

}  // namespace jebi::log_analytics
