#include "modules/web/templates/templates.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace jebi::web {
namespace {

const Templates& site() {
    static const Templates templates(page_files(), word_files(), "");
    return templates;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Templates of one page, "home", whose file has this content after its first line.
struct Small {
    explicit Small(std::string_view content) : page(line + std::string(content)) {}

    std::string render(const Page& values, Language language = Language::english) const {
        return Templates(pages, words, "").render(language, "home", values);
    }

    std::string line = "{{%AUTOESCAPE context=\"HTML\"}}\n";
    std::string layout = line + "{{>PAGE}}";
    std::string page;
    std::array<Embedded, 2> pages{Embedded{.path = "layout.html", .content = layout},
                                  Embedded{.path = "home.html", .content = page}};
    std::array<Embedded, 2> words{Embedded{.path = "ko.txt", .content = "hello = 안녕\n"},
                                  Embedded{.path = "en.txt", .content = "hello = Hello\n"}};
};

// A folder of our own that goes away with the test.
struct Folder {
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "jebi-web-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
        std::filesystem::create_directories(path / "pages");
        std::filesystem::create_directories(path / "words");
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, std::string_view content) const {
        std::ofstream(path / name) << content;
    }

    std::filesystem::path path;
};

TEST_CASE("values are escaped for the place where they stand") {
    const Small small("<p title=\"{{A}}\">{{A}}</p><a href=\"{{B}}\">x</a>");
    Page page;
    page.set("A", "<b>\"'&").set("B", "javascript:alert(1)");
    const auto html = small.render(page);
    CHECK(has(html, "<p title=\"&lt;b&gt;&quot;&#39;&amp;\">&lt;b&gt;&quot;&#39;&amp;</p>"));
    CHECK_FALSE(has(html, "javascript:"));
}

TEST_CASE("trusted HTML is shown as it is") {
    Page page;
    page.set_html("TEXT_HTML", "<a href=\"/x\">&amp;</a>");
    CHECK(has(Small("<p>{{TEXT_HTML:none}}</p>").render(page), "<p><a href=\"/x\">&amp;</a></p>"));
}

TEST_CASE("a fragment stands in no layout, and in a page as it is") {
    const std::string line = "{{%AUTOESCAPE context=\"HTML\"}}\n";
    const std::string layout = line + "<html>{{>PAGE}}</html>",
                      list = line + "{{#ONE}}{{ONE_HTML:none}}{{/ONE}}",
                      one = line + "<p>{{NAME}} {{t.hello}}</p>{{>_mark.html}}", mark = line + "<hr>";
    const std::array pages{Embedded{.path = "layout.html", .content = layout},
                           Embedded{.path = "list.html", .content = list},
                           Embedded{.path = "one.fragment.html", .content = one},
                           Embedded{.path = "_mark.html", .content = mark}};
    const std::array words{Embedded{.path = "ko.txt", .content = "hello = 안녕\n"},
                           Embedded{.path = "en.txt", .content = "hello = Hello\n"}};
    const Templates templates(pages, words, "");
    Page values;
    values.set("NAME", "<b>");
    const auto fragment =
        std::make_shared<const std::string>(templates.render(Language::english, "one.fragment", values));
    CHECK(*fragment == "<p>&lt;b&gt; Hello</p><hr>\n");
    Page page;
    page.section("ONE").set_html("ONE_HTML", fragment);
    page.section("ONE").set_html("ONE_HTML", fragment);
    CHECK(templates.render(Language::english, "list", page) ==
          "<html>" + *fragment + *fragment + "</html>\n");
}

TEST_CASE("what is typed into a text area keeps its lines, and cannot leave it") {
    Page page;
    page.set("TEXT", "first\nsecond </textarea>").set("BIO", "one\ntwo");
    CHECK(has(site().render(Language::english, "edit", page), ">first\nsecond &lt;/textarea&gt;</textarea>"));
    CHECK(has(site().render(Language::english, "settings", page), ">one\ntwo</textarea>"));
}

TEST_CASE("a section is shown once for each that was added, sees what is around it, and never without") {
    const Small small("{{#ROW}}({{OUTER}}{{N}}{{#MARK}}!{{/MARK}}){{/ROW}}{{#NONE}}none{{/NONE}}");
    Page page;
    page.set("OUTER", "o");
    page.section("ROW").set("N", 1);
    page.section("ROW").set("N", std::uint64_t{18446744073709551615U}).show("MARK");
    CHECK(has(small.render(page), "(o1)(o18446744073709551615!)"));
    CHECK_FALSE(has(small.render(page), "none"));
}

TEST_CASE("show with a text shows the section with a value of its name") {
    Page page;
    page.show("NOTICE", "<saved>");
    CHECK(has(Small("{{#NOTICE}}<i>{{NOTICE}}</i>{{/NOTICE}}").render(page), "<i>&lt;saved&gt;</i>"));
}

TEST_CASE("a page speaks the language asked for") {
    const Small small("{{t.hello}}");
    CHECK(has(small.render(Page{}, Language::korean), "안녕"));
    CHECK(has(small.render(Page{}, Language::english), "Hello"));
}

TEST_CASE("every page of ours renders in both languages, with a title, and with no template left in it") {
    std::size_t pages = 0;
    for (const auto& file : page_files()) {
        if (file.path.starts_with('_') || file.path == "layout.html") continue;
        if (file.path.ends_with(".fragment.html")) continue;
        ++pages;
        const auto name = file.path.substr(0, file.path.size() - 5);
        for (const auto language : languages) {
            CAPTURE(std::string(name));
            const auto html = site().render(language, name, Page{});
            CHECK(html.starts_with("<!doctype html>"));
            CHECK(has(html, "<html lang=\"" + std::string(code(language)) + "\""));
            CHECK(has(html, language == Language::korean ? " · 제비</title>" : " · jebi</title>"));
            CHECK_FALSE(has(html, "{{"));
            CHECK_FALSE(has(html, "$name"));
            CHECK_FALSE(has(html, " style="));
        }
    }
    CHECK(pages > 20);
}

TEST_CASE("every form is posted with a CSRF token, or only asks for a page") {
    Page page;
    page.set("CSRF", "the-token").show("ME").show("HAS_OTHERS");
    page.section("SESSION").show("OTHER");
    for (const auto& file : page_files()) {
        if (file.path.starts_with('_') || file.path == "layout.html") continue;
        CAPTURE(std::string(file.path));
        const auto html = site().render(Language::english, file.path.substr(0, file.path.size() - 5), page);
        for (auto at = html.find("<form"); at != std::string::npos; at = html.find("<form", at + 1)) {
            const auto form = html.substr(at, html.find("</form>", at) - at);
            if (has(form, "method=\"get\"")) continue;
            CHECK(has(form, "method=\"post\""));
            CHECK(has(form, "name=\"csrf\" value=\"the-token\""));
        }
    }
}

TEST_CASE("a field that was refused keeps what was typed and says why, to screen readers too") {
    Page page;
    page.set("USERNAME", "Seo \"Yeon\"").show("USERNAME_ERROR", "Letters only.");
    const auto html = site().render(Language::english, "signup", page);
    const auto begin = html.find("<input id=\"username\"");
    REQUIRE(begin != std::string::npos);
    const auto input = html.substr(begin, html.find('>', begin) - begin);
    CHECK(has(input, "value=\"Seo &quot;Yeon&quot;\""));
    CHECK(has(input, "aria-invalid=\"true\""));
    CHECK(has(input, "aria-describedby=\"username-error username-hint\""));
    CHECK(has(html, "id=\"username-error\">Letters only.</p>"));
    CHECK_FALSE(has(site().render(Language::english, "signup", Page{}), "aria-invalid"));
}

TEST_CASE("the texts of the catalogues can be asked for, with their gaps filled") {
    const std::array gaps{Gap{"seconds", "7"}};
    CHECK(has(site().text(Language::korean, "error_too_many_tries", gaps), "7초"));
    CHECK(site().text(Language::english, "no_such_key").empty());
}

TEST_CASE("with a folder, what is saved shows at once, and what is wrong is shown in place of the page") {
    const Folder folder;
    const std::string line = "{{%AUTOESCAPE context=\"HTML\"}}\n";
    folder.write("words/en.txt", "hello = Hello\n");
    folder.write("pages/layout.html", line + "{{>PAGE}}");
    folder.write("pages/home.html", line + "{{t.hello}}, {{NAME}}");
    const Templates templates({}, {}, folder.path.string());
    Page page;
    page.set("NAME", "Mina");
    CHECK(has(templates.render(Language::english, "home", page), "Hello, Mina"));
    folder.write("words/en.txt", "hello = Good morning\n");
    CHECK(has(templates.render(Language::english, "home", page), "Good morning, Mina"));
    CHECK(templates.text(Language::english, "hello") == "Good morning");
    folder.write("pages/home.html", line + "{{#OPEN}}");
    CHECK(has(templates.render(Language::english, "home", page), "cannot be used"));
    CHECK(has(templates.render(Language::korean, "home", page), "ko.txt is missing"));
}

TEST_CASE("many threads render at once") {
    const auto one = [](int name) {
        Page page;
        for (int i = 0; i < 20; ++i)
            page.section("TWEET").set("ID", name).set_html("TEXT_HTML", "안녕");
        return site().render(name % 2 == 0 ? Language::korean : Language::english, "home", page);
    };
    const std::array expected{one(0), one(1)};
    std::array<std::size_t, 4> wrong{};
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < wrong.size(); ++thread)
        threads.emplace_back([&, thread] {
            for (int round = 0; round < 50; ++round)
                if (one(round % 2) != expected[static_cast<std::size_t>(round % 2)]) ++wrong[thread];
        });
    threads.clear();
    CHECK(std::ranges::all_of(wrong, [](std::size_t count) { return count == 0; }));
}

}  // namespace
}  // namespace jebi::web
