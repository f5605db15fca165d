// Of the contract of Accounts, what is about people: their profiles, finding them, and leaving.
#pragma once

#include <algorithm>
#include <thread>
#include <vector>

#include "modules/accounts/contract_steps.h"

namespace jebi::accounts::testing {

template <typename Place>
void changing_the_profile() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu = person(accounts, "minsu");
    ChangeProfileRequest request;
    request.set_display_name("김민수");
    request.set_bio("제비를 \r\n좋아해요 ");
    request.set_link("https://example.com/minsu");

    SUBCASE("keeps all three and answers the user") {
        for (int i = 0; i < 2; ++i) {
            const User user = required(accounts.change_profile(patient(id_of(minsu)), request));
            CHECK(user.id() == minsu.user().id());
            CHECK(user.username() == "minsu");
            CHECK(user.display_name() == "김민수");
            CHECK(user.bio() == "제비를 \n좋아해요");
            CHECK(user.link() == "https://example.com/minsu");
            UserByNameRequest name;
            name.set_username("minsu");
            CHECK(required(accounts.user_by_name(patient(), name)).SerializeAsString() ==
                  user.SerializeAsString());
        }
    }
    SUBCASE("keeps none of them when one is wrong") {
        const auto answer = [&](auto change) {
            ChangeProfileRequest wrong = request;
            change(wrong);
            return answer_of(accounts.change_profile(patient(id_of(minsu)), wrong));
        };
        CHECK(answer([](auto& r) { r.set_display_name(""); }) == "invalid display_name_invalid display_name");
        CHECK(answer([](auto& r) { r.set_bio(std::string(161, 'x')); }) == "invalid bio_too_long bio");
        CHECK(answer([](auto& r) { r.set_link("javascript:alert(1)"); }) == "invalid link_invalid link");
        UserByNameRequest name;
        name.set_username("minsu");
        CHECK(required(accounts.user_by_name(patient(), name)).display_name() == "minsu");
    }
    SUBCASE("of an account that is gone is not found") {
        required(delete_account(accounts, patient(id_of(minsu))));
        CHECK(answer_of(accounts.change_profile(patient(id_of(minsu)), request)) == "not_found user_gone");
    }
}

template <typename Place>
void deleting() {
    Place place;
    Accounts& accounts = place.accounts();
    const SessionReply minsu =
        required(accounts.sign_up(with_key(patient(), "form-1"), sign_up_request("minsu")));
    const Call call = patient(id_of(minsu));

    SUBCASE("asks for the password, with delays") {
        for (int i = 0; i < 5; ++i) {
            CHECK(answer_of(delete_account(accounts, call, "wrong")) == "invalid password_wrong password");
        }
        CHECK(answer_of(delete_account(accounts, call)) == "exhausted too_many_tries");
        CHECK(is_open(accounts, minsu.token()));
        CHECK(told_after(accounts, 0) == "created minsu\n");
    }
    SUBCASE("removes the user and all sessions, and may be repeated") {
        for (int i = 0; i < 2; ++i)
            CHECK(answer_of(delete_account(accounts, call)) == "ok");
        CHECK(!is_open(accounts, minsu.token()));
        CHECK(answer_of(accounts.sign_in(patient(), sign_in_request("minsu"))) ==
              "unauthenticated wrong_credentials");
        UsersByIdsRequest ids;
        ids.add_ids(minsu.user().id());
        CHECK(required(accounts.users_by_ids(patient(), ids)).users_size() == 0);
        UserByNameRequest name;
        name.set_username("minsu");
        CHECK(answer_of(accounts.user_by_name(patient(), name)) == "not_found");
        UsersRequest all;
        all.set_page(1);
        all.set_size(10);
        CHECK(required(accounts.users(patient(), all)).total() == 0);
        CHECK(answer_of(change_password(accounts, call, good_password, next_password)) ==
              "not_found user_gone");
    }
    SUBCASE("does not give the name to anybody else, but frees the e-mail") {
        required(delete_account(accounts, call));
        SignUpRequest request = sign_up_request("minsu");
        CHECK(answer_of(accounts.sign_up(patient(), request)) == "conflict username_taken username");
        CHECK(answer_of(accounts.sign_up(with_key(patient(), "form-1"), request)) ==
              "conflict username_taken username");
        request.set_username("minsu2");
        CHECK(answer_of(accounts.sign_up(patient(), request)) == "ok");
    }
}

