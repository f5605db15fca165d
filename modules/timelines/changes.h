// Changes that wait to be committed together, with the position of the last event that is wholly among them.
#pragma once

#include <string_view>

#include "modules/timelines/store.h"

namespace jebi::timelines {

class Changes {
public:
    static constexpr std::size_t rows_max = 8'192;  // changed by one commit, some more for the last change
    static constexpr std::size_t statements_max = 900;  // below sql::batch_statements_max

    Changes(Store& store, std::string_view source) : store_(store), source_(source) {}

    sql::Batch& batch() { return batch_; }
    void count(std::size_t rows) { rows_ += rows; }
    // All changes of this event are in the batch. `at_ms`: when it happened, where readers want to know; else
    // 0.
    void handled(std::uint64_t sequence, WallMs at_ms = 0) {
        sequence_ = sequence;
        at_ms_ = at_ms;
    }
    Result<void> commit_when_full(const Call& call) {
        if (rows_ < rows_max && batch_.statements.size() < statements_max) return {};
        return commit(call);
    }
    Result<void> commit(const Call& call);

private:
    Store& store_;
    std::string_view source_;
    sql::Batch batch_;
    std::size_t rows_ = 0;
    std::uint64_t sequence_ = 0;  // 0: no event was handled wholly since the last commit
    WallMs at_ms_ = 0;
};

}  // namespace jebi::timelines
