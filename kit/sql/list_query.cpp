#include "kit/sql/list_query.h"

#include <algorithm>
#include <cassert>

namespace jebi::sql {

namespace {

constexpr std::string_view place_of_list = "{}";

// "$2, $3, $4"
std::string parameters(std::size_t first, std::size_t count) {
    std::string all;
    for (std::size_t number = first; number < first + count; ++number)
        all += (all.empty() ? "$" : ", $") + std::to_string(number);
    return all;
}

std::string with_list(std::string_view text, const std::string& list) {
    std::string all{text};
    for (auto at = all.find(place_of_list); at != std::string::npos;
         at = all.find(place_of_list, at + list.size())) {
        all.replace(at, place_of_list.size(), list);
    }
    return all;
}

}  // namespace

ListQuery::ListQuery(std::string_view text, std::size_t first) {
    for (std::size_t i = 0; i < lengths.size(); ++i)
        texts_[i] = with_list(text, parameters(first, lengths[i]));
}

Statement ListQuery::statement(std::vector<Value> before, std::span<const std::uint64_t> list) const {
    assert(!list.empty() && list.size() <= length_max);
    const auto length = std::ranges::lower_bound(lengths, list.size());
    before.reserve(before.size() + *length);
    for (std::size_t i = 0; i < *length; ++i)
        before.emplace_back(static_cast<std::int64_t>(list[std::min(i, list.size() - 1)]));
    return {.sql = texts_[static_cast<std::size_t>(length - lengths.begin())],
            .parameters = std::move(before)};
}

Result<Rows> ListQuery::read(Room& room, const Call& call, std::vector<Value> before,
                             std::span<const std::uint64_t> list) const {
    Statement ready = statement(std::move(before), list);
    return room.read(call, ready.sql, std::move(ready.parameters));
}

}  // namespace jebi::sql
