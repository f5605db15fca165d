#include "kit/picture/picture.h"

#include <doctest/doctest.h>
#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

namespace jebi::picture {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using Colour = std::array<std::uint8_t, 4>;

constexpr Colour red{255, 0, 0, 255};
constexpr Colour green{0, 255, 0, 255};
constexpr Colour blue{0, 0, 255, 255};
constexpr Colour white{255, 255, 255, 255};

Colour at(const Pixels& pixels, std::uint32_t x, std::uint32_t y) {
    Colour colour;
    std::copy_n(&pixels.rgba[(std::size_t{y} * pixels.width + x) * 4], 4, colour.begin());
    return colour;
}

Pixels blank(std::uint32_t width, std::uint32_t height) {
    return {
        .width = width, .height = height, .rgba = std::vector<std::uint8_t>(std::size_t{width} * height * 4)};
}

template <typename ColourAt>
Pixels painted(std::uint32_t width, std::uint32_t height, ColourAt colour_at) {
    Pixels pixels = blank(width, height);
    auto next = pixels.rgba.begin();
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            const Colour colour = colour_at(x, y);
            next = std::ranges::copy(colour, next).out;
        }
    }
    return pixels;
}

// A quarter each of red, green, blue and white, from left to right and from top to bottom.
Pixels quarters(std::uint32_t width, std::uint32_t height) {
    return painted(width, height, [=](std::uint32_t x, std::uint32_t y) {
        const std::array<Colour, 4> colours{red, green, blue, white};
        return colours[(x * 2 >= width ? 1U : 0U) + (y * 2 >= height ? 2U : 0U)];
    });
}

std::string png_of(const Pixels& pixels) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = pixels.width;
    image.height = pixels.height;
    image.format = PNG_FORMAT_RGBA;
    png_alloc_size_t size = 0;
    REQUIRE(png_image_write_get_memory_size(image, size, 0, pixels.rgba.data(), 0, nullptr) != 0);
    std::string file(size, '\0');
    REQUIRE(png_image_write_to_memory(&image, file.data(), &size, 0, pixels.rgba.data(), 0, nullptr) != 0);
    return file.substr(0, size);
}

std::string jpeg_of(const Pixels& pixels, int format = TJPF_RGBA, int flags = 0) {
    const tjhandle encoder = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    REQUIRE(tjCompress2(encoder, pixels.rgba.data(), static_cast<int>(pixels.width), 0,
                        static_cast<int>(pixels.height), format, &bytes, &size, TJSAMP_444, 95, flags) == 0);
    std::string file(reinterpret_cast<const char*>(bytes), size);
    tjFree(bytes);
    tjDestroy(encoder);
    return file;
}

std::string webp_of(const Pixels& pixels) {
    const auto file = as_webp(pixels);
    REQUIRE(file.has_value());
    return *file;
}

// With an Exif of that orientation, and a comment in it.
std::string held(std::string jpeg, char orientation, bool low_first) {
    const std::string tiff = low_first
                                 ? "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s + orientation + "\0\0\0"s
                                 : "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + orientation + "\0\0"s;
    const std::string body = "Exif\0\0"s + tiff + "\0\0\0\0taken at home"s;
    const auto size = static_cast<char>(body.size() + 2);
    jpeg.insert(2, "\xff\xe1\0"s + size + body);
    return jpeg;
}

// "r g b w" by what each is nearest to.
char letter_of(const Colour& colour) {
    const bool has_red = colour[0] > 127, has_green = colour[1] > 127, has_blue = colour[2] > 127;
    if (has_red && has_green && has_blue) return 'w';
    return has_red ? 'r' : has_green ? 'g' : has_blue ? 'b' : '?';
}

std::string corners(const Pixels& pixels) {
    const std::uint32_t right = pixels.width - 1, bottom = pixels.height - 1;
    return {letter_of(at(pixels, 0, 0)), letter_of(at(pixels, right, 0)), letter_of(at(pixels, 0, bottom)),
            letter_of(at(pixels, right, bottom))};
}

std::string answer_of(std::string_view file, const Bounds& bounds = {}) {
    const auto pixels = decoded(file, bounds);
    return pixels ? "ok" : pixels.error().reason;
}

Pixels required(std::string_view file) {
    auto pixels = decoded(file, {});
    REQUIRE_MESSAGE(pixels.has_value(), (pixels ? "" : pixels.error().message));
    return std::move(*pixels);
}

}  // namespace

