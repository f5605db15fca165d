// Whatever people write, a page stays the page its file describes.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "modules/web/templates/composer.h"
#include "modules/web/templates/templates.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace jebi::web {
namespace {

std::optional<std::string> page_file(std::string_view path) {
    for (const auto& file : page_files())
        if (file.path == path) return std::string(file.content);
    return std::nullopt;
}

std::vector<std::string> pages() {
    std::vector<std::string> names;
    for (const auto& file : page_files())
        if (!file.path.starts_with('_') && file.path != "layout.html")
            names.emplace_back(file.path.substr(0, file.path.size() - 5));
    return names;
}

std::string composed_page(std::string_view name) {
    return composed(page_file, Words::parsed(word_files().front().content).value(), name).value();
}

// What stands between the "{{" and "}}" of a template.
std::vector<std::string> marks_in(std::string_view text) {
    std::vector<std::string> marks;
    for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 1))
        marks.emplace_back(text.substr(at + 2, text.find("}}", at) - at - 2));
    return marks;
}

bool is_value(std::string_view mark) {
    return !mark.empty() && std::string_view("#/!%").find(mark.front()) == std::string_view::npos &&
           !mark.ends_with(":none");
}

// The page with everything on it: each section is shown, and each value is this text.
std::string shown_with(std::string_view name, std::string_view text) {
    static const Templates site(page_files(), word_files(), "");
    Page page;
    for (const std::string& mark : marks_in(composed_page(name))) {
        if (mark.starts_with('#')) page.show(mark.substr(1));
        if (is_value(mark)) page.set(mark.substr(0, mark.find(':')), text);
    }
    return site.render(Language::korean, name, page);
}

std::string every_byte() {
    std::string bytes;
    for (int c = 0; c < 256; ++c)
        bytes += static_cast<char>(c);
    return bytes;
}

// How many of each there are that HTML could take for markup.
std::array<std::ptrdiff_t, 4> markup_in(const std::string& html) {
    return {std::ranges::count(html, '<'), std::ranges::count(html, '>'), std::ranges::count(html, '"'),
            std::ranges::count(html, '\'')};
}

const std::vector<std::string>& hostile_texts() {
    static const std::vector<std::string> texts{
        "\"><script>alert(1)</script>",
        "' onmouseover='alert(1)' \" onfocus=\"alert(1)",
        "</textarea></title></style></script><img src=x onerror=alert(1)>",
        "javascript:alert('1')",
        "data:text/html,<script>alert(1)</script>",
        "{{#ME}}{{CSRF}}{{/ME}}{{TEXT_HTML:none}}",
        "--><!--\xff\xc3\xe2\x80<b>",
        every_byte() + every_byte()};
    return texts;
}

TEST_CASE("no page of ours has a tag or a quote more for what its values hold") {
    for (const std::string& name : pages()) {
        const auto expected = markup_in(shown_with(name, "a"));
        for (const std::string& text : hostile_texts()) {
            CAPTURE(name);
            CAPTURE(text);
            CHECK(markup_in(shown_with(name, text)) == expected);
        }
    }
}

TEST_CASE("no page of ours has an address that runs something") {
    const std::vector<std::string> running{"javascript:alert(1)", "\x01javascript:alert(1)",
                                           "JaVa\nScRiPt:alert(1)", "data:text/html,x"};
    for (const std::string& name : pages()) {
        for (const std::string& text : running) {
            CAPTURE(name);
            CAPTURE(text);
            const std::string html = shown_with(name, text);
            for (const auto* attribute : {"href", "src", "action", "formaction"})
                CHECK(html.find(std::string(attribute) + "=\"" + text) == std::string::npos);
        }
    }
}

TEST_CASE("what looks like a template in a value is a text") {
    const std::string html = shown_with("post.fragment", "{{USERNAME}}");
    CHECK(html.find("@{{USERNAME}}<") != std::string::npos);
}

}  // namespace
}  // namespace jebi::web
