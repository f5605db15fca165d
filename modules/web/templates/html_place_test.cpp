#include "modules/web/templates/html_place.h"

#include <doctest/doctest.h>

namespace jebi::web {
namespace {

Place after(std::string_view html) {
    HtmlReader reader;
    reader.read(html);
    return reader.place();
}

// What is read first in a section, and then where the section ends.
bool may_enclose(std::string_view before, std::string_view inside) {
    HtmlReader begin;
    begin.read(before);
    begin.cut_name();
    HtmlReader end = begin;
    end.read(inside);
    end.cut_name();
    return end.joins(begin);
}

TEST_CASE("between tags is text") {
    for (const auto* html :
         {"", "a", "<p>", "</p>", "<p class=\"x\">", "<br/>", "<br />", "<a href=x>", "<!doctype html>",
          "<!-- a > b -->", "<!---->", "1 < 2 ", "<title>", "<textarea name=\"a\">", "<script></script>",
          "<script>\"<b\"</script>", "<p title='>'>", "<SCRIPT></ScRiPt>", "<input disabled>"}) {
        CAPTURE(html);
        CHECK(after(html) == Place::text);
    }
}

TEST_CASE("in double quotes is an attribute, and where an address begins is told apart") {
    CHECK(after("<p title=\"") == Place::attribute);
    CHECK(after("<p title= \"a > b ") == Place::attribute);
    CHECK(after("<a href=\"/users/") == Place::attribute);
    for (const auto* html : {"<a href=\"", "<A class=\"x\" HREF=\"", "<img src= \"", "<form action=\"",
                             "<button formaction=\"", "<use xlink:href=\""}) {
        CAPTURE(html);
        CHECK(after(html) == Place::address_start);
    }
}

TEST_CASE("behind a value an address has begun") {
    HtmlReader reader;
    reader.read("<a href=\"");
    reader.skip_value();
    CHECK(reader.place() == Place::attribute);
}

TEST_CASE("where escaping would not help is closed") {
    for (const auto* html : {"<",
                             "<a",
                             "</",
                             "</a",
                             "<a hre",
                             "<a href=",
                             "<a href=x",
                             "<a href='",
                             "<a onclick=\"",
                             "<a ONCLICK=\"",
                             "<p style=\"",
                             "<iframe srcdoc=\"",
                             "<img srcset=\"",
                             "<!doctype ",
                             "<!-- a > ",
                             "<!-->",
                             "<!--->",
                             "<!-- a --!>",
                             "<![CDATA[ > ",
                             "<![CDATA[ >",
                             "<?x>",
                             "</ x>",
                             "</>",
                             "<p title = \"",
                             "<p =\"",
                             "<p title=\"\"=\"",
                             "<script>",
                             "<script type=\"module\">",
                             "<style>a",
                             "<script>x</",
                             "<script></b>",
                             "<script>'</b title=\"",
                             "<script></script ",
                             "<script><!--</script>",
                             "<script>if (a<b) "}) {
        CAPTURE(html);
        CHECK(after(html) == Place::closed);
    }
}

TEST_CASE("between attributes is in the tag") {
    CHECK(after("<a ") == Place::tag);
    CHECK(after("<a href=\"/\"") == Place::tag);
    CHECK(after("<a href=\"/\" ") == Place::tag);
}

TEST_CASE("a section may hold whole tags, whole attributes, and a part of a text or value") {
    CHECK(may_enclose("<p>", "text"));
    CHECK(may_enclose("<p>", "<b class=\"x\">"));
    CHECK(may_enclose("<a href=\"/\"", " aria-current=\"page\""));
    CHECK(may_enclose("<li", " class=\"x\""));
    CHECK(may_enclose("<input ", "checked"));
    CHECK(may_enclose("<input type=\"radio\"", " checked"));
    CHECK(may_enclose("<p title=\"a", "b"));
}

TEST_CASE("a section may not end at another place than it begins") {
    CHECK_FALSE(may_enclose("<p>", "<b"));
    CHECK_FALSE(may_enclose("<p>", "<b "));
    CHECK_FALSE(may_enclose("<p title=\"", "\" href=\""));
    CHECK_FALSE(may_enclose("<p ", "title=\""));
    CHECK_FALSE(may_enclose("<", "p"));
    CHECK_FALSE(may_enclose("<p>", "<script>"));
    CHECK_FALSE(may_enclose("<script>", "x"));
    CHECK_FALSE(may_enclose("<script ", "></script><p "));
}

TEST_CASE("a name that a section cuts does not go on") {
    HtmlReader reader;
    reader.read("<a hre");
    reader.cut_name();
    reader.read("f=\"");
    CHECK(reader.place() == Place::closed);
}

TEST_CASE("neither does a value belong to a name that a section may hide") {
    HtmlReader begin;
    begin.read("<a ");
    HtmlReader end = begin;
    end.read("href");
    end.cut_name();
    REQUIRE(end.joins(begin));
    end.read("=\"");
    CHECK(end.place() == Place::closed);
}

TEST_CASE("an address that begins in a section may still begin behind it") {
    HtmlReader begin;
    begin.read("<a href=\"");
    HtmlReader end = begin;
    end.read("/users/");
    CHECK(end.place() == Place::attribute);
    CHECK(end.joins(begin));
    CHECK(end.place() == Place::address_start);
}

}  // namespace
}  // namespace jebi::web
