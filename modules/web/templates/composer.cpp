#include "modules/web/templates/composer.h"

#include <algorithm>

#include "modules/web/templates/escape.h"

namespace jebi::web {
namespace {

constexpr std::string_view first_line = "{{%AUTOESCAPE context=\"HTML\"}}\n";
constexpr int depth_max = 8;

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::string file_of(std::string_view page) {
    return std::string(page) + ".html";
}

std::string upper(std::string_view name) {
    std::string result(name);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

// What a file says about itself is for those who read it. A comment does not hold "}}".
std::string_view without_first_comment(std::string_view text) {
    if (!text.starts_with("{{!")) return text;
    const auto end = text.find("}}\n");
    return end == std::string_view::npos ? text : text.substr(end + 3);
}

// Indentation and empty lines are, too. Line breaks stay: between words they are spaces.
std::string without_indentation(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        const auto content = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!content.empty()) result.append(content).append("\n");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

// Makes the one text that is compiled.
class Composer {
public:
    Composer(const Files& pages, const Words& words, std::string_view page)
        : pages_(pages), words_(words), page_(page) {}

    Result<std::string> composed() const {
        TRY(auto text, part(is_fragment(page_) ? file_of(page_) : "layout.html", 0));
        replace_all(text, "{{page}}", page_);
        TRY(auto worded, with_words(text));
        TRY_VOID(only_trusted_html(worded));
        return std::string(first_line) + without_indentation(worded);
    }

private:
    // One `{{...}}` that begins with `opening`: what stands before it, in it, and after it.
    struct Mark {
        std::string_view before;
        std::string_view inside;
        std::string_view after;
    };
    static std::optional<Mark> mark(std::string_view text, std::string_view opening) {
        const auto begin = text.find(opening);
        if (begin == std::string_view::npos) return std::nullopt;
        const auto end = text.find("}}", begin);
        if (end == std::string_view::npos) return std::nullopt;
        return Mark{.before = text.substr(0, begin),
                    .inside = text.substr(begin + opening.size(), end - begin - opening.size()),
                    .after = text.substr(end + 2)};
    }

    Result<std::string> part(std::string_view name, int depth) const {
        if (depth > depth_max) return fail(Code::internal, std::string(name) + " includes itself");
        const auto content = pages_(name);
        if (!content) return fail(Code::internal, std::string(name) + " is missing");
        std::string_view rest = *content;
        if (!rest.starts_with(first_line))
            return fail(Code::internal, std::string(name) + " does not begin with the AUTOESCAPE line");
        rest = without_first_comment(rest.substr(first_line.size()));
        std::string text;
        while (const auto found = mark(rest, "{{>")) {
            TRY(const auto included, include(found->inside, depth));
            text.append(found->before).append(included);
            rest = found->after;
        }
        return text.append(rest);
    }

    // `call` is "_field.html username, maxlength="30"", or "PAGE" in the layout.
    Result<std::string> include(std::string_view call, int depth) const {
        if (call == "PAGE") return part(file_of(page_), depth + 1);
        const auto space = std::min(call.find(' '), call.size());
        TRY(auto text, part(call.substr(0, space), depth + 1));
        const auto arguments = call.substr(std::min(space + 1, call.size()));
        const auto comma = std::min(arguments.find(", "), arguments.size());
        replace_all(text, "$name", arguments.substr(0, comma));
        replace_all(text, "$NAME", upper(arguments.substr(0, comma)));
        replace_all(text, "$rest", arguments.substr(std::min(comma + 2, arguments.size())));
        return text;
    }

    Result<std::string> with_words(std::string_view rest) const {
        std::string text;
        while (const auto found = mark(rest, "{{t.")) {
            const auto* words = words_.find(found->inside);
            if (words == nullptr)
                return fail(Code::internal, "there are no words for " + std::string(found->inside));
            text += found->before;
            text +=
                filled(html_escaped(*words), [](std::string_view gap) { return "{{" + upper(gap) + "}}"; });
            rest = found->after;
        }
        return text.append(rest);
    }

    static Result<void> only_trusted_html(std::string_view rest) {
        while (const auto found = mark(rest, "{{")) {
            const bool unescaped = found->inside.find(":none") != std::string_view::npos;
            const auto name = found->inside.substr(0, found->inside.find(':'));
            if (unescaped != names_html(name))
                return fail(Code::internal,
                            std::string(found->inside) + ": :none is for _HTML, and only for it");
            rest = found->after;
        }
        return {};
    }

    const Files& pages_;
    const Words& words_;
    std::string_view page_;
};

}  // namespace

Result<std::string> composed(const Files& pages, const Words& words, std::string_view page) {
    return Composer(pages, words, page).composed();
}

}  // namespace jebi::web
