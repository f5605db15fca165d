#include "modules/web/mastodon/content.h"

#include "kit/base/unicode.h"
#include "kit/http/message.h"
#include "modules/web/templates/escape.h"

namespace jebi::web::mastodon {

namespace {

// Text with its line ends as HTML.
void append_text(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto line_end = text.find('\n');
        append_escaped(out, text.substr(0, line_end));
        if (line_end == std::string_view::npos) return;
        const auto next = text.find_first_not_of('\n', line_end);
        const std::size_t after = next == std::string_view::npos ? text.size() : next;
        out += after - line_end > 1 ? "</p><p>" : "<br>";
        text.remove_prefix(after);
    }
}

void append_link(std::string& out, std::string_view start, std::string_view address, std::string_view rest,
                 std::string_view text) {
    out.append(start);
    append_escaped(out, address);
    out.append(rest);
    append_escaped(out, text);
    out.append("</a>");
}

void append_web_link(std::string& out, std::string_view address, std::string_view text) {
    append_link(out, R"(<a href=")", address, R"(" target="_blank" rel="nofollow noopener noreferrer">)",
                text);
}

bool is_web_address(std::string_view address) {
    return address.starts_with("http://") || address.starts_with("https://");
}

struct Text {
    std::string_view origin;
    const IsKnown& is_known;

    void append(std::string& out, const tweets::Entity& entity, std::string_view text) const {
        switch (entity.kind()) {
            case tweets::Entity::KIND_HASHTAG:
                return append_link(out, R"(<a href=")", hashtag_url(origin, entity.value()),
                                   R"(" class="mention hashtag" rel="tag">)", text);
            case tweets::Entity::KIND_MENTION:
                if (!is_known(lower(entity.value()))) break;
                return append_link(out, R"(<a href=")", account_url(origin, lower(entity.value())),
                                   R"(" class="u-url mention">)", text);
            case tweets::Entity::KIND_LINK:
                if (!is_web_address(lower(entity.value()))) break;
                return append_web_link(out, entity.value(), text);
            default:
                break;
        }
        append_escaped(out, text);
    }
};

}  // namespace

std::string content_of(const tweets::Tweet& tweet, std::string_view origin, const IsKnown& is_known) {
    const std::string_view text = tweet.text();
    const Text of{origin, is_known};
    std::string out = "<p>";
    out.reserve(text.size() * 3 + 16);
    std::size_t done = 0;
    for (const tweets::Entity& entity : tweet.entities()) {
        if (entity.begin() < done || entity.end() <= entity.begin() || entity.end() > text.size()) continue;
        append_text(out, text.substr(done, entity.begin() - done));
        of.append(out, entity, text.substr(entity.begin(), entity.end() - entity.begin()));
        done = entity.end();
    }
    append_text(out, text.substr(done));
    return out + "</p>";
}

std::string note_of(std::string_view text) {
    if (text.empty()) return "";
    std::string out = "<p>";
    append_text(out, text);
    return out + "</p>";
}

std::string link_of(std::string_view address) {
    std::string out;
    if (is_web_address(lower(address))) {
        append_web_link(out, address, address);
    } else {
        append_escaped(out, address);
    }
    return out;
}

std::string account_url(std::string_view origin, std::string_view username) {
    return std::string(origin) + "/users/" + http::percent_encoded(username);
}

std::string status_url(std::string_view origin, std::uint64_t id) {
    return std::string(origin) + "/tweets/" + std::to_string(id);
}

std::string hashtag_url(std::string_view origin, std::string_view hashtag) {
    return std::string(origin) + "/tweets/hashtag/" + http::percent_encoded(hashtag);
}

}  // namespace jebi::web::mastodon
