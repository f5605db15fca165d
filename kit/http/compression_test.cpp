#include "kit/http/compression.h"

#include <doctest/doctest.h>

#include "kit/base/compress.h"

using namespace jebi;
using namespace jebi::http;

namespace {

const std::string text(5000, 'x');

Response compressed(Response response, std::string_view accept_encoding) {
    Request request;
    if (!accept_encoding.empty()) request.fields.add("Accept-Encoding", accept_encoding);
    compress_for(request, response);
    return response;
}

}  // namespace

TEST_CASE("the client's weights choose the coding, brotli before gzip") {
    CHECK(coding_for("gzip, deflate, br, zstd") == Coding::brotli);
    CHECK(coding_for("gzip") == Coding::gzip);
    CHECK(coding_for("GZIP;q=0.5") == Coding::gzip);
    CHECK(coding_for("br;q=0.5, gzip;q=0.8") == Coding::gzip);
    CHECK(coding_for("br;q=0, gzip") == Coding::gzip);
    CHECK(coding_for("br;q=0, gzip;q=0") == Coding::identity);
    CHECK(coding_for("*") == Coding::brotli);
    CHECK(coding_for("*;q=0.5, br;q=0") == Coding::gzip);
    CHECK(coding_for("*;q=0") == Coding::identity);
    CHECK(coding_for("identity, gzip;q=0.5") == Coding::identity);
    CHECK(coding_for("deflate, zstd") == Coding::identity);
    CHECK(coding_for("") == Coding::identity);
}

TEST_CASE("text of some size is compressed as the client asks, and caches are told") {
    const auto zipped = compressed(Response::json(200, text), "gzip");
    CHECK(zipped.fields.get("Content-Encoding") == "gzip");
    CHECK(zipped.fields.get("Vary") == "Accept-Encoding");
    CHECK(gunzipped(zipped.body, text.size()).value() == text);
    const auto brotli = compressed(Response::html(200, text), "gzip, br");
    CHECK(brotli.fields.get("Content-Encoding") == "br");
    CHECK(brotli.body.size() < 100);
    const auto plain = compressed(Response::html(200, text), "");
    CHECK(plain.body == text);
    CHECK_FALSE(plain.fields.get("Content-Encoding"));
    CHECK(plain.fields.get("Vary") == "Accept-Encoding");
}

TEST_CASE("small, huge, foreign and finished bodies are left alone") {
    const auto untouched = [](const Response& response) {
        const auto fields = response.fields.list.size();
        const auto after = compressed(response, "gzip, br");
        return after.body == response.body && after.fields.list.size() == fields;
    };
    const auto with = [](const char* name, const char* value) {
        auto response = Response::html(200, text);
        response.fields.add(name, value);
        return response;
    };
    CHECK(untouched(Response::text(200, std::string(compressed_bytes_min - 1, 'x'))));
    CHECK_FALSE(untouched(Response::text(200, std::string(compressed_bytes_min, 'x'))));
    CHECK(untouched(Response::text(200, std::string(compressed_bytes_max + 1, 'x'))));
    CHECK(untouched(with("Content-Encoding", "identity")));
    CHECK(untouched(with("ETag", "\"a\"")));
    CHECK(untouched(with("Cache-Control", "private, no-transform")));
    CHECK(untouched({.body = text}));
}

TEST_CASE("types that shrink are compressed, pictures are not") {
    for (const char* type : {"text/html; charset=utf-8", "text/plain", "application/json",
                             "application/json;a=b", "image/svg+xml", "application/x-ndjson"})
        CHECK(is_compressible(type));
    for (const char* type :
         {"image/png", "application/octet-stream", "application/proto", "", "application/jsonx"})
        CHECK_FALSE(is_compressible(type));
}
