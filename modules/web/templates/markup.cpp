#include "modules/web/templates/markup.h"

#include <algorithm>

#include "modules/web/templates/escape.h"
#include "modules/web/templates/html_place.h"

namespace jebi::web {

namespace {

constexpr std::size_t shown_bytes_max = 40;  // of the text around a mistake

std::size_t line_of(std::string_view text, std::string_view place) {
    const auto before = text.substr(0, static_cast<std::size_t>(place.data() - text.data()));
    return static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
}

}  // namespace

class MarkupCompiler {
public:
    explicit MarkupCompiler(std::string_view text) : all_(text), rest_(text) {}

    Result<Markup> compiled() && {
        while (true) {
            const auto begin = std::min(rest_.find("{{"), rest_.size());
            add_text(rest_.substr(0, begin));
            rest_.remove_prefix(begin);
            if (rest_.empty()) break;
            TRY_VOID(read_mark());
        }
        if (!open_.empty()) return wrong("{{#" + name_of(open_.back()) + "}} is not closed");
        return std::move(markup_);
    }

private:
    using Kind = Markup::Node::Kind;

    // A section whose end has not come yet, and where in HTML it began.
    struct Open {
        std::size_t node;
        HtmlReader place;
    };

    Result<void> read_mark() {
        const auto end = rest_.find("}}");
        if (end == std::string_view::npos) return wrong("{{ without }}");
        const auto inside = rest_.substr(2, end - 2);
        const auto after = rest_.substr(end + 2);
        const char sign = inside.empty() ? '\0' : inside.front();
        const bool is_value = std::string_view("#/!%").find(sign) == std::string_view::npos;
        if (is_value) {
            TRY_VOID(add_value(inside));
        } else {
            TRY_VOID(add_sign(sign, inside.substr(1)));
        }
        rest_ = is_value ? after : without_own_line(after);
        return {};
    }

    Result<void> add_sign(char sign, std::string_view name) {
        if (sign == '#') return begin_section(name);
        if (sign == '/') return end_section(name);
        return {};
    }

    // A mark that has a line for itself leaves no empty one.
    std::string_view without_own_line(std::string_view after) const {
        const bool at_line_start = rest_.data() == all_.data() || rest_.data()[-1] == '\n';
        return at_line_start && after.starts_with('\n') ? after.substr(1) : after;
    }

    void add_text(std::string_view text) {
        if (text.empty()) return;
        html_.read(text);
        add(Kind::text, text);
    }

    void add(Kind kind, std::string_view text) {
        markup_.nodes_.push_back({.kind = kind, .text = std::string(text)});
    }

    Result<void> add_value(std::string_view inside) {
        const auto colon = std::min(inside.find(':'), inside.size());
        const auto how = inside.substr(colon);
        if (!how.empty() && how != ":none" && how != ":pre_escape")
            return wrong("only :none and :pre_escape may follow a name");
        html_.cut_name();
        const Place place = html_.place();
        if (place == Place::closed || place == Place::tag)
            return wrong("a value may stand between tags and in attributes with double quotes, not here");
        const Kind kind = how == ":none"                  ? Kind::trusted
                          : place == Place::address_start ? Kind::address
                                                          : Kind::value;
        if (kind == Kind::trusted && place != Place::text) return wrong(":none is for places between tags");
        html_.skip_value();
        add(kind, inside.substr(0, colon));
        return {};
    }

    Result<void> begin_section(std::string_view name) {
        html_.cut_name();
        open_.push_back({markup_.nodes_.size(), html_});
        add(Kind::section, name);
        return {};
    }

    Result<void> end_section(std::string_view name) {
        if (open_.empty() || name_of(open_.back()) != name) return wrong("it closes what is not open");
        html_.cut_name();
        if (!html_.joins(open_.back().place))
            return wrong("the section ends at another place in HTML than it begins");
        markup_.nodes_[open_.back().node].end = markup_.nodes_.size();
        open_.pop_back();
        return {};
    }

    const std::string& name_of(const Open& section) const { return markup_.nodes_[section.node].text; }

    std::unexpected<Error> wrong(const std::string& what) const {
        return fail(Code::internal,
                    "line " + std::to_string(line_of(all_, rest_)) + ", \"" +
                        std::string(rest_.substr(0, std::min(rest_.find('\n'), shown_bytes_max))) +
                        "\": " + what);
    }

    std::string_view all_;
    std::string_view rest_;
    Markup markup_;
    HtmlReader html_;
    std::vector<Open> open_;
};

Result<Markup> Markup::compiled(std::string_view text) {
    return MarkupCompiler(text).compiled();
}

void Markup::append_to(std::string& out, const Scope& values) const {
    append_nodes(out, values, 0, nodes_.size());
}

void Markup::append_nodes(std::string& out, const Scope& values, std::size_t from, std::size_t to) const {
    for (std::size_t at = from; at < to;
         at = nodes_[at].kind == Node::Kind::section ? nodes_[at].end : at + 1) {
        const Node& node = nodes_[at];
        switch (node.kind) {
            case Node::Kind::text:
                out += node.text;
                break;
            case Node::Kind::trusted:
                out += values.value(node.text);
                break;
            case Node::Kind::value:
                append_escaped(out, values.value(node.text));
                break;
            case Node::Kind::address:
                if (const auto address = values.value(node.text); is_harmless_address(address))
                    append_escaped(out, address);
                break;
            case Node::Kind::section:
                append_section(out, values, at);
                break;
        }
    }
}

void Markup::append_section(std::string& out, const Scope& values, std::size_t at) const {
    const Node& node = nodes_[at];
    for (const Entry* one = values.first_section(node.text); one != nullptr; one = next_section(*one))
        append_nodes(out, *one->inside, at + 1, node.end);
}

}  // namespace jebi::web
