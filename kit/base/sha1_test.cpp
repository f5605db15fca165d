#include "kit/base/sha1.h"

#include <doctest/doctest.h>

#include <string>

#include "kit/base/crypto.h"

using namespace jebi;

namespace {

std::string hex_of(std::string_view text) {
    const auto hash = sha1(text);
    return hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace

TEST_CASE("SHA-1 is as FIPS 180-4's examples say") {
    CHECK(hex_of("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(hex_of("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    CHECK(hex_of(std::string(1'000'000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST_CASE("texts that end at a block's end are padded right") {
    // From coreutils' sha1sum: the lengths around the block and around the room for the length.
    CHECK(hex_of(std::string(55, 'a')) == "c1c8bbdc22796e28c0e15163d20899b65621d65a");
    CHECK(hex_of(std::string(56, 'a')) == "c2db330f6083854c99d4b5bfb6e8f29f201be699");
    CHECK(hex_of(std::string(64, 'a')) == "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}
