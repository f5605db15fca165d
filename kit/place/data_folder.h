// The one folder that a program writes to.
#pragma once

#include <string>

#include "kit/base/result.h"

namespace jebi::place {

// Makes the folder, and those above it, when they are not there (readable by this user only) and makes sure
// that files can be written in it. `invalid`, with a hint, otherwise.
Result<void> open_data_folder(const std::string& folder);

}  // namespace jebi::place
