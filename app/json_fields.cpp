#include "app/json_fields.h"

#include <cmath>

namespace jebi::app {

std::string text_of(const json::Value& value, std::string_view name) {
    const json::Value* found = value.find(name);
    return found != nullptr && found->text() != nullptr ? *found->text() : "";
}

std::optional<double> number_of(const json::Value& value, std::string_view name) {
    const json::Value* found = value.find(name);
    if (found == nullptr) return std::nullopt;
    if (const auto integer = found->integer()) return static_cast<double>(*integer);
    const auto* number = std::get_if<double>(&found->data);
    return number != nullptr && std::isfinite(*number) ? std::optional(*number) : std::nullopt;
}

bool flag_of(const json::Value& value, std::string_view name) {
    const json::Value* found = value.find(name);
    return found != nullptr && found->flag().value_or(false);
}

}  // namespace jebi::app
