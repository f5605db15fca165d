// Compression of what goes to browsers, reading of what other programs compressed, and compression of what is
// kept on disk (zlib, brotli and zstd; compress.cpp and zstd.cpp are the only files that include them).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi {

// As gzip (RFC 1952); `level` from 1 (quick) to 9 (small). The same text gives the same bytes.
std::string gzipped(std::string_view text, int level);

// As brotli (RFC 7932); `quality` from 0 (quick) to 11 (small, and slow: for the build).
std::string brotlied(std::string_view text, int quality);

// What was gzipped. `exhausted` when it is larger than `bytes_max`, which a small input may be on
// purpose ("zip bomb"); `invalid` when it is damaged, cut off or followed by something else.
Result<std::string> gunzipped(std::string_view gzip, std::size_t bytes_max);

// Decompresses gzip piece by piece, in memory that does not grow with it. What was gzipped in several parts,
// one behind the other (as `cat a.gz b.gz` makes), counts as one. One thread at a time.
class GzipReader {
public:
    GzipReader();
    GzipReader(GzipReader&&) noexcept;
    GzipReader& operator=(GzipReader&&) noexcept;
    ~GzipReader();

    // Appends up to `bytes_max` bytes to `out`, and takes off the front of `gzip` what they were made of.
    // Appends nothing: it needs more. `invalid` when it is damaged.
    Result<void> read(std::string_view& gzip, std::size_t bytes_max, std::string& out);
    // Could it end here?
    bool is_whole() const;

private:
    class State;
    std::unique_ptr<State> state_;
};

// Appends `bytes` as one zstd frame (RFC 8878); `level` from 1 (quick) to 19 (small). Quick to call again on
// the same thread, which keeps the compressor's memory.
void append_zstd(std::string& out, std::string_view bytes, int level);

// Decompresses one zstd frame into exactly `size` bytes at `out`; false when it is damaged or of another
// size.
bool unzstd(std::string_view frame, char* out, std::size_t size);

}  // namespace jebi