TEST_CASE("a PNG is decoded as it was, what can be seen through included") {
    const Pixels pixels = painted(37, 21, [](std::uint32_t x, std::uint32_t y) {
        return Colour{static_cast<std::uint8_t>(x * 6), static_cast<std::uint8_t>(y * 12), 77,
                      static_cast<std::uint8_t>(x * y)};
    });
    const Pixels again = required(png_of(pixels));
    CHECK(again.width == 37);
    CHECK(again.height == 21);
    CHECK(again.rgba == pixels.rgba);
}

TEST_CASE("a JPEG and a WebP are decoded nearly as they were") {
    for (const bool is_jpeg : {true, false}) {
        CAPTURE(is_jpeg);
        const Pixels pixels = quarters(64, 32);
        const Pixels again = required(is_jpeg ? jpeg_of(pixels) : webp_of(pixels));
        CHECK(again.width == 64);
        CHECK(again.height == 32);
        CHECK(corners(again) == "rgbw");
        CHECK(at(again, 1, 1)[0] > 240);
        CHECK(at(again, 1, 1)[2] < 15);
        CHECK(at(again, 1, 1)[3] == 255);
    }
}

TEST_CASE("a progressive JPEG is decoded") {
    CHECK(corners(required(jpeg_of(quarters(64, 32), TJPF_RGBA, TJFLAG_PROGRESSIVE))) == "rgbw");
}

TEST_CASE("a JPEG for print is decoded to the colours of light") {
    const Pixels ink = painted(16, 16, [](auto, auto) { return Colour{255, 0, 0, 255}; });
    const Pixels light = required(jpeg_of(ink, TJPF_CMYK));
    CHECK(corners(light) == "rrrr");
    CHECK(at(light, 8, 8)[3] == 255);
}

TEST_CASE("a JPEG is turned the way it was held") {
    const std::array<std::string, 9> seen{"", "rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"};
    for (char orientation = 1; orientation <= 8; ++orientation) {
        for (const bool low_first : {true, false}) {
            CAPTURE(int{orientation});
            CAPTURE(low_first);
            const Pixels pixels = required(held(jpeg_of(quarters(64, 32)), orientation, low_first));
            CHECK(corners(pixels) == seen[static_cast<std::size_t>(orientation)]);
            CHECK(pixels.width == (orientation >= 5 ? 32 : 64));
        }
    }
}

TEST_CASE("an orientation that is none changes nothing") {
    for (const char orientation : {'\0', '\x09', '\x7f'})
        CHECK(corners(required(held(jpeg_of(quarters(64, 32)), orientation, true))) == "rgbw");
}

TEST_CASE("nothing but pixels comes out") {
    const std::string photograph = held(jpeg_of(quarters(64, 32)), 1, true) + "and behind the end";
    REQUIRE(photograph.contains("taken at home"));
    const std::string kept = webp_of(required(photograph));
    CHECK(!kept.contains("taken at home"));
    CHECK(!kept.contains("and behind the end"));
    CHECK(!kept.contains("EXIF"));
    CHECK(kept.starts_with("RIFF"));
}

TEST_CASE("what a file says of its size is believed before anything is decoded") {
    const std::string bomb =
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\0\0\0\0\0\0\0"s;
    CHECK(answer_of(bomb) == "picture_too_large");
    const std::string png = png_of(quarters(40, 20));
    CHECK(answer_of(png, {.side_pixels_max = 40}) == "ok");
    CHECK(answer_of(png, {.side_pixels_max = 39}) == "picture_too_large");
    CHECK(answer_of(png, {.bytes_max = png.size()}) == "ok");
    CHECK(answer_of(png, {.bytes_max = png.size() - 1}) == "picture_too_large");
    CHECK(answer_of(jpeg_of(quarters(20, 40)), {.side_pixels_max = 39}) == "picture_too_large");
    CHECK(answer_of(webp_of(quarters(40, 20)), {.side_pixels_max = 39}) == "picture_too_large");
}

TEST_CASE("a file that is none of the three, or says nonsense, is refused") {
    for (const std::string_view file :
         {""sv, "GIF89a"sv, "<svg xmlns='http://www.w3.org/2000/svg'/>"sv, "\x89PNG\r\n\x1a\n"sv,
          "\xff\xd8\xff"sv, "RIFF\0\0\0\0WEBP"sv, "RIFF\0\0\0\0WEBPVP8 \0\0\0\0"sv,
          "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\x01\x08\x06\0\0\0\0\0\0\0"sv}) {
        CHECK(answer_of(file) == "picture_invalid");
    }
}

