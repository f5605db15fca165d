#include "modules/log_analytics/explorer/html.h"

#include <doctest/doctest.h>

namespace jebi::log_analytics {

TEST_CASE("what could be markup becomes text, in content and in attributes") {
    CHECK(Html().text("<script>alert('x')</script> & \"y\"").take() ==
          "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;");
}

TEST_CASE("control characters become their pictures, line breaks and tabs stay") {
    CHECK(Html().text(std::string_view("a\0b\x1b\x7f\n\t", 7)).take() == "a␀b␛␡\n\t");
}

TEST_CASE("what is no UTF-8 becomes a replacement character, and is escaped all the same") {
    CHECK(Html().text("\xFF<b>").take() == "\xEF\xBF\xBD&lt;b&gt;");
    // A cut sequence must not swallow the markup behind it.
    CHECK(Html().text("\xE2\x90<b>").take().ends_with("&lt;b&gt;"));
}

TEST_CASE("a text that turns the direction of writing is kept apart") {
    CHECK(Html().isolated("\u202Eabc").take() == "<bdi>\u202Eabc</bdi>");
}

TEST_CASE("coordinates are short, and finite") {
    CHECK(Html().coordinate(1.0 / 3).take() == "0.33");
    CHECK(Html().coordinate(12).take() == "12");
    CHECK(Html().coordinate(1e300).take() == "1e+09");
    CHECK(Html().coordinate(0.0 / 0.0).take() == "0");
}

}  // namespace jebi::log_analytics