template <typename Place>
void finding_people() {
    Place place;
    Accounts& accounts = place.accounts();
    std::vector<User> people;
    for (int i = 0; i < 5; ++i) {
        place.clock().advance(Millis{1});
        people.push_back(person(accounts, "swift" + std::to_string(i)).user());
    }

    SUBCASE("by id, in the order asked for, once each, without those that do not exist") {
        UsersByIdsRequest request;
        for (const std::uint64_t id : {people[3].id(), std::uint64_t{7}, people[0].id(), people[3].id(),
                                       people[4].id(), std::uint64_t{0}, UINT64_MAX}) {
            request.add_ids(id);
        }
        const UsersReply reply = required(accounts.users_by_ids(patient(), request));
        REQUIRE(reply.users_size() == 3);
        CHECK(reply.users(0).SerializeAsString() == people[3].SerializeAsString());
        CHECK(reply.users(1).id() == people[0].id());
        CHECK(reply.users(2).id() == people[4].id());
        CHECK(required(accounts.users_by_ids(patient(), {})).users_size() == 0);
    }
    SUBCASE("by id and by name in one call, those by name last") {
        UsersByIdsRequest request;
        request.add_ids(people[3].id());
        for (const char* name : {"Swift1", "nobody", "swift3"})
            request.add_usernames(name);
        const UsersReply reply = required(accounts.users_by_ids(patient(), request));
        REQUIRE(reply.users_size() == 3);
        CHECK(reply.users(0).id() == people[3].id());
        CHECK(reply.users(1).id() == people[1].id());
        CHECK(reply.users(2).id() == people[3].id());
        for (int i = 0; i < 98; ++i)
            request.add_usernames("nobody");
        CHECK(answer_of(accounts.users_by_ids(patient(), request)) == "invalid out_of_range usernames");
    }
    SUBCASE("by at most a hundred ids") {
        UsersByIdsRequest request;
        for (std::uint64_t i = 1; i < 100; ++i)
            request.add_ids(i);
        request.add_ids(people[2].id());
        CHECK(required(accounts.users_by_ids(patient(), request)).users_size() == 1);
        request.add_ids(1);
        CHECK(answer_of(accounts.users_by_ids(patient(), request)) == "invalid out_of_range ids");
    }
    SUBCASE("by names, in the order asked for, once each, without those that do not exist") {
        UsersByNamesRequest request;
        for (const std::string& name :
             {std::string("swift3"), std::string("nobody"), std::string("SWIFT0"), std::string("Swift3"),
              std::string("swift4"), std::string(), std::string("swift%"), std::string(100'000, 'a'),
              std::string("제비")}) {
            request.add_usernames(name);
        }
        const UsersReply reply = required(accounts.users_by_names(patient(), request));
        REQUIRE(reply.users_size() == 3);
        CHECK(reply.users(0).SerializeAsString() == people[3].SerializeAsString());
        CHECK(reply.users(1).id() == people[0].id());
        CHECK(reply.users(2).id() == people[4].id());
        CHECK(required(accounts.users_by_names(patient(), {})).users_size() == 0);
    }
    SUBCASE("by at most a hundred names") {
        UsersByNamesRequest request;
        for (int i = 1; i < 100; ++i)
            request.add_usernames("crow" + std::to_string(i));
        request.add_usernames("swift2");
        CHECK(required(accounts.users_by_names(patient(), request)).users_size() == 1);
        request.add_usernames("crow");
        CHECK(answer_of(accounts.users_by_names(patient(), request)) == "invalid out_of_range usernames");
    }
    SUBCASE("what is one's own is for oneself") {
        const OwnReply own = required(accounts.own(patient(UserId{people[1].id()}), {}));
        CHECK(own.user().SerializeAsString() == people[1].SerializeAsString());
        CHECK(own.email() == "swift1@example.com");
        CHECK(own.has_password());
        CHECK(own.identities_size() == 0);
        CHECK(answer_of(accounts.own(patient(), {})) == "unauthenticated sign_in_first");
        CHECK(answer_of(accounts.own(patient(UserId{7}), {})) == "not_found user_gone");
    }
    SUBCASE("by name, in any case") {
        UserByNameRequest request;
        request.set_username("SWIFT2");
        CHECK(required(accounts.user_by_name(patient(), request)).SerializeAsString() ==
              people[2].SerializeAsString());
        for (const std::string& name :
             {std::string("swift"), std::string(), std::string("swift2 "), std::string("swift%"),
              std::string(100'000, 'a'), std::string("제비")}) {
            request.set_username(name);
            CHECK(answer_of(accounts.user_by_name(patient(), request)) == "not_found");
        }
    }
    SUBCASE("page by page, newest first; a page beyond the last is empty") {
        const auto names = [&](std::uint32_t page, std::uint32_t size) {
            UsersRequest request;
            request.set_page(page);
            request.set_size(size);
            const UsersPage reply = required(accounts.users(patient(), request));
            CHECK(reply.total() == 5);
            std::string all;
            for (const User& user : reply.users())
                all += user.username().back();
            return all;
        };
        CHECK(names(1, 2) == "43");
        CHECK(names(2, 2) == "21");
        CHECK(names(3, 2) == "0");
        CHECK(names(4, 2) == "");
        CHECK(names(UINT32_MAX, 100) == "");
        CHECK(names(1, 100) == "43210");
    }
    SUBCASE("in pages of one to a hundred, counted from one") {
        const auto answer = [&](std::uint32_t page, std::uint32_t size) {
            UsersRequest request;
            request.set_page(page);
            request.set_size(size);
            return answer_of(accounts.users(patient(), request));
        };
        CHECK(answer(0, 5) == "invalid out_of_range page");
        CHECK(answer(1, 0) == "invalid out_of_range size");
        CHECK(answer(1, 101) == "invalid out_of_range size");
    }
}

}  // namespace jebi::accounts::testing
