#include "modules/web/linkify.h"

#include "kit/base/unicode.h"
#include "kit/http/message.h"

namespace jebi::web {

namespace {

void append_link(std::string& out, std::string_view start, std::string_view address, std::string_view rest,
                 std::string_view text) {
    out.append(start);
    append_escaped(out, address);
    out.append(rest);
    append_escaped(out, text);
    out.append("</a>");
}

bool is_web_address(std::string_view address) {
    const std::string scheme = lower(address.substr(0, std::min<std::size_t>(address.size(), 8)));
    return scheme.starts_with("http://") || scheme.starts_with("https://");
}

void append_entity(std::string& out, const tweets::Entity& entity, std::string_view text) {
    switch (entity.kind()) {
        case tweets::Entity::KIND_HASHTAG:
            return append_link(out, R"(<a class="hashtag" href="/tweets/hashtag/)",
                               http::percent_encoded(entity.value()), "\">", text);
        case tweets::Entity::KIND_MENTION:
            return append_link(out, R"(<a class="mention" href="/users/)",
                               http::percent_encoded(lower(entity.value())), "\">", text);
        case tweets::Entity::KIND_LINK:
            if (!is_web_address(entity.value())) break;
            return append_link(out, R"(<a class="link" href=")", entity.value(),
                               R"(" rel="nofollow noopener ugc">)", text);
        default:
            break;
    }
    append_escaped(out, text);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
}

std::string linkified(const tweets::Tweet& tweet) {
    const std::string_view text = tweet.text();
    std::string out;
    out.reserve(text.size() * 2);
    std::size_t done = 0;
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.begin() < done || entity.end() <= entity.begin() || entity.end() > text.size()) continue;
        append_escaped(out, text.substr(done, entity.begin() - done));
        append_entity(out, entity, text.substr(entity.begin(), entity.end() - entity.begin()));
        done = entity.end();
    }
    append_escaped(out, text.substr(done));
    return out;
}

}  // namespace jebi::web
