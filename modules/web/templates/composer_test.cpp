#include "modules/web/templates/composer.h"

#include <doctest/doctest.h>

#include <map>

namespace jebi::web {
namespace {

const std::string line = "{{%AUTOESCAPE context=\"HTML\"}}\n";

// Composes the page "home" from files that all begin with the line they must begin with.
Result<std::string> home(std::map<std::string, std::string> files,
                         std::string_view words = "hello = Hello\n") {
    for (auto& [name, content] : files)
        content.insert(0, line);
    files.emplace("layout.html", line + "{{>PAGE}}");
    const Files pages = [&](std::string_view path) -> std::optional<std::string> {
        const auto found = files.find(std::string(path));
        return found == files.end() ? std::nullopt : std::optional(found->second);
    };
    return composed(pages, Words::parsed(words).value(), "home");
}

std::string why_not(const Result<std::string>& result) {
    return result ? "nothing is wrong" : result.error().message;
}

TEST_CASE("a page stands in the layout, and knows its own name") {
    const auto text =
        home({{"layout.html", "<body class=\"{{page}}\">{{>PAGE}}</body>"}, {"home.html", "hi {{page}}"}});
    CHECK(text.value() == line + "<body class=\"home\">hi home</body>\n");
}

TEST_CASE("parts may have parts, and the AUTOESCAPE line stands once") {
    const auto text =
        home({{"home.html", "[{{>_a.html}}]"}, {"_a.html", "({{>_b.html}})"}, {"_b.html", "b"}});
    CHECK(text.value() == line + "[(b)]\n");
}

TEST_CASE("a part with a name gets it in small and capital letters, and the rest after the comma") {
    const auto text = home({{"home.html", "{{>_field.html email, type=\"email\", x}}{{>_field.html bio}}"},
                            {"_field.html", "<$name $NAME_ERROR $rest>"}});
    CHECK(text.value() == line + "<email EMAIL_ERROR type=\"email\", x><bio BIO_ERROR >\n");
}

TEST_CASE("words are escaped, and their gaps become values") {
    const auto text = home({{"home.html", "<p title=\"{{t.rule}}\">"}}, "rule = \"<{seconds}> & 'more'\"\n");
    CHECK(text.value() == line + "<p title=\"&quot;&lt;{{SECONDS}}&gt; &amp; &#39;more&#39;&quot;\">\n");
}

TEST_CASE("indentation and a file's first comment are gone, line breaks stay") {
    const auto text = home({{"home.html", "{{! What it\n needs. }}\n<ul>\n    <li>a\n\tb</li>\n</ul>"}});
    CHECK(text.value() == line + "<ul>\n<li>a\nb</li>\n</ul>\n");
}

TEST_CASE("what is wrong is said") {
    CHECK(why_not(home({{"home.html", "{{>_no.html}}"}})) == "_no.html is missing");
    CHECK(why_not(home({{"home.html", "{{>_a.html}}"}, {"_a.html", "{{>_a.html}}"}})) ==
          "_a.html includes itself");
    CHECK(why_not(home({{"home.html", "{{t.bye}}"}})) == "there are no words for bye");
}

TEST_CASE("a file without the AUTOESCAPE line is refused, for its values would not be escaped") {
    const Files pages = [](std::string_view path) {
        return std::optional(path == "layout.html" ? line + "{{>PAGE}}" : std::string("{{NAME}}"));
    };
    CHECK(why_not(composed(pages, {}, "home")) == "home.html does not begin with the AUTOESCAPE line");
}

TEST_CASE("only values whose names end in _HTML are shown unescaped, and those always") {
    CHECK(home({{"home.html", "{{TEXT_HTML:none}}"}}).has_value());
    CHECK(why_not(home({{"home.html", "{{TEXT:none}}"}})).starts_with("TEXT:none: "));
    CHECK(why_not(home({{"home.html", "{{TEXT_HTML}}"}})).starts_with("TEXT_HTML: "));
}

}  // namespace
}  // namespace jebi::web
