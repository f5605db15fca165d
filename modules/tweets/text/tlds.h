// The top-level domains: what tells "example.com" from "example.cpp" in a text.
//
// The names are facts of the IANA root zone, https://data.iana.org/TLD/tlds-alpha-by-domain.txt, as of
// February 2023. Names that were withdrawn before stay, since texts outlive them, and "onion" is there
// (RFC 7686). To renew: write the "XN--" names of that file as UTF-8 (`idn2 --decode`), add to tlds.cpp
// what is missing, and keep the order by bytes, which the compiler checks.
#pragma once

#include <string_view>

namespace jebi::tweets {

// Is `name` (lower case, UTF-8 rather than "xn--") a top-level domain?
bool is_tld(std::string_view name);
// Is there a top-level domain that begins with `name`?
bool begins_tld(std::string_view name);

}  // namespace jebi::tweets
