// Forms that carry files: multipart/form-data (RFC 7578), as browsers and Mastodon's clients send them.
//
// As strict as the rest of what reads requests: a part without a name, a doubled parameter, bytes before the
// first boundary or behind the last, a boundary that is only the beginning of a line are refused, so that
// nobody reads a form in another way than we do. Never uses more memory than the body has already, but for
// names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/http/message.h"

namespace jebi::http {

struct MultipartLimits {
    std::size_t parts_max = form_fields_max;
    std::size_t head_bytes_max = 4 * 1024;  // of a part's header
    std::size_t text_bytes_max = 64 * 1024;
    std::size_t file_bytes_max = 2 * 1024 * 1024;
};

// Its views look into the request's body.
struct Part {
    std::string name;
    // Set when it is a file; what the sender calls it, so never a path to write to. May be empty: a browser
    // sends such a part, with no bytes, when no file was chosen.
    std::optional<std::string> file_name;
    std::string_view content_type;  // as the sender says; empty when it does not
    std::string_view bytes;         // of a text: UTF-8
};

struct Multipart {
    std::vector<Part> parts;

    // The texts, as form_from() has them.
    Fields<std::string> form() const;
    // The first file of that name that has bytes; null when there is none.
    const Part* file(std::string_view name) const;
};

bool is_multipart(const Request& request);
// `invalid`, with what is wrong; with the reason "too_large" when a bound is passed.
Result<Multipart> multipart_from(const Request& request, const MultipartLimits& limits = {});

}  // namespace jebi::http
