// Of the contract of Accounts, what is about pictures.
#pragma once

#include <thread>
#include <vector>

#include "kit/picture/picture.h"
#include "modules/accounts/contract_steps.h"

namespace jebi::accounts::testing {

// A WebP of that size, grey.
inline std::string picture_of(std::uint32_t width, std::uint32_t height, std::uint8_t brightness = 99) {
    const picture::Pixels pixels{
        .width = width,
        .height = height,
        .rgba = std::vector<std::uint8_t>(std::size_t{width} * height * 4, brightness)};
    return required(picture::as_webp(pixels));
}

inline Result<User> set_avatar(Accounts& accounts, UserId user, const std::string& file) {
    SetAvatarRequest request;
    request.set_picture(file);
    return accounts.set_avatar(patient(user), request);
}

inline Result<AvatarReply> avatar(Accounts& accounts, UserId user, const std::string& version) {
    AvatarRequest request;
    request.set_user_id(user.value);
    request.set_version(version);
    return accounts.avatar(patient(), request);
}

template <typename Place>
void having_a_picture() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    const UserId me = id_of(minsu);
    CHECK(minsu.user().avatar().empty());

    SUBCASE("is seen wherever the user is") {
        const User user = required(set_avatar(accounts, me, picture_of(8, 8)));
        CHECK(user.username() == "minsu");
        CHECK(user.avatar().size() == 32);
        const auto same = [&](const User& seen) {
            return seen.SerializeAsString() == user.SerializeAsString();
        };
        UsersByIdsRequest ids;
        ids.add_ids(me.value);
        CHECK(same(required(accounts.users_by_ids(patient(), ids)).users(0)));
        UsersByNamesRequest names;
        names.add_usernames("minsu");
        CHECK(same(required(accounts.users_by_names(patient(), names)).users(0)));
        UserByNameRequest name;
        name.set_username("minsu");
        CHECK(same(required(accounts.user_by_name(patient(), name))));
        UsersRequest all;
        all.set_page(1);
        all.set_size(10);
        CHECK(same(required(accounts.users(patient(), all)).users(0)));
        AuthenticateRequest visit;
        visit.set_token(minsu.token());
        CHECK(same(required(accounts.authenticate(patient(), visit)).user()));
        CHECK(same(required(accounts.own(patient(me), {})).user()));
        CHECK(same(required(accounts.sign_in(patient(), sign_in_request("minsu"))).user()));
        CHECK(same(required(accounts.sign_in(patient(), sign_in_request("minsu@example.com"))).user()));
        CHECK(change_display_name(accounts, me, "minsu").avatar() == user.avatar());
        CHECK(same(required(events_after(accounts, 0)).events(1).changed()));
    }
    SUBCASE("is told of as a change") {
        required(set_avatar(accounts, me, picture_of(8, 8)));
        CHECK(told_after(accounts, 1) == "changed minsu\n");
        const std::uint64_t before = last_event(accounts);
        required(accounts.remove_avatar(patient(me), {}));
        CHECK(told_after(accounts, before) == "changed minsu\n");
    }
    SUBCASE("is a square of at most 400 pixels that anybody may see") {
        const User user = required(set_avatar(accounts, me, picture_of(900, 500)));
        const AvatarReply reply = required(avatar(accounts, me, user.avatar()));
        CHECK(reply.content_type() == "image/webp");
        const picture::Pixels pixels = required(picture::decoded(reply.picture(), {}));
        CHECK(pixels.width == 400);
        CHECK(pixels.height == 400);
        const User small = required(set_avatar(accounts, me, picture_of(20, 10)));
        CHECK(
            required(picture::decoded(required(avatar(accounts, me, small.avatar())).picture(), {})).width ==
            10);
    }
    SUBCASE("has one version a picture, and the last one only") {
        const std::string first = required(set_avatar(accounts, me, picture_of(8, 8, 10))).avatar();
        CHECK(required(set_avatar(accounts, me, picture_of(8, 8, 10))).avatar() == first);
        const std::string second = required(set_avatar(accounts, me, picture_of(8, 8, 200))).avatar();
        CHECK(second != first);
        CHECK(answer_of(avatar(accounts, me, first)) == "not_found");
        CHECK(answer_of(avatar(accounts, me, second)) == "ok");
        for (const std::string& none :
             {std::string(), std::string(32, '0'), std::string(32, '\''), second + "0"})
            CHECK(answer_of(avatar(accounts, me, none)) == "not_found");
        CHECK(answer_of(avatar(accounts, UserId{UINT64_MAX}, second)) == "not_found");
    }
    SUBCASE("is taken off, and that may be repeated") {
        const std::string version = required(set_avatar(accounts, me, picture_of(8, 8))).avatar();
        for (int i = 0; i < 2; ++i)
            CHECK(required(accounts.remove_avatar(patient(me), {})).avatar().empty());
        CHECK(answer_of(avatar(accounts, me, version)) == "not_found");
    }
    SUBCASE("goes with the account") {
        const std::string version = required(set_avatar(accounts, me, picture_of(8, 8))).avatar();
        required(delete_account(accounts, patient(me)));
        CHECK(answer_of(avatar(accounts, me, version)) == "not_found");
        CHECK(answer_of(set_avatar(accounts, me, picture_of(8, 8))) == "not_found user_gone");
        CHECK(answer_of(accounts.remove_avatar(patient(me), {})) == "not_found user_gone");
    }
    SUBCASE("is no other file, within bounds, and of somebody") {
        const std::string version = required(set_avatar(accounts, me, picture_of(8, 8))).avatar();
        for (const std::string file : {"", "GIF89a", "<svg onload='alert(1)'/>"})
            CHECK(answer_of(set_avatar(accounts, me, file)) == "invalid picture_invalid avatar");
        CHECK(answer_of(set_avatar(accounts, me, std::string(2 * 1024 * 1024 + 1, 'x'))) ==
              "invalid picture_too_large avatar");
        CHECK(answer_of(set_avatar(accounts, me, picture_of(4'097, 1))) ==
              "invalid picture_too_large avatar");
        CHECK(answer_of(set_avatar(accounts, {}, picture_of(8, 8))) == "unauthenticated sign_in_first");
        CHECK(answer_of(accounts.remove_avatar(patient(), {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(avatar(accounts, me, version)) == "ok");
    }
    SUBCASE("set at the same moment is one of them, whole") {
        {
            std::vector<std::jthread> setting;
            for (std::uint8_t brightness = 10; brightness < 170; brightness += 50) {
                setting.emplace_back(
                    [&, brightness] { required(set_avatar(accounts, me, picture_of(8, 8, brightness))); });
            }
        }
        const std::string version = required(accounts.own(patient(me), {})).user().avatar();
        const AvatarReply reply = required(avatar(accounts, me, version));
        CHECK(required(set_avatar(accounts, me, reply.picture())).avatar().size() == 32);
        CHECK(told_after(accounts, 1) == "changed minsu\n");
    }
}

}  // namespace jebi::accounts::testing
