// Pictures that people send: PNG, JPEG or WebP in, a WebP of our own making out, so that nothing of a file
// but its pixels is ever handed on: no place where it was taken, no comment, no bytes behind the end.
//
//     TRY(Pixels pixels, decoded(bytes, {}));
//     TRY(std::string avatar, as_webp(shrunk(square(std::move(pixels)), 400)));
//
// What a file says of its size is checked before anything is decoded, since a few bytes can speak of
// gigabytes. Decoding takes time (4096 x 4096 pixels some 200 ms) and memory (4 bytes a pixel, a JPEG up to
// three times that): run it on a fiber::Pool, not on a loop. Errors are `invalid` with reason picture_invalid
// (no such picture, or a broken one) or picture_too_large. No state; thread-safe.
//
// What is left out: colours are taken for sRGB, and moving pictures are refused (of a PNG the first one is
// taken).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::picture {

struct Bounds {
    std::size_t bytes_max = 2 * 1024 * 1024;
    std::uint32_t side_pixels_max = 4'096;  // at most 16,383, beyond which there is no WebP
};

// Rows from top to bottom, four bytes a pixel: red, green, blue, alpha (0: nothing to be seen).
struct Pixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<std::uint8_t> rgba;
};

// The right way up, where the file is a JPEG and says how it was held (Exif's orientation).
Result<Pixels> decoded(std::string_view file, const Bounds& bounds);

// The largest square in the middle.
Pixels square(Pixels pixels);

// At most that wide and high, with the same proportions; each new pixel is the mean of those it stands for.
// Smaller ones stay as they are.
Pixels shrunk(Pixels pixels, std::uint32_t side_pixels_max);

// `internal` when there is no memory for it.
Result<std::string> as_webp(const Pixels& pixels);
inline constexpr std::string_view webp_content_type = "image/webp";

}  // namespace jebi::picture
