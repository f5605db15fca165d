#include "kit/http/digest.h"

#include <doctest/doctest.h>

namespace jebi::http {

TEST_CASE("a digest is the one that RFC 9530, B.1, gives, and that of nothing") {
    CHECK(content_digest("{\"hello\": \"world\"}\n") ==
          "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    CHECK(content_digest("") == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
}

TEST_CASE("a digest fits its content, and no other") {
    const std::string ours = content_digest("hello");
    CHECK(digest_fits(ours, "hello") == true);
    CHECK(digest_fits("sha-512=:YQ==:,  " + ours, "hello") == true);
    CHECK(digest_fits(ours + ";by=us", "hello") == true);
    CHECK(digest_fits(ours, "hellp") == false);
    CHECK(digest_fits(content_digest("hellp") + ", " + ours, "hello") == true);  // the last counts
    for (const std::string broken :
         {"sha-256", "sha-256=", "sha-256=:", "sha-256=::", "sha-256=:*:", "sha-256=aGVsbG8="})
        CHECK(digest_fits(broken, "hello") == false);
    for (const std::string silent : {"", ",", "sha-512=:YQ==:", "sha-25v=:YQ==:"})
        CHECK(digest_fits(silent, "hello") == std::nullopt);
}

TEST_CASE("a single bit of a digest or of its content that is turned over is seen") {
    const std::string content = "id 1234567890";
    const std::string digest = content_digest(content);
    for (std::size_t bit = 0; bit < content.size() * 8; ++bit) {
        std::string other = content;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
        CHECK(digest_fits(digest, other) == false);
    }
    for (std::size_t bit = 0; bit < digest.size() * 8; ++bit) {
        std::string other = digest;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
        CAPTURE(other);
        CHECK(digest_fits(other, content) != true);
    }
}

TEST_CASE("who wants a digest by another algorithm, or none, does not get ours") {
    CHECK(wants_digest("sha-256=1"));
    CHECK(wants_digest("sha-512=3, sha-256=10"));
    CHECK_FALSE(wants_digest("sha-256=0"));
    CHECK_FALSE(wants_digest("sha-256"));
    CHECK_FALSE(wants_digest("sha-512=10"));
    CHECK_FALSE(wants_digest(""));
}

}  // namespace jebi::http
