// A statement with a list of values in it, "... IN ({})", whatever the list's length.
//
// Few texts serve many lengths (each is prepared once and kept): the list is filled up to the next length by
// repeating its last value. The list's parameters begin at `first`; those before it are the caller's own.
//
//     static const sql::ListQuery query{"SELECT id FROM notes WHERE author = $1 AND id IN ({})", 2};
//     TRY(const Rows rows, query.read(room, call, {value(author)}, ids));
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "kit/sql/database.h"

namespace jebi::sql {

// Thread-safe.
class ListQuery {
public:
    static constexpr std::array<std::size_t, 7> lengths{1, 5, 20, 40, 100, 200, 500};
    static constexpr std::size_t length_max = lengths.back();

    // `text` has {} in each place of the list (the same list in all of them).
    explicit ListQuery(std::string_view text, std::size_t first = 1);

    // 1 to length_max values: an assert.
    Result<Rows> read(Room& room, const Call& call, std::vector<Value> before,
                      std::span<const std::uint64_t> list) const;
    // The same as a statement of a batch, which this outlives.
    Statement statement(std::vector<Value> before, std::span<const std::uint64_t> list) const;

private:
    std::array<std::string, lengths.size()> texts_;
};

}  // namespace jebi::sql
