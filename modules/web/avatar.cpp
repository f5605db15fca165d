// People's pictures: setting one's own, and giving them out. Who has none is a bird with their initial.
#include "kit/base/unicode.h"
#include "modules/web/pages.h"
#include "modules/web/templates/escape.h"

namespace jebi::web {

namespace {

constexpr std::string_view for_ever = "public, max-age=31536000, immutable";  // a version never changes
constexpr std::string_view for_an_hour = "public, max-age=3600";

http::Response picture(std::string bytes, std::string content_type, std::string_view kept) {
    http::Response response;
    response.fields.add("Content-Type", std::move(content_type));
    response.fields.add("Cache-Control", std::string(kept));
    response.body = std::move(bytes);
    return response;
}

// In light colours that stand on any ground; as perch in _symbols.html, whose colours the page knows.
std::string bird_of(const accounts::User& user) {
    const std::string hue = std::to_string(hue_of(user));
    std::string svg =
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48'>"
        "<rect width='48' height='48' fill='hsl(" +
        hue +
        " 52% 86%)'/>"
        "<path d='M48 8v9l-9 1Z' fill='#a93f19'/>"
        "<text x='24' y='25' text-anchor='middle' dominant-baseline='central' font-family='sans-serif' "
        "font-weight='700' font-size='21' fill='hsl(" +
        hue + " 55% 24%)'>";
    append_escaped(svg, first_grapheme(user.display_name()));
    return svg + "</text></svg>";
}

}  // namespace

Shown set_avatar(const Site& site, Visit& visit, const http::Multipart& sent) {
    TRY_VOID(signed_in(visit));
    const http::Part* const file = sent.file("avatar");
    if (file == nullptr) {
        return settings_again(
            site, visit, error(Code::invalid, "Choose a picture first.").because("no_file").at("avatar"));
    }
    accounts::SetAvatarRequest request;
    request.set_picture(std::string(file->bytes));
    const auto set = site.accounts.set_avatar(visit.call, request);
    if (!set && is_for_the_form(set.error())) return settings_again(site, visit, set.error());
    TRY_VOID(set);
    return redirected(site, visit, "/settings", "picture");
}

Shown remove_avatar(const Site& site, Visit& visit, const Form&) {
    TRY_VOID(signed_in(visit));
    TRY_VOID(site.accounts.remove_avatar(visit.call, accounts::Empty{}));
    return redirected(site, visit, "/settings", "picture_removed");
}

Shown avatar(const Site& site, Visit& visit) {
    accounts::AvatarRequest request;
    TRY(const std::uint64_t id, id_in_path(visit));
    request.set_user_id(id);
    request.set_version(std::string(visit.request.captured_as("version")));
    TRY(auto found, site.accounts.avatar(visit.call, request));
    return picture(std::move(*found.mutable_picture()), found.content_type(), for_ever);
}

Shown bird(const Site& site, Visit& visit) {
    TRY(const std::uint64_t id, id_in_path(visit));
    accounts::UsersByIdsRequest request;
    request.add_ids(id);
    TRY(const auto users, site.accounts.users_by_ids(visit.call, request));
    if (users.users_size() != 1) return fail(Code::not_found, "There is nobody with this id.");
    const accounts::User& user = users.users(0);
    if (!user.avatar().empty()) return redirected(site, visit, avatar_address(user));
    return picture(bird_of(user), "image/svg+xml", for_an_hour);
}

}  // namespace jebi::web
