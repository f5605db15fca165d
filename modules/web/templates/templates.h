// The pages as HTML templates: pages/*.html, in two languages.
//
// A page's file is the inside of layout.html. When templates are loaded, four things are replaced in their
// text, so that they cost nothing later:
//
//   {{>_tweet.html}}                          the file of that name; names of parts begin with '_'
//   {{>_field.html username, maxlength="30"}} likewise, and in that file $name is "username", $NAME
//   "USERNAME",
//                                             $rest what follows the comma
//   {{page}}                                  the page's name: "profile"
//   {{t.sign_in}}                             the words of that key; a gap {name} in them becomes {{NAME}}
//
// A file post.fragment.html is rendered by itself, without the layout, and shown in pages as trusted HTML:
// what is the same in many pages need not be made for each.
//
// What is left is compiled (markup.h): {{NAME}} is a value, escaped as its place in the HTML asks, and
// refused where escaping would not do; {{#NAME}}...{{/NAME}} is a section, shown once for each one added,
// never when none was. A section sees the values around it. Each page's comment lists what it needs. The
// first line of every file says which escaping its marks have: that of HTML, in the words of Google's
// ctemplate, whose language this is.
#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "kit/base/embedded.h"
#include "modules/web/templates/values.h"
#include "modules/web/templates/words.h"

namespace jebi::web {

// Values and sections of a template, or of one section in it. A handle: copies mean the same section, and
// live no longer than their Page.
class Section {
public:
    // A value of the same name is replaced. A text that is not UTF-8 is shown as it is.
    Section& set(std::string_view name, std::string_view text);
    template <std::integral Number>
    Section& set(std::string_view name, Number number) {
        return set(name, std::string_view(std::to_string(number)));
    }
    // HTML that is shown unescaped: for the linkifier's output and for fragments only. The name ends in
    // "_HTML", and no other does.
    Section& set_html(std::string_view name, std::string_view trusted);
    // The same, not copied.
    Section& set_html(std::string_view name, std::shared_ptr<const std::string> trusted);

    // Adds one more of the sections of that name.
    Section section(std::string_view name);
    // Shows a section that needs no values of its own.
    Section& show(std::string_view name);
    // Shows a section with a value of its own name in it: {{#NOTICE}}<p>{{NOTICE}}</p>{{/NOTICE}}.
    Section& show(std::string_view name, std::string_view text);

protected:
    Section(Values& values, Scope& scope) : values_(&values), scope_(&scope) {}

private:
    Values* values_;
    Scope* scope_;
};

// What one page shows. For one thread at a time.
class Page : private Values, public Section {
public:
    Page() : Section(*this, root()) {}
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

private:
    friend class Templates;
};

// Thread-safe: made once, then only read.
class Templates {
public:
    // `pages` and `words` are the two folders, embedded. With `dev_folder` ("modules/web"), its pages/ and
    // words/ are read anew for every page instead, and what is wrong in them is shown in place of the page.
    // An embedded file that cannot be used is our mistake: it is named on stderr, and the program stops.
    Templates(std::span<const Embedded> pages, std::span<const Embedded> words, std::string dev_folder);
    ~Templates();

    // `name` is the file's without ".html": "home", "post.fragment". An unknown one is our mistake: an
    // assert.
    std::string render(Language language, std::string_view name, const Page& page) const;

    // The words of a key as plain text, with its gaps filled; empty when there is no such key (a reason
    // that a newer module gives may have none yet).
    std::string text(Language language, std::string_view key, std::span<const Gap> gaps = {}) const;

private:
    struct Loaded;
    std::unique_ptr<Loaded> loaded_;
};

}  // namespace jebi::web
