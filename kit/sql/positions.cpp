#include "kit/sql/positions.h"

namespace jebi::sql {

Positions::Positions(Room& room, std::string_view module)
    : room_(room),
      select_("SELECT sequence FROM " + std::string{module} + "_positions WHERE source = $1"),
      upsert_("INSERT INTO " + std::string{module} +
              "_positions (source, sequence) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET sequence = "
              "$2") {}

Result<std::uint64_t> Positions::of(const Call& call, std::string_view source) const {
    TRY(const Rows rows, room_.read(call, select_, {value(source)}));
    return rows.empty() ? 0 : rows[0].id(0);
}

void Positions::move(Batch& batch, std::string_view source, std::uint64_t sequence) const {
    batch.add({.sql = upsert_, .parameters = {value(source), static_cast<std::int64_t>(sequence)}});
}

Result<void> Positions::move(const Call& call, std::string_view source, std::uint64_t sequence) const {
    Batch batch;
    move(batch, source, sequence);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

}  // namespace jebi::sql
