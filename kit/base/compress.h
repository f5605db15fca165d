// Compression of what goes to browsers, and reading of what other programs compressed (zlib and brotli;
// kit/base/compress.cpp is the only file that includes them).
#pragma once

#include <cstddef>
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

}  // namespace jebi
