#include <png.h>

#include "kit/picture/formats.h"

namespace jebi::picture {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n"sv;
// Of the first chunk: after the signature, its length and its name; 32 bits each, the highest byte first.
constexpr std::size_t width_at = 16;
constexpr std::size_t height_at = 20;

std::uint64_t number_at(std::string_view file, std::size_t at) {
    std::uint64_t number = 0;
    for (const char c : file.substr(at, 4))
        number = number << 8 | static_cast<std::uint8_t>(c);
    return number;
}

}  // namespace

bool is_png(std::string_view file) {
    return file.starts_with(signature);
}

std::optional<Size> png_size(std::string_view file) {
    const bool has_header = file.size() >= height_at + 4 && file.substr(12, 4) == "IHDR";
    if (!has_header) return std::nullopt;
    return Size{.width = number_at(file, width_at), .height = number_at(file, height_at)};
}

// libpng's simplified interface: its errors are values, and what it gives is 8 bits of sRGB whatever the file
// has.
std::optional<Pixels> decoded_png(std::string_view file, Size size) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) return std::nullopt;
    image.format = PNG_FORMAT_RGBA;
    Pixels pixels = pixels_of(size);
    const bool is_as_said = image.width == size.width && image.height == size.height;
    const bool done =
        is_as_said && png_image_finish_read(&image, nullptr, pixels.rgba.data(), 0, nullptr) != 0;
    png_image_free(&image);
    if (!done) return std::nullopt;
    return pixels;
}

}  // namespace jebi::picture