TEST_CASE("a moving WebP is refused") {
    const std::string moving =
        "RIFF\x22\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x0f\0\0\x0f\0\0ANIM\x06\0\0\0\0\0\0\0\0\0"s;
    CHECK(answer_of(moving) == "picture_invalid");
}

TEST_CASE("a JPEG of more scans than cameras make is refused") {
    std::string file = jpeg_of(quarters(64, 32));
    const auto end = file.rfind("\xff\xd9");
    for (int i = 0; i < 64; ++i)
        file.insert(end, "\xff\xda");
    CHECK(answer_of(file) == "picture_invalid");
}

TEST_CASE("a file that is cut off is refused") {
    const Pixels pixels = quarters(64, 32);
    for (const std::string& file : {png_of(pixels), jpeg_of(pixels), webp_of(pixels)}) {
        for (std::size_t size = 0; size < file.size() * 3 / 4; ++size) {
            CAPTURE(size);
            REQUIRE(answer_of(file.substr(0, size)) == "picture_invalid");
        }
    }
    const std::string jpeg = jpeg_of(pixels);
    CHECK(answer_of(jpeg.substr(0, jpeg.size() - 2)) == "picture_invalid");
}

TEST_CASE("a file with wrong bytes is decoded or refused, within its size") {
    const std::uint32_t seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const Pixels pixels = quarters(64, 32);
    const std::array<std::string, 4> files{png_of(pixels), jpeg_of(pixels), webp_of(pixels),
                                           held(jpeg_of(pixels), 6, true)};
    for (int i = 0; i < 4'000; ++i) {
        std::string file = files[static_cast<std::size_t>(i) % files.size()];
        for (int wrong = 0; wrong < 3; ++wrong)
            file[random() % file.size()] = static_cast<char>(random());
        const auto result = decoded(file, {.side_pixels_max = 256});
        if (!result) continue;
        REQUIRE(result->rgba.size() == std::size_t{result->width} * result->height * 4);
        REQUIRE(std::max(result->width, result->height) <= 256);
    }
}

TEST_CASE("a square is cut from the middle") {
    const auto number = [](std::uint32_t x, std::uint32_t y) {
        return Colour{static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 0, 255};
    };
    const Pixels wide = square(painted(10, 4, number));
    CHECK(wide.width == 4);
    CHECK(wide.height == 4);
    CHECK(wide.rgba.size() == 64);
    CHECK(at(wide, 0, 0) == Colour{3, 0, 0, 255});
    CHECK(at(wide, 3, 3) == Colour{6, 3, 0, 255});
    const Pixels tall = square(painted(4, 9, number));
    CHECK(at(tall, 0, 0) == Colour{0, 2, 0, 255});
    CHECK(at(tall, 3, 3) == Colour{3, 5, 0, 255});
    CHECK(square(painted(4, 4, number)).rgba == painted(4, 4, number).rgba);
}

TEST_CASE("a pixel of a shrunken picture is the mean of those it stands for") {
    const Pixels pixels = painted(4, 2, [](std::uint32_t x, std::uint32_t y) {
        return Colour{static_cast<std::uint8_t>(10 * x + 100 * y), 0, 0, 255};
    });
    const Pixels half = shrunk(pixels, 2);
    CHECK(half.width == 2);
    CHECK(half.height == 1);
    CHECK(at(half, 0, 0) == Colour{55, 0, 0, 255});
    CHECK(at(half, 1, 0) == Colour{75, 0, 0, 255});
    const Pixels two_thirds = shrunk(
        painted(3, 1,
                [](std::uint32_t x, auto) { return Colour{static_cast<std::uint8_t>(90 * x), 0, 0, 255}; }),
        2);
    CHECK(at(two_thirds, 0, 0)[0] == 30);
    CHECK(at(two_thirds, 1, 0)[0] == 150);
}

TEST_CASE("what cannot be seen gives no colour to a shrunken picture") {
    const Pixels edge =
        painted(2, 1, [](std::uint32_t x, auto) { return x == 0 ? red : Colour{0, 255, 0, 0}; });
    CHECK(at(shrunk(edge, 1), 0, 0) == Colour{255, 0, 0, 128});
    CHECK(at(shrunk(blank(2, 2), 1), 0, 0) == Colour{0, 0, 0, 0});
}

TEST_CASE("a picture that is small enough stays as it is, and a thin one keeps a pixel") {
    const Pixels pixels = quarters(6, 4);
    CHECK(shrunk(pixels, 6).rgba == pixels.rgba);
    const Pixels thin = shrunk(blank(1'000, 1), 10);
    CHECK(thin.width == 10);
    CHECK(thin.height == 1);
}

}  // namespace jebi::picture
