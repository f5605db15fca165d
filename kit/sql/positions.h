// How far a module has followed the events of others: kept in a table of its own, so that a position moves in
// the transaction of its effect. Then an event may be delivered twice, and its effect happens once.
//
// The module's schema makes the table, named after the module:
//
//     CREATE TABLE follows_positions (source TEXT PRIMARY KEY, sequence BIGINT NOT NULL);
//
// See kit/rpc/follow_events.h for the other half.
#pragma once

#include <string>
#include <string_view>

#include "kit/sql/database.h"

namespace jebi::sql {

// Thread-safe. Outlives the batches that it was added to.
class Positions {
public:
    Positions(Room& room, std::string_view module);

    // The sequence that was moved to last; 0: none yet.
    Result<std::uint64_t> of(const Call& call, std::string_view source) const;
    // Adds the move to a batch: it happens with the rest of it.
    void move(Batch& batch, std::string_view source, std::uint64_t sequence) const;
    // The move alone, for events that have no effect here.
    Result<void> move(const Call& call, std::string_view source, std::uint64_t sequence) const;

private:
    Room& room_;
    std::string select_;
    std::string upsert_;
};

}  // namespace jebi::sql
