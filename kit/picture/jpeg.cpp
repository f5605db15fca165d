#include <turbojpeg.h>

#include <memory>

#include "kit/picture/exif.h"
#include "kit/picture/formats.h"

namespace jebi::picture {

namespace {

// A progressive picture comes in some ten scans. One of thousands would take minutes: see
// https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf.
constexpr std::size_t scans_max = 64;

struct Destroy {
    void operator()(void* decoder) const { tjDestroy(decoder); }
};
using Decoder = std::unique_ptr<void, Destroy>;

struct Header {
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
};

std::optional<Header> header_of(const Decoder& decoder, std::string_view file) {
    Header header;
    if (!decoder || tjDecompressHeader3(decoder.get(), bytes_in(file), file.size(), &header.width,
                                        &header.height, &header.subsampling, &header.colours) != 0) {
        return std::nullopt;
    }
    return header;
}

// Scans begin with these two bytes, which stand nowhere else in what is compressed; a preview in the metadata
// has its own.
std::size_t scans_in(std::string_view file) {
    std::size_t scans = 0;
    for (auto at = file.find("\xff\xda"); at != std::string_view::npos && scans <= scans_max;
         at = file.find("\xff\xda", at + 2)) {
        ++scans;
    }
    return scans;
}

// The decoder paints what is missing grey and only warns, as it does of harmless things.
bool has_end(std::string_view file) {
    const auto last_scan = file.rfind("\xff\xda");
    const auto end = file.rfind("\xff\xd9");
    return last_scan != std::string_view::npos && end != std::string_view::npos && end > last_scan;
}

bool is_for_print(const Header& header) {
    return header.colours == TJCS_CMYK || header.colours == TJCS_YCCK;
}

// Cyan, magenta, yellow and black, each the other way round, as Adobe writes them.
void turn_to_light(Pixels& pixels) {
    for (std::size_t i = 0; i < pixels.rgba.size(); i += 4) {
        std::uint8_t* pixel = &pixels.rgba[i];
        for (std::size_t colour = 0; colour < 3; ++colour)
            pixel[colour] = static_cast<std::uint8_t>(pixel[colour] * pixel[3] / 255);
        pixel[3] = 255;
    }
}

}  // namespace

bool is_jpeg(std::string_view file) {
    return file.starts_with("\xff\xd8\xff");
}

std::optional<Size> jpeg_size(std::string_view file) {
    const auto header = header_of(Decoder(tjInitDecompress()), file);
    if (!header || header->width <= 0 || header->height <= 0) return std::nullopt;
    return Size{.width = static_cast<std::uint64_t>(header->width),
                .height = static_cast<std::uint64_t>(header->height)};
}

std::optional<Pixels> decoded_jpeg(std::string_view file, Size size) {
    if (scans_in(file) > scans_max || !has_end(file)) return std::nullopt;
    const Decoder decoder(tjInitDecompress());
    const auto header = header_of(decoder, file);
    if (!header) return std::nullopt;
    Pixels pixels = pixels_of(size);
    const int done =
        tjDecompress2(decoder.get(), bytes_in(file), file.size(), pixels.rgba.data(), header->width, 0,
                      header->height, is_for_print(*header) ? TJPF_CMYK : TJPF_RGBA, 0);
    if (done != 0 && tjGetErrorCode(decoder.get()) != TJERR_WARNING) return std::nullopt;
    if (is_for_print(*header)) turn_to_light(pixels);
    return upright(std::move(pixels), exif_orientation(file));
}

}  // namespace jebi::picture
