#include "modules/web/templates/markup.h"

#include <doctest/doctest.h>

namespace jebi::web {
namespace {

std::string filled(std::string_view text, const Values& values) {
    std::string out;
    Markup::compiled(text).value().append_to(out, values.root());
    return out;
}

std::string why_not(std::string_view text) {
    const auto markup = Markup::compiled(text);
    return markup ? "nothing is wrong" : markup.error().message;
}

TEST_CASE("a value is shown where its name stands, the last one of a name, and nothing for an unknown one") {
    Values values;
    values.add_value(values.root(), "A", "first");
    values.add_value(values.root(), "A", "second");
    CHECK(filled("({{A}}|{{B}})", values) == "(second|)");
}

TEST_CASE("names and values are copied") {
    Values values;
    std::string name = "NAME";
    std::string text = "a text that is too long for the small buffer of a string";
    values.add_value(values.root(), name, text);
    const std::string expected = text;
    name = "OTHER";
    text.assign(text.size(), 'x');
    CHECK(filled("{{NAME}}", values) == expected);
}

TEST_CASE("a value is escaped between tags and in attributes, unless it is said to be HTML") {
    Values values;
    values.add_value(values.root(), "A", "<i>\"");
    CHECK(filled("<p title=\"{{A}}\">{{A}}|{{A:pre_escape}}|{{A:none}}</p>", values) ==
          "<p title=\"&lt;i&gt;&quot;\">&lt;i&gt;&quot;|&lt;i&gt;&quot;|<i>\"</p>");
}

TEST_CASE("an address that would run something is left out, and only where an address begins") {
    Values values;
    values.add_value(values.root(), "A", "javascript:alert(1)");
    values.add_value(values.root(), "B", "/a?b&c");
    CHECK(filled("<a href=\"{{A}}\" title=\"{{A}}\">", values) ==
          "<a href=\"\" title=\"javascript:alert(1)\">");
    CHECK(filled("<a href=\"/x/{{A}}\">", values) == "<a href=\"/x/javascript:alert(1)\">");
    CHECK(filled("<a href=\"{{B}}{{A}}\">", values) == "<a href=\"/a?b&amp;cjavascript:alert(1)\">");
}

TEST_CASE("an address stays guarded behind a section that may be hidden") {
    Values values;
    values.add_value(values.root(), "A", "javascript:alert(1)");
    constexpr auto text = "<a href=\"{{#ROOT}}/x{{/ROOT}}{{A}}\">";
    CHECK(filled(text, values) == "<a href=\"\">");
}

TEST_CASE("sections come in the order in which they were added, each with its own values") {
    Values values;
    values.add_value(values.root(), "OUTER", "o");
    values.add_value(values.add_section(values.root(), "ROW"), "N", "1");
    values.add_section(values.root(), "ELSE");
    values.add_value(values.add_section(values.root(), "ROW"), "N", "2");
    CHECK(filled("{{#ROW}}({{OUTER}}{{N}}){{/ROW}}{{N}}", values) == "(o1)(o2)");
}

TEST_CASE("a section may stand in another, and is looked for around it as well") {
    Values values;
    Scope& outer = values.add_section(values.root(), "OUTER");
    values.add_value(outer, "V", "inner");
    values.add_value(values.root(), "V", "root");
    values.show_section(values.root(), "MARK");
    constexpr auto text = "{{#OUTER}}{{V}}{{#MARK}}{{V}}{{/MARK}}{{#NONE}}x{{/NONE}}{{/OUTER}}";
    CHECK(filled(text, values) == "innerroot");
    CHECK(filled("{{#OUTER}}{{#OUTER}}{{V}}{{/OUTER}}{{/OUTER}}", values) == "inner");
}

TEST_CASE("to show a section twice shows it once") {
    Values values;
    values.show_section(values.root(), "S");
    values.show_section(values.root(), "S");
    CHECK(filled("{{#S}}x{{/S}}", values) == "x");
}

TEST_CASE("comments are left out, and so are the line breaks of marks that have a line for themselves") {
    const Values values;
    CHECK(filled("a\n{{! a comment }}\n{{#S}}\nb\n{{/S}}\nc {{! here }}\n", values) == "a\nc \n");
    CHECK(filled("{{%AUTOESCAPE context=\"HTML\"}}\n<p>\n", values) == "<p>\n");
}

TEST_CASE("what cannot be used is refused with its line") {
    CHECK(why_not("a\n{{A").starts_with("line 2, \"{{A\": {{ without }}"));
    CHECK(why_not("{{#A}}x").ends_with("{{#A}} is not closed"));
    CHECK(why_not("{{#A}}{{#B}}{{/A}}{{/B}}").ends_with("it closes what is not open"));
    CHECK(why_not("{{/A}}").ends_with("it closes what is not open"));
    CHECK(why_not("{{A:js}}").ends_with("may follow a name"));
    CHECK(why_not("\n\n<p>{{#A}}<b {{/A}}").starts_with("line 3, "));
    CHECK(why_not("<p title=\"{{A_HTML:none}}\">").ends_with("between tags"));
}

TEST_CASE("a value where escaping would not help is refused") {
    for (const auto* text : {"<{{A}}>", "<a {{A}}>", "<a {{A}}=\"x\">", "<a on{{A}}=\"x\">", "<a href={{A}}>",
                             "<a href='{{A}}'>", "<a onclick=\"f('{{A}}')\">", "<p style=\"{{A}}\">",
                             "<script>{{A}}</script>", "<style>{{A}}</style>", "<!-- {{A}} -->"}) {
        CAPTURE(text);
        CHECK(why_not(text).ends_with("not here"));
    }
}

}  // namespace
}  // namespace jebi::web
