#include "kit/picture/exif.h"

#include <algorithm>
#include <optional>

#include "kit/picture/formats.h"

namespace jebi::picture {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view exif_start = "Exif\0\0"sv;
constexpr std::size_t segments_max = 100;  // looked at before the picture begins
constexpr std::uint64_t orientation_tag = 0x0112;
constexpr std::uint64_t entries_max = 200;
constexpr std::size_t entry_bytes = 12;

std::uint64_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

// What stands behind "Exif" in the first such segment; empty: there is none.
std::string_view exif_in(std::string_view jpeg) {
    constexpr std::uint64_t start_of_scan = 0xda;
    constexpr std::uint64_t app1 = 0xe1;
    std::size_t at = 2;
    for (std::size_t i = 0; i < segments_max && at + 4 <= jpeg.size() && byte_at(jpeg, at) == 0xff; ++i) {
        const std::uint64_t marker = byte_at(jpeg, at + 1);
        const std::uint64_t bytes = byte_at(jpeg, at + 2) << 8 | byte_at(jpeg, at + 3);
        if (marker == start_of_scan || bytes < 2 || at + 2 + bytes > jpeg.size()) return {};
        const std::string_view body = jpeg.substr(at + 4, bytes - 2);
        if (marker == app1 && body.starts_with(exif_start)) return body.substr(exif_start.size());
        at += 2 + bytes;
    }
    return {};
}

// Numbers in a TIFF, whose first two bytes say which byte of them comes first.
class Tiff {
public:
    explicit Tiff(std::string_view bytes) : bytes_(bytes), low_first_(bytes.starts_with("II")) {}
    bool is_one() const { return low_first_ || bytes_.starts_with("MM"); }

    std::optional<std::uint64_t> number(std::uint64_t at, std::size_t size) const {
        if (at > bytes_.size() || bytes_.size() - at < size) return std::nullopt;
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < size; ++i)
            number = number << 8 | byte_at(bytes_, at + (low_first_ ? size - 1 - i : i));
        return number;
    }

private:
    std::string_view bytes_;
    bool low_first_;
};

std::uint64_t orientation_in(const Tiff& tiff) {
    const std::uint64_t directory = tiff.number(4, 4).value_or(0);
    const std::uint64_t entries = std::min(tiff.number(directory, 2).value_or(0), entries_max);
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t entry = directory + 2 + i * entry_bytes;
        if (tiff.number(entry, 2) == orientation_tag) return tiff.number(entry + 8, 2).value_or(0);
    }
    return 0;
}

bool mirrors_columns(int orientation) {
    return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}
bool mirrors_rows(int orientation) {
    return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}
bool swaps_sides(int orientation) {
    return orientation >= 5;
}

}  // namespace

int exif_orientation(std::string_view jpeg) {
    const Tiff tiff(exif_in(jpeg));
    const std::uint64_t said = tiff.is_one() ? orientation_in(tiff) : 0;
    return said >= 1 && said <= 8 ? static_cast<int>(said) : orientation_upright;
}

Pixels upright(Pixels pixels, int orientation) {
    if (orientation == orientation_upright) return pixels;
    const bool swaps = swaps_sides(orientation);
    Pixels turned = pixels_of(
        {.width = swaps ? pixels.height : pixels.width, .height = swaps ? pixels.width : pixels.height});
    auto next = turned.rgba.begin();
    for (std::size_t y = 0; y < turned.height; ++y) {
        for (std::size_t x = 0; x < turned.width; ++x, next += 4) {
            std::size_t from_x = swaps ? y : x;
            std::size_t from_y = swaps ? x : y;
            if (mirrors_columns(orientation)) from_x = pixels.width - 1 - from_x;
            if (mirrors_rows(orientation)) from_y = pixels.height - 1 - from_y;
            std::copy_n(&pixels.rgba[(from_y * pixels.width + from_x) * 4], 4, next);
        }
    }
    return turned;
}

}  // namespace jebi::picture
