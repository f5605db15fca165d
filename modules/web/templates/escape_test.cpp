#include "modules/web/templates/escape.h"

#include <doctest/doctest.h>

namespace jebi::web {
namespace {

TEST_CASE("what HTML could take for markup is escaped, and all else stays") {
    CHECK(html_escaped("").empty());
    CHECK(html_escaped("제비 a\nb\t`=/;\x01") == "제비 a\nb\t`=/;\x01");
    CHECK(html_escaped("<&>\"'") == "&lt;&amp;&gt;&quot;&#39;");
    CHECK(html_escaped("a<b&&c") == "a&lt;b&amp;&amp;c");
    CHECK(html_escaped("&amp;") == "&amp;amp;");
}

TEST_CASE("every single byte stays itself or becomes a reference") {
    for (int c = 0; c < 256; ++c) {
        const std::string byte(1, static_cast<char>(c));
        const std::string escaped = html_escaped(byte);
        CHECK((escaped == byte || (escaped.front() == '&' && escaped.back() == ';')));
        CHECK(escaped.find_first_of("<>\"'") == std::string::npos);
    }
}

TEST_CASE("addresses that lead to a page are harmless") {
    for (const auto* address : {"", "/", "/users/minji", "?lang=ko", "#main", "tweets", "//example.org/x",
                                "http://example.org", "HTTPS://example.org/a:b", "mailto:a@example.org",
                                "/tweets?next=javascript:x", "./a:b", "?a=b:c", "#a:b"}) {
        CAPTURE(address);
        CHECK(is_harmless_address(address));
    }
}

TEST_CASE("addresses that run something are not, however their scheme is written") {
    for (const auto* address :
         {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
          "\x01javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "blob:x", "file:///etc", ":",
          "htt\tp://example.org", "https\n:x"}) {
        CAPTURE(address);
        CHECK_FALSE(is_harmless_address(address));
    }
}

}  // namespace
}  // namespace jebi::web
