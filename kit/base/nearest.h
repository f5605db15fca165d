// Did you mean ...? For names that people type: settings, verbs, keys of files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jebi {

// The known name that is nearest to one nobody knows, when it is near enough for a slip of the finger.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace jebi
