// One file format each: png.cpp, jpeg.cpp, webp.cpp. Inside of this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kit/picture/picture.h"

namespace jebi::picture {

struct Size {
    std::uint64_t width = 0;
    std::uint64_t height = 0;
};

// By the first bytes.
bool is_png(std::string_view file);
bool is_jpeg(std::string_view file);
bool is_webp(std::string_view file);

// What the header says, decoding nothing; none: it is broken.
std::optional<Size> png_size(std::string_view file);
std::optional<Size> jpeg_size(std::string_view file);
std::optional<Size> webp_size(std::string_view file);

// Of a file whose header says that size. Otherwise, and for a broken one: nothing.
std::optional<Pixels> decoded_png(std::string_view file, Size size);
std::optional<Pixels> decoded_jpeg(std::string_view file, Size size);
std::optional<Pixels> decoded_webp(std::string_view file, Size size);

// Black, of that size.
Pixels pixels_of(Size size);

inline const std::uint8_t* bytes_in(std::string_view file) {
    return reinterpret_cast<const std::uint8_t*>(file.data());
}

}  // namespace jebi::picture
