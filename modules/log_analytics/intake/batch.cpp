#include "modules/log_analytics/intake/batch.h"

#include "kit/base/unicode.h"

namespace jebi::log_analytics {

std::string quoted(std::string_view text) {
    constexpr std::size_t shown_bytes_max = 60;
    const bool cut = text.size() > shown_bytes_max;
    std::string shown{text.substr(0, shown_bytes_max)};
    // The cut may have gone through a character.
    while (cut && !shown.empty() && !is_utf8(shown))
        shown.pop_back();
    return '"' + repaired_utf8(shown) + (cut ? "...\"" : "\"");
}

void Batch::refuse(std::string why) {
    if (refusals.size() < refusals_max) refusals.push_back({.index = events(), .why = why});
    refused_last = std::move(why);
    ++refused;
}

Result<void> has_rows(const Batch& batch) {
    if (!batch.rows.empty()) return {};
    if (batch.refusals.empty())
        return fail(error(Code::invalid, "There is no log event in the body.").because("no_event"));
    return fail(error(Code::invalid, batch.refusals.front().why).because("refused"));
}

void RowMaker::begin(WallMs arrived) {
    why_.clear();
    batch_.rows.begin(arrived);
    if (batch_.rows.names_bytes().size() > Batch::names_bytes_max) {
        refuse("The events of one request have too many different field names (over " +
               std::to_string(Batch::names_bytes_max / 1024) +
               " KiB of them). Keep what varies in values, not in names.");
    }
    if (batch_.rows.bytes() > Batch::bytes_max) {
        refuse("The events of one request take over " + std::to_string(Batch::bytes_max / 1024 / 1024) +
               " MiB. Send fewer at a time.");
    }
}

namespace {

bool put(Rows& rows, std::string_view name, std::string_view value) {
    return rows.text(name, value);
}
bool put(Rows& rows, std::string_view name, std::int64_t value) {
    return rows.integer(name, value);
}
bool put(Rows& rows, std::string_view name, double value) {
    return rows.number(name, value);
}
bool put(Rows& rows, std::string_view name, bool value) {
    return rows.flag(name, value);
}

template <typename Value>
std::size_t text_bytes(const Value& value) {
    if constexpr (std::is_same_v<Value, std::string_view>) return value.size();
    return 0;
}

}  // namespace

template <typename Value>
void RowMaker::add_or(std::string_view name, std::string_view suffix, Value value) {
    if (is_refused() || put(batch_.rows, name, value)) return;
    const bool bound_reached = name.empty() || name.size() + suffix.size() > name_bytes_max ||
                               text_bytes(value) > text_bytes_max ||
                               batch_.rows.fields_of_row() == row_fields_max;
    if (bound_reached) return failed(name, text_bytes(value));
    if (!suffix.empty()) put(batch_.rows, std::string(name).append(suffix), value);
}
template void RowMaker::add_or(std::string_view, std::string_view, std::string_view);
template void RowMaker::add_or(std::string_view, std::string_view, std::int64_t);
template void RowMaker::add_or(std::string_view, std::string_view, double);
template void RowMaker::add_or(std::string_view, std::string_view, bool);

void RowMaker::at(WallMs ts_ms) {
    batch_.rows.at(ts_ms);
}

void RowMaker::refuse(std::string why) {
    if (!is_refused()) why_ = std::move(why);
}

// Why Rows took no such field.
void RowMaker::failed(std::string_view name, std::size_t value_bytes) {
    if (name.empty()) return refuse("A field's name is empty.");
    if (name.size() > name_bytes_max) {
        return refuse("The field name " + quoted(name) + " has " + std::to_string(name.size()) +
                      " bytes; at most " + std::to_string(name_bytes_max) + " are allowed.");
    }
    if (value_bytes > text_bytes_max) {
        return refuse("The field " + quoted(name) + " has " + std::to_string(value_bytes) +
                      " bytes; at most " + std::to_string(text_bytes_max) + " are allowed.");
    }
    if (batch_.rows.fields_of_row() == row_fields_max)
        return refuse("The event has more than " + std::to_string(row_fields_max) + " fields.");
    refuse("The field " + quoted(name) + " is there twice.");
}

bool RowMaker::end() {
    if (batch_.rows.fields_of_row() == 0) refuse("The event has no content: not one field with a value.");
    if (!is_refused()) {
        batch_.rows.end();
        return true;
    }
    batch_.rows.cancel();
    batch_.refuse(std::move(why_));
    return false;
}

void RowMaker::abandon() {
    batch_.rows.cancel();
    why_.clear();
}

}  // namespace jebi::log_analytics
