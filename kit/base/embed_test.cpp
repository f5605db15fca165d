// What the build embedded by kit/base/CMakeLists.txt, against the files that it was made from.
#include <doctest/doctest.h>

#include "kit/base/compress.h"
#include "kit/base/crypto.h"
#include "kit/base/embed_samples.h"
#include "kit/base/embed_samples_compressed.h"

namespace jebi {

namespace {

std::string long_sample() {
    std::string text;
    for (int i = 0; i < 4000; ++i)
        text += "제비 \"a\\n\" ?\?/ 0123\t\n";
    return text;
}

}  // namespace

TEST_CASE("embedded files are sorted by their paths, without hidden ones") {
    const auto files = embed_samples();
    REQUIRE(files.size() == 3);
    CHECK(files[0].path == "css/short.css");
    CHECK(files[1].path == "empty.txt");
    CHECK(files[2].path == "long.txt");
}

TEST_CASE("embedded content is that of the file, byte for byte") {
    const auto files = embed_samples();
    CHECK(files[0].content == "a{}");
    CHECK(files[1].content.empty());
    CHECK(files[2].content.size() > 65'536);
    CHECK(files[2].content == long_sample());
}

TEST_CASE("an embedded file has the first 16 digits of its SHA-256") {
    for (const Embedded& file : embed_samples()) {
        CHECK(file.hash == hex(bytes_of(sha256(file.content))).substr(0, 16));
    }
}

TEST_CASE("files are embedded compressed only when asked, and where that is smaller") {
    for (const Embedded& file : embed_samples()) {
        CHECK(file.gzip.empty());
        CHECK(file.brotli.empty());
    }
    const auto compressed = embed_samples_compressed();
    REQUIRE(compressed.size() == 3);
    CHECK(compressed[0].gzip.empty());
    CHECK(compressed[0].brotli.empty());
    CHECK(compressed[1].gzip.empty());
    const Embedded& large = compressed[2];
    CHECK(large.content == long_sample());
    CHECK(gunzipped(large.gzip, large.content.size()).value() == large.content);
    CHECK(large.brotli == brotlied(large.content, 11));
}

}  // namespace jebi
