// A template, compiled once: the text of a page with {{NAME}}s for values and {{#NAME}}...{{/NAME}} around
// sections, as templates.h tells about them.
//
// A value is escaped. One that begins an address is left out when the address is not harmless (escape.h);
// only {{NAME:none}} is shown as it is. Where escaping would not do (html_place.h: in a script, a tag's
// name, a value without quotes, ...) a value is refused when the template is compiled.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"
#include "modules/web/templates/values.h"

namespace jebi::web {

class Markup {
public:
    // Fails with what is wrong and where: a mark that is not closed, a section that ends elsewhere than it
    // began, a value where none may stand.
    static Result<Markup> compiled(std::string_view text);

    // Adds the text, filled, to `out`. Thread-safe.
    void append_to(std::string& out, const Scope& values) const;

private:
    friend class MarkupCompiler;

    struct Node {
        enum class Kind : std::uint8_t { text, value, address, trusted, section } kind;
        std::string text;     // or the name
        std::size_t end = 0;  // of a section: the node behind it
    };

    void append_nodes(std::string& out, const Scope& values, std::size_t from, std::size_t to) const;
    void append_section(std::string& out, const Scope& values, std::size_t at) const;

    std::vector<Node> nodes_;
};

}  // namespace jebi::web
