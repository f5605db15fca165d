// A file that the build put into the program (see jebi_embed in cmake/room.cmake and
// kit/base/embed_main.cpp).
#pragma once

#include <span>
#include <string_view>

namespace jebi {

struct Embedded {
    std::string_view path;  // relative to the folder that was embedded: "0001_tweets.sql", "css/jebi.css"
    std::string_view content;
    std::string_view gzip;  // precompressed; empty when that saves nothing
    std::string_view brotli;
    std::string_view hash;  // first 16 hex digits of the content's SHA-256
};

}  // namespace jebi
