// Puts a page's template together from its parts, before it is compiled: the four replacements that
// templates.h tells about. Text in, text out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "kit/base/result.h"
#include "modules/web/templates/words.h"

namespace jebi::web {

// The content of the file at a path, if there is one.
using Files = std::function<std::optional<std::string>(std::string_view path)>;

// A fragment is named "post.fragment", and stands in no layout.
inline bool is_fragment(std::string_view page) {
    return page.ends_with(".fragment");
}

// layout.html with the page's file and all parts in it, in the words of one language. Fails with what is
// wrong and where: a part that is missing or includes itself, a file without the AUTOESCAPE line, words that
// are not in the catalogue, an unescaped value whose name does not end in _HTML, or one that ends so and is
// escaped.
Result<std::string> composed(const Files& pages, const Words& words, std::string_view page);

// Is it the name of a value that is shown unescaped?
inline bool names_html(std::string_view name) {
    return name.ends_with("_HTML");
}

}  // namespace jebi::web
