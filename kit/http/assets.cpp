#include "kit/http/assets.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fstream>
#include <iterator>

#include "kit/http/compression.h"
#include "kit/http/pieces.h"

namespace jebi::http {

namespace {

std::string_view content_type_of(std::string_view name) {
    struct Type {
        std::string_view ending;
        std::string_view name;
    };
    constexpr std::array<Type, 13> types{{{".css", "text/css; charset=utf-8"},
                                          {".js", "text/javascript; charset=utf-8"},
                                          {".svg", "image/svg+xml"},
                                          {".png", "image/png"},
                                          {".ico", "image/x-icon"},
                                          {".webp", "image/webp"},
                                          {".jpg", "image/jpeg"},
                                          {".woff2", "font/woff2"},
                                          {".html", "text/html; charset=utf-8"},
                                          {".txt", "text/plain; charset=utf-8"},
                                          {".json", "application/json"},
                                          {".map", "application/json"},
                                          {".webmanifest", "application/manifest+json"}}};
    const auto found =
        std::ranges::find_if(types, [&](const Type& type) { return name.ends_with(type.ending); });
    return found == types.end() ? "application/octet-stream" : found->name;
}

// One way of sending a file.
struct Form {
    std::string_view bytes;
    std::string_view coding;  // empty: as it is
};

Form form_for(const Request& request, const Embedded& file) {
    const Coding coding = coding_for(request.fields.get("Accept-Encoding").value_or(""));
    if (coding == Coding::brotli && !file.brotli.empty()) return {file.brotli, "br"};
    if (coding == Coding::gzip && !file.gzip.empty()) return {file.gzip, "gzip"};
    return {file.content, ""};
}

// Each form has a tag of its own, as a strong one stands for the very bytes.
std::string tag_of(const Embedded& file, const Form& form) {
    std::string tag = "\"" + std::string(file.hash);
    if (!form.coding.empty()) tag.append("-").append(form.coding);
    return tag.append("\"");
}

// If-None-Match: a list of tags, or "*". Compared weakly, as RFC 9110, 13.1.2 asks.
bool has_it_already(const Request& request, std::string_view tag) {
    auto rest = request.fields.get("If-None-Match").value_or("");
    while (!rest.empty()) {
        auto one = without_blanks(next_piece(rest, ','));
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag || one == "*") return true;
    }
    return false;
}

Response serve_embedded(const Request& request, const Embedded& file) {
    const Form form = form_for(request, file);
    const std::string tag = tag_of(file, form);
    const bool right_hash = request.captured_as("hash") == file.hash;
    Response response{.status = has_it_already(request, tag) ? 304 : 200};
    response.fields.add("ETag", tag);
    response.fields.add("Cache-Control", right_hash ? "public, max-age=31536000, immutable" : "no-cache");
    response.fields.add("Vary", "Accept-Encoding");
    if (response.status == 304) return response;
    response.fields.add("Content-Type", std::string(content_type_of(file.path)));
    if (!form.coding.empty()) response.fields.add("Content-Encoding", std::string(form.coding));
    response.body = form.bytes;
    return response;
}

Response serve_from(const std::string& folder, const Embedded& file) {
    std::ifstream source{folder + "/" + std::string(file.path), std::ios::binary};
    if (!source) return Response::text(404, "There is no such file any more.\n");
    Response response{.body = {std::istreambuf_iterator<char>(source), {}}};
    response.fields.add("Content-Type", std::string(content_type_of(file.path)));
    response.fields.add("Cache-Control", "no-store");
    return response;
}

}  // namespace

Assets::Assets(std::span<const Embedded> files, std::string folder)
    : files_(files), folder_(std::move(folder)) {}

const Embedded* Assets::find(std::string_view name) const {
    const auto found = std::ranges::find(files_, name, &Embedded::path);
    return found == files_.end() ? nullptr : &*found;
}

std::string Assets::address(std::string_view name) const {
    const Embedded* file = find(name);
    assert(file != nullptr && "an asset that is not there");
    return "/assets/" + (folder_.empty() ? std::string(file->hash) : "dev") + "/" + percent_encoded(name);
}

// Only names that were embedded are looked for on disk, so that no name leads out of the folder.
Response Assets::serve(const Request& request) const {
    const Embedded* file = find(request.captured_as("name"));
    if (file == nullptr) return Response::text(404, "There is no such file.\n");
    return folder_.empty() ? serve_embedded(request, *file) : serve_from(folder_, *file);
}

}  // namespace jebi::http
