#include "modules/web/linkify.h"

#include "kit/base/unicode.h"
#include "kit/http/message.h"
#include "modules/web/templates/escape.h"

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
    const std::size_t host = scheme.starts_with("http://") ? 7 : 8;
    return (host == 7 || scheme == "https://") && address.size() > host;
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

// Where an address that begins here ends; a mark that ends the sentence is not its own.
std::size_t address_end(std::string_view text, std::size_t begin) {
    std::size_t end = std::min(text.find_first_of(" \t\n<>\"'", begin), text.size());
    while (end > begin && std::string_view(".,!?:;)]}").contains(text[end - 1]))
        --end;
    return end;
}

}  // namespace

std::string with_addresses_linked(std::string_view text) {
    std::string out;
    std::size_t done = 0;
    for (auto at = text.find("http"); at != std::string_view::npos; at = text.find("http", at + 1)) {
        const std::size_t end = at < done ? at : address_end(text, at);
        const std::string_view address = text.substr(at, end - at);
        if (!is_web_address(address)) continue;
        append_escaped(out, text.substr(done, at - done));
        append_link(out, R"(<a class="link" href=")", address, R"(" rel="nofollow noopener ugc">)", address);
        done = end;
    }
    append_escaped(out, text.substr(done));
    return out;
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
