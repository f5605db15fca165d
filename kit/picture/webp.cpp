#include <webp/decode.h>
#include <webp/encode.h>

#include "kit/picture/formats.h"

namespace jebi::picture {

namespace {

constexpr float quality = 85;

std::optional<WebPBitstreamFeatures> features_of(std::string_view file) {
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(bytes_in(file), file.size(), &features) != VP8_STATUS_OK) return std::nullopt;
    return features;
}

}  // namespace

bool is_webp(std::string_view file) {
    return file.starts_with("RIFF") && file.size() >= 12 && file.substr(8, 4) == "WEBP";
}

std::optional<Size> webp_size(std::string_view file) {
    const auto features = features_of(file);
    if (!features || features->width <= 0 || features->height <= 0 || features->has_animation != 0) {
        return std::nullopt;
    }
    return Size{.width = static_cast<std::uint64_t>(features->width),
                .height = static_cast<std::uint64_t>(features->height)};
}

std::optional<Pixels> decoded_webp(std::string_view file, Size size) {
    Pixels pixels = pixels_of(size);
    const int row_bytes = static_cast<int>(size.width * 4);
    if (WebPDecodeRGBAInto(bytes_in(file), file.size(), pixels.rgba.data(), pixels.rgba.size(), row_bytes) ==
        nullptr) {
        return std::nullopt;
    }
    return pixels;
}

Result<std::string> as_webp(const Pixels& pixels) {
    std::uint8_t* bytes = nullptr;
    const int width = static_cast<int>(pixels.width);
    const std::size_t size = WebPEncodeRGBA(pixels.rgba.data(), width, static_cast<int>(pixels.height),
                                            width * 4, quality, &bytes);
    if (size == 0) return fail(Code::internal, "The picture cannot be kept right now.");
    std::string file(reinterpret_cast<const char*>(bytes), size);
    WebPFree(bytes);
    return file;
}

}  // namespace jebi::picture
