// Punycode (RFC 3492), the form in which a label of a host name in another script than ASCII goes over the
// wire. Only its size is needed here.
#pragma once

#include <cstddef>
#include <string_view>

namespace jebi::tweets {

// The bytes of `label` in Punycode, without the prefix "xn--". The work grows with the square of the
// label's length: refuse long labels before.
std::size_t punycode_size(std::u32string_view label);

}  // namespace jebi::tweets
