// Files for browsers: styles, scripts, icons.
//
// Embedded at build, with gzip and brotli beside. The address of an asset carries its hash
// ("/assets/1a2b3c4d5e6f7081/jebi.css"), so an answer may be kept for a year (`immutable`). With a folder
// given (`--dev`) files are read from disk at each request instead, and are not kept by the browser.
#pragma once

#include <span>
#include <string>

#include "kit/base/embedded.h"
#include "kit/http/message.h"

namespace jebi::http {

class Assets {
public:
    // `folder`: where the sources are, for `--dev`; empty: serve what is embedded.
    Assets(std::span<const Embedded> files, std::string folder);

    // "/assets/1a2b3c4d5e6f7081/jebi.css" ("/assets/dev/jebi.css" with a folder); the name must be there: an
    // assert. A slash in a name is written %2F, so that a name is one segment.
    std::string address(std::string_view name) const;

    // For the route "/assets/{hash}/{name}": 200, 304 (If-None-Match), or 404. A wrong hash is answered too,
    // as pages from before a restart ask with it, but must be asked for again each time.
    Response serve(const Request& request) const;

private:
    const Embedded* find(std::string_view name) const;

    std::span<const Embedded> files_;
    std::string folder_;
};

}  // namespace jebi::http
