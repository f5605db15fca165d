#include <doctest/doctest.h>

#include "kit/base/compress.h"
#include "kit/base/hash.h"

namespace jebi {

TEST_CASE("a zstd frame gives back what was compressed, and only at its own size") {
    const std::string text(100'000, 'a');
    std::string frame = "kept";
    append_zstd(frame, text, 1);
    CHECK(frame.starts_with("kept"));
    CHECK(frame.size() < 1'000);
    const std::string_view compressed = std::string_view{frame}.substr(4);
    std::string found(text.size(), '\0');
    CHECK(unzstd(compressed, found.data(), found.size()));
    CHECK(found == text);
    CHECK_FALSE(unzstd(compressed, found.data(), found.size() - 1));
    CHECK_FALSE(unzstd(compressed.substr(0, compressed.size() - 1), found.data(), found.size()));
    CHECK_FALSE(unzstd("no frame", found.data(), found.size()));
}

TEST_CASE("hashes stay what they are, as files keep them") {
    // XXH3's own values for the empty text.
    CHECK(hash64("") == 0x2D06800538D394C2ULL);
    CHECK(hash128("").low == 0x6001C324468D497FULL);
    CHECK(hash128("").high == 0x99AA06D3014798D8ULL);
    CHECK(hash64("a") != hash64("a", 1));
    CHECK(hash64("a") != hash64("b"));
}

}  // namespace jebi
