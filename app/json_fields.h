// Members of JSON that another program of ours has answered: what is not there, or is something else, is
// nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kit/base/json.h"

namespace jebi::app {

std::string text_of(const json::Value& value, std::string_view name);
std::optional<double> number_of(const json::Value& value, std::string_view name);
bool flag_of(const json::Value& value, std::string_view name);

// Calls `each` with the values of an array.
template <typename Each>
void for_each_in(const json::Value& value, std::string_view name, Each each) {
    const json::Value* list = value.find(name);
    if (list == nullptr || list->array() == nullptr) return;
    for (const json::Value& item : *list->array())
        each(item);
}

}  // namespace jebi::app
