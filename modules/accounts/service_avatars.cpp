#include <algorithm>

#include "kit/base/crypto.h"
#include "kit/picture/picture.h"
#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

constexpr std::uint32_t avatar_side_pixels_max = 400;
constexpr std::size_t version_characters = 32;

bool is_version(std::string_view text) {
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == version_characters && std::ranges::all_of(text, is_hex);
}

// The version is the picture's hash, so that another picture never has the address of this one.
Result<Store::Avatar> avatar_of(const std::string& file) {
    TRY(auto pixels, picture::decoded(file, {}));
    Store::Avatar avatar{
        .version = {}, .content_type = std::string(picture::webp_content_type), .picture = {}};
    TRY(avatar.picture,
        picture::as_webp(picture::shrunk(picture::square(std::move(pixels)), avatar_side_pixels_max)));
    avatar.version = hex(bytes_of(sha256(avatar.picture))).substr(0, version_characters);
    return avatar;
}

}  // namespace

Result<User> Service::set_avatar(const Call& call, const SetAvatarRequest& request) {
    TRY(const UserId me, signed_in(call));
    auto avatar = pictures_.run(call.until, [file = request.picture()] { return avatar_of(file); });
    if (!avatar && avatar.error().code == Code::invalid) avatar.error().field = "avatar";
    TRY_VOID(avatar);
    auto changed = store_.set_avatar(call, me, *avatar, clock_.wall_ms());
    if (changed) happened_.tell();
    return changed;
}

Result<User> Service::remove_avatar(const Call& call, const Empty&) {
    TRY(const UserId me, signed_in(call));
    auto changed = store_.remove_avatar(call, me, clock_.wall_ms());
    if (changed) happened_.tell();
    return changed;
}

Result<AvatarReply> Service::avatar(const Call& call, const AvatarRequest& request) {
    const auto none = [] { return fail(Code::not_found, "There is no such picture."); };
    if (!is_version(request.version())) return none();
    TRY(auto found, store_.avatar(call, UserId{request.user_id()}, request.version()));
    if (!found) return none();
    AvatarReply reply;
    reply.set_picture(std::move(found->picture));
    reply.set_content_type(found->content_type);
    return reply;
}

}  // namespace jebi::accounts
