#include <zstd.h>

#include <cassert>
#include <memory>

#include "kit/base/compress.h"

namespace jebi {

namespace {

struct FreeCompressor {
    void operator()(ZSTD_CCtx* compressor) const { ZSTD_freeCCtx(compressor); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx* decompressor) const { ZSTD_freeDCtx(decompressor); }
};

}  // namespace

void append_zstd(std::string& out, std::string_view bytes, int level) {
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> compressor{ZSTD_createCCtx()};
    const std::size_t before = out.size(), room = ZSTD_compressBound(bytes.size());
    out.resize_and_overwrite(before + room, [&](char* begin, std::size_t) {
        const std::size_t size =
            ZSTD_compressCCtx(compressor.get(), begin + before, room, bytes.data(), bytes.size(), level);
        assert(ZSTD_isError(size) == 0);
        return before + size;
    });
}

bool unzstd(std::string_view frame, char* out, std::size_t size) {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> decompressor{ZSTD_createDCtx()};
    return ZSTD_decompressDCtx(decompressor.get(), out, size, frame.data(), frame.size()) == size;
}

}  // namespace jebi
