#include "kit/base/compress.h"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace jebi {

namespace {

constexpr int gzip_window_bits = 15 + 16;  // 32 KiB, and 16 chooses gzip's head and tail.
constexpr int memory_level = 8;            // zlib's default.
constexpr std::size_t piece_bytes = 65'536;

// zlib takes a pointer to what it only reads.
Bytef* readable(std::string_view bytes) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

uInt size_of(std::string_view bytes) {
    assert(bytes.size() <= UINT32_MAX);
    return static_cast<uInt>(bytes.size());
}

class Inflater {
public:
    Inflater() {
        const int status = inflateInit2(&stream_, gzip_window_bits);
        assert(status == Z_OK);
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;

    void give(std::string_view gzip) {
        stream_.next_in = readable(gzip);
        stream_.avail_in = size_of(gzip);
    }
    void begin_again() { inflateReset(&stream_); }

    // Appends up to `bytes_max` bytes to `out`; what zlib says.
    int inflate_some(std::string& out, std::size_t bytes_max) {
        const std::size_t before = out.size();
        out.resize(before + bytes_max);
        stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream_.avail_out = static_cast<uInt>(bytes_max);
        const int status = inflate(&stream_, Z_NO_FLUSH);
        out.resize(out.size() - stream_.avail_out);
        return status;
    }
    std::size_t input_left() const { return stream_.avail_in; }

private:
    z_stream stream_{};
};

}  // namespace

std::string gzipped(std::string_view text, int level) {
    z_stream stream{};
    int status = deflateInit2(&stream, level, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY);
    assert(status == Z_OK);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = readable(text);
    stream.avail_in = size_of(text);
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = size_of(out);
    status = deflate(&stream, Z_FINISH);
    assert(status == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string brotlied(std::string_view text, int quality) {
    std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
    std::string out(size, '\0');
    const auto done =
        BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(), readable(text),
                              &size, reinterpret_cast<std::uint8_t*>(out.data()));
    assert(done == BROTLI_TRUE);
    out.resize(size);
    return out;
}

Result<std::string> gunzipped(std::string_view gzip, std::size_t bytes_max) {
    Inflater inflater;
    inflater.give(gzip);
    std::string out;
    int status = Z_OK;
    while (status == Z_OK && out.size() <= bytes_max) {
        // One byte more than allowed tells "just fits" from "too large".
        status = inflater.inflate_some(out, std::min(piece_bytes - 1, bytes_max - out.size()) + 1);
    }
    const bool whole = status == Z_STREAM_END && inflater.input_left() == 0;
    if (status != Z_OK && !whole) return fail(Code::invalid, "This is not whole and valid gzip data.");
    if (out.size() > bytes_max) return fail(Code::exhausted, "The decompressed data is too large.");
    return out;
}

class GzipReader::State {
public:
    Result<void> read(std::string_view& gzip, std::size_t bytes_max, std::string& out) {
        const std::size_t end = out.size() + bytes_max;
        while (out.size() < end) {
            const std::size_t before = out.size(), given = gzip.size();
            TRY_VOID(read_some(gzip, std::min(piece_bytes, end - before), out));
            if (out.size() == before && gzip.size() == given) break;
        }
        return {};
    }
    bool is_whole() const { return is_whole_; }

private:
    Result<void> read_some(std::string_view& gzip, std::size_t bytes_max, std::string& out) {
        if (is_whole_ && gzip.empty()) return {};
        if (is_whole_) inflater_.begin_again();
        const std::string_view given = gzip.substr(0, piece_bytes);
        inflater_.give(given);
        const int status = inflater_.inflate_some(out, bytes_max);
        gzip.remove_prefix(given.size() - inflater_.input_left());
        is_whole_ = status == Z_STREAM_END;
        // Z_BUF_ERROR: there was nothing to do.
        if (!is_whole_ && status != Z_OK && status != Z_BUF_ERROR)
            return fail(Code::invalid, "This is not valid gzip data.");
        return {};
    }

    Inflater inflater_;
    bool is_whole_ = true;  // between parts
};

GzipReader::GzipReader() : state_(std::make_unique<State>()) {}
GzipReader::GzipReader(GzipReader&&) noexcept = default;
GzipReader& GzipReader::operator=(GzipReader&&) noexcept = default;
GzipReader::~GzipReader() = default;

Result<void> GzipReader::read(std::string_view& gzip, std::size_t bytes_max, std::string& out) {
    return state_->read(gzip, bytes_max, out);
}

bool GzipReader::is_whole() const {
    return state_->is_whole();
}

}  // namespace jebi
