// How a camera was held: the orientation in a JPEG's Exif (CIPA DC-008, 4.6.4: tag 0x0112), the one piece of
// metadata that shows.
#pragma once

#include <string_view>

#include "kit/picture/picture.h"

namespace jebi::picture {

inline constexpr int orientation_upright = 1;

// 1 to 8; 1 where nothing is said, or nonsense.
int exif_orientation(std::string_view jpeg);

// As it is to be seen.
Pixels upright(Pixels pixels, int orientation);

}  // namespace jebi::picture
