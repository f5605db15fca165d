// Of the contract of Accounts, what others are told of people.
#pragma once

#include <set>
#include <thread>

#include "modules/accounts/contract_steps.h"

namespace jebi::accounts::testing {

template <typename Place>
void telling_what_happened() {
    Place place;
    Accounts& accounts = place.accounts();

    SUBCASE("begins with nothing") {
        CHECK(told_after(accounts, 0).empty());
        CHECK(last_event(accounts) == 0);
    }
    SUBCASE("tells of those who come, change and leave, in order") {
        const UserId minsu = id_of(person(accounts, "minsu"));
        const UserId other = id_of(person(accounts, "other"));
        place.clock().advance(Millis{5});
        change_display_name(accounts, minsu, "김민수");
        CHECK(told_after(accounts, 0) == "created minsu\ncreated other\nchanged minsu\n");
        const EventsReply all = required(events_after(accounts, 0));
        CHECK(all.events(0).sequence() >= 1);
        CHECK(all.events(1).sequence() > all.events(0).sequence());
        CHECK(all.events(2).at_ms() == place.clock().wall_ms());
        CHECK(all.events(2).at_ms() == all.events(1).at_ms() + 5);
        CHECK(last_event(accounts) == all.events(2).sequence());
        required(delete_account(accounts, patient(other)));
        CHECK(told_after(accounts, all.events(2).sequence()) == "deleted\n");
        const EventsReply rest = required(events_after(accounts, all.events(2).sequence()));
        CHECK(rest.events(0).deleted().user_id() == other.value);
    }
    SUBCASE("tells of people as they are now") {
        const UserId minsu = id_of(person(accounts, "minsu"));
        const User changed = change_display_name(accounts, minsu, "김민수");
        const EventsReply all = required(events_after(accounts, 0));
        REQUIRE(all.events_size() == 2);
        CHECK(all.events(0).created().SerializeAsString() == changed.SerializeAsString());
        CHECK(all.events(1).changed().SerializeAsString() == changed.SerializeAsString());
    }
    SUBCASE("tells of the last change only, and those who have read so far hear of it") {
        const UserId minsu = id_of(person(accounts, "minsu"));
        std::set<std::uint64_t> sequences;
        for (const std::string name : {"a", "b", "c"}) {
            const auto before = last_event(accounts);
            change_display_name(accounts, minsu, name);
            CHECK(told_after(accounts, before) == "changed minsu\n");
            sequences.insert(last_event(accounts));
        }
        CHECK(sequences.size() == 3);
        CHECK(told_after(accounts, 0) == "created minsu\nchanged minsu\n");
    }
    SUBCASE("of those who left tells that, once, and nothing else") {
        const UserId minsu = id_of(person(accounts, "minsu"));
        change_display_name(accounts, minsu, "a");
        for (int i = 0; i < 2; ++i)
            required(delete_account(accounts, patient(minsu)));
        CHECK(told_after(accounts, 0) == "deleted\n");
    }
    SUBCASE("does not tell of what was refused") {
        const SessionReply minsu = person(accounts, "minsu");
        CHECK(!accounts.sign_up(patient(), sign_up_request("minsu")));
        CHECK(!accounts.change_profile(patient(id_of(minsu)), {}));
        CHECK(!delete_account(accounts, patient(id_of(minsu)), "wrong"));
        CHECK(told_after(accounts, 0) == "created minsu\n");
    }
    SUBCASE("in pages, without holes") {
        std::string expected;
        for (int i = 0; i < 5; ++i)
            expected += "created " + person(accounts, "swift" + std::to_string(i)).user().username() + '\n';
        std::string told;
        std::uint64_t after = 0;
        while (told != expected) {
            const EventsReply page = required(events_after(accounts, after, 2));
            REQUIRE(page.events_size() > 0);
            REQUIRE(page.events_size() <= 2);
            for (const Event& event : page.events())
                told += "created " + event.created().username() + '\n';
            after = page.events(page.events_size() - 1).sequence();
        }
        CHECK(required(events_after(accounts, after)).events_size() == 0);
        CHECK(required(events_after(accounts, UINT64_MAX)).events_size() == 0);
    }
    SUBCASE("wakes those who wait") {
        const UserId minsu = id_of(person(accounts, "minsu"));
        const auto heard_of = [&](auto happen) {
            const fiber::Event about_to_wait;
            const auto before = last_event(accounts);
            std::atomic<int> heard = 0;
            {
                const std::jthread waiting([&] {
                    about_to_wait.set();
                    const auto reply = events_after(accounts, before, 10, 5'000);
                    if (reply) heard = reply->events_size();
                });
                REQUIRE(about_to_wait.wait_until(in(Millis{60'000})));
                happen();
            }
            return heard.load();
        };
        CHECK(heard_of([&] { person(accounts, "other"); }) == 1);
        CHECK(heard_of([&] { change_display_name(accounts, minsu, "a"); }) == 1);
        CHECK(heard_of([&] { required(delete_account(accounts, patient(minsu))); }) == 1);
    }
    SUBCASE("is asked for within bounds") {
        CHECK(answer_of(events_after(accounts, 0, 0)) == "invalid out_of_range limit");
        CHECK(answer_of(events_after(accounts, 0, 1'001)) == "invalid out_of_range limit");
        CHECK(answer_of(events_after(accounts, 0, 1, 5'001)) == "invalid out_of_range wait_ms");
        CHECK(required(events_after(accounts, 0, 1'000, 1)).events_size() == 0);
    }
    SUBCASE("answers those who wait before the call's time is up") {
        EventsRequest request;
        request.set_limit(1);
        request.set_wait_ms(5'000);
        // A busy machine may be late once, but not each time.
        bool in_time = false;
        for (int i = 0; i < 10 && !in_time; ++i) {
            const Call short_call{.until = in(Millis{300})};
            const bool answered = accounts.events(short_call, request).has_value();
            in_time = answered && !short_call.expired();
        }
        CHECK(in_time);
    }
}

}  // namespace jebi::accounts::testing
