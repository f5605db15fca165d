#include "kit/http/compression.h"

#include <algorithm>
#include <array>
#include <optional>

#include "kit/base/compress.h"

namespace jebi::http {

namespace {

// Quick ones: higher levels cost a loop more time than they save the network.
constexpr int brotli_quality = 1;
constexpr int gzip_level = 1;

// The weight of a coding, by name or by "*".
std::optional<int> weight_of(std::string_view coding, const std::vector<Weighted>& accepted) {
    const auto named = std::ranges::find_if(
        accepted, [&](const Weighted& one) { return equal_without_case(one.choice, coding); });
    if (named != accepted.end()) return named->weight;
    const auto any = std::ranges::find(accepted, "*", &Weighted::choice);
    return any == accepted.end() ? std::nullopt : std::optional{any->weight};
}

bool may_be_changed(const Response& response) {
    const auto caching = response.fields.get("Cache-Control");
    return !response.stream && !caching.value_or("").contains("no-transform") &&
           !response.fields.get("ETag") && !response.fields.get("Content-Encoding");
}

}  // namespace

Coding coding_for(std::string_view accept_encoding) {
    const auto accepted = weighted(accept_encoding);
    const int brotli = weight_of("br", accepted).value_or(0);
    const int gzip = weight_of("gzip", accepted).value_or(0);
    const int identity = weight_of("identity", accepted).value_or(1);
    if (brotli > 0 && brotli >= gzip && brotli >= identity) return Coding::brotli;
    if (gzip > 0 && gzip >= identity) return Coding::gzip;
    return Coding::identity;
}

bool is_compressible(std::string_view content_type) {
    constexpr std::array<std::string_view, 6> types{"application/json",          "application/javascript",
                                                    "application/xml",           "image/svg+xml",
                                                    "application/manifest+json", "application/x-ndjson"};
    const auto type = content_type.substr(0, content_type.find_first_of("; "));
    return type.starts_with("text/") || std::ranges::find(types, type) != types.end();
}

void compress_for(const Request& request, Response& response) {
    const std::size_t size = response.body.size();
    if (size < compressed_bytes_min || size > compressed_bytes_max || !may_be_changed(response)) return;
    if (!is_compressible(response.fields.get("Content-Type").value_or(""))) return;
    response.fields.add("Vary", "Accept-Encoding");
    const Coding coding = coding_for(request.fields.get("Accept-Encoding").value_or(""));
    if (coding == Coding::identity) return;
    const bool brotli = coding == Coding::brotli;
    response.body = brotli ? brotlied(response.body, brotli_quality) : gzipped(response.body, gzip_level);
    response.fields.add("Content-Encoding", brotli ? "br" : "gzip");
}

}  // namespace jebi::http
