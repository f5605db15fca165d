// Digests of what is sent, by which its receiver sees that nothing was turned over on the way (RFC 9530,
// Content-Digest and Want-Content-Digest; SHA-256 is the algorithm known here).
//
// TLS has a check of its own. TCP's is 16 bits wide, and is made anew by every proxy: a changed byte can pass
// it, and be another number or another word. Only the content is covered, not the fields: that takes TLS.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jebi::http {

inline constexpr std::string_view content_digest_field = "Content-Digest";
inline constexpr std::string_view want_digest_field = "Want-Content-Digest";

// "sha-256=:BASE64:", of the content as it is sent: compressed, when it is.
std::string content_digest(std::string_view content);
// Does a Want-Content-Digest of this value ask for SHA-256? ("sha-256=0" does not.)
bool wants_digest(std::string_view wanted);
// Is it the content's? Nothing when a Content-Digest of this value says nothing by SHA-256; what is malformed
// behind that name fits nothing.
std::optional<bool> digest_fits(std::string_view digest, std::string_view content);

}  // namespace jebi::http
