#include "kit/picture/picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kit/picture/formats.h"

namespace jebi::picture {

namespace {

constexpr std::size_t pixel_bytes = 4;

struct Format {
    bool (*is_it)(std::string_view);
    std::optional<Size> (*size)(std::string_view);
    std::optional<Pixels> (*decoded)(std::string_view, Size);
};

constexpr std::array<Format, 3> formats{{{is_png, png_size, decoded_png},
                                         {is_jpeg, jpeg_size, decoded_jpeg},
                                         {is_webp, webp_size, decoded_webp}}};

std::unexpected<Error> invalid() {
    return fail(error(Code::invalid, "This is no PNG, JPEG or WebP picture, a moving one, or it is broken.")
                    .because("picture_invalid"));
}

std::unexpected<Error> too_large(const Bounds& bounds) {
    const std::string side = std::to_string(bounds.side_pixels_max);
    return fail(error(Code::invalid, "A picture has at most " + std::to_string(bounds.bytes_max / 1024) +
                                         " KiB and " + side + " x " + side + " pixels.")
                    .because("picture_too_large"));
}

// What pixels of the old picture a new one stands for, in one direction: whole ones, and parts of the first
// and last.
struct Span {
    double from;
    double to;
    std::size_t first() const { return static_cast<std::size_t>(from); }
    std::size_t end() const { return static_cast<std::size_t>(std::ceil(to)); }
    double share(std::size_t index) const {
        const auto at = static_cast<double>(index);
        return std::min(at + 1, to) - std::max(at, from);
    }
};

Span span_of(std::uint32_t index, std::uint32_t size, std::uint32_t old_size) {
    const double scale = static_cast<double>(old_size) / size;
    return {.from = index * scale, .to = std::min<double>((index + 1) * scale, old_size)};
}

// Colours count as much as they can be seen.
class Mean {
public:
    void add(const std::uint8_t* pixel, double share) {
        const double seen = share * pixel[3];
        for (std::size_t i = 0; i < 3; ++i)
            colours_[i] += seen * pixel[i];
        seen_ += seen;
        shares_ += share;
    }
    void write(std::uint8_t* pixel) const {
        for (std::size_t i = 0; i < 3; ++i)
            pixel[i] = seen_ > 0 ? rounded(colours_[i] / seen_) : 0;
        pixel[3] = rounded(seen_ / shares_);
    }

private:
    static std::uint8_t rounded(double value) {
        return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
    }
    std::array<double, 3> colours_{};
    double seen_ = 0;
    double shares_ = 0;
};

Mean mean_of(const Pixels& pixels, const Span& columns, const Span& rows) {
    Mean mean;
    for (std::size_t y = rows.first(); y < rows.end(); ++y) {
        const std::uint8_t* row = &pixels.rgba[y * pixels.width * pixel_bytes];
        for (std::size_t x = columns.first(); x < columns.end(); ++x)
            mean.add(row + x * pixel_bytes, columns.share(x) * rows.share(y));
    }
    return mean;
}

}  // namespace

Pixels pixels_of(Size size) {
    Pixels pixels{.width = static_cast<std::uint32_t>(size.width),
                  .height = static_cast<std::uint32_t>(size.height),
                  .rgba = {}};
    pixels.rgba.resize(size.width * size.height * pixel_bytes);
    return pixels;
}

Result<Pixels> decoded(std::string_view file, const Bounds& bounds) {
    if (file.size() > bounds.bytes_max) return too_large(bounds);
    const auto format = std::ranges::find_if(formats, [&](const Format& one) { return one.is_it(file); });
    if (format == formats.end()) return invalid();
    const auto size = format->size(file);
    if (!size || size->width == 0 || size->height == 0) return invalid();
    if (std::max(size->width, size->height) > bounds.side_pixels_max) return too_large(bounds);
    auto pixels = format->decoded(file, *size);
    if (!pixels) return invalid();
    return std::move(*pixels);
}

Pixels square(Pixels pixels) {
    const std::uint32_t side = std::min(pixels.width, pixels.height);
    const std::size_t left = (pixels.width - side) / 2;
    const std::size_t top = (pixels.height - side) / 2;
    // In place, since each row moves towards the beginning.
    for (std::size_t y = 0; y < side; ++y) {
        const auto row = pixels.rgba.begin() +
                         static_cast<std::ptrdiff_t>(((top + y) * pixels.width + left) * pixel_bytes);
        std::copy_n(row, side * pixel_bytes,
                    pixels.rgba.begin() + static_cast<std::ptrdiff_t>(y * side * pixel_bytes));
    }
    pixels.rgba.resize(std::size_t{side} * side * pixel_bytes);
    pixels.width = pixels.height = side;
    return pixels;
}

Pixels shrunk(Pixels pixels, std::uint32_t side_pixels_max) {
    const std::uint32_t longer = std::max(pixels.width, pixels.height);
    if (longer <= side_pixels_max) return pixels;
    const auto scaled = [&](std::uint32_t side) {
        return std::max<std::uint64_t>(1, std::uint64_t{side} * side_pixels_max / longer);
    };
    Pixels small = pixels_of({.width = scaled(pixels.width), .height = scaled(pixels.height)});
    std::uint8_t* next = small.rgba.data();
    for (std::uint32_t y = 0; y < small.height; ++y) {
        const Span rows = span_of(y, small.height, pixels.height);
        for (std::uint32_t x = 0; x < small.width; ++x, next += pixel_bytes)
            mean_of(pixels, span_of(x, small.width, pixels.width), rows).write(next);
    }
    return small;
}

}  // namespace jebi::picture
