#include "modules/web/recall.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::web;

namespace {

using Hiding = Recall::Hiding;

const Deadline start = Deadline{} + Millis{1'000'000};
const UserId minji{7};

accounts::User person(std::uint64_t id, const std::string& name, const std::string& shown = "") {
    accounts::User user;
    user.set_id(id);
    user.set_username(name);
    user.set_display_name(shown);
    return user;
}

void tell(Recall& recall, std::vector<std::uint64_t> ids, std::vector<std::uint64_t> hidden, Hiding hiding,
          Deadline at = start) {
    recall.keep_hidden(minji, ids, hidden, hiding, at);
}

}  // namespace

TEST_CASE("people are known by id and by name for ten minutes") {
    Recall recall;
    const std::vector users{person(1, "minji"), person(2, "jun")};
    recall.keep(users, start);
    CHECK(recall.user(2, start + Recall::kept - Millis{1})->username() == "jun");
    CHECK(recall.user_named("minji", start)->id() == 1);
    CHECK_FALSE(recall.user(2, start + Recall::kept));
    CHECK_FALSE(recall.user_named("minji", start + Recall::kept));
    CHECK_FALSE(recall.user(3, start));
    CHECK_FALSE(recall.user_named("nobody", start));
    CHECK_FALSE(recall.user(0, start));
    CHECK_FALSE(recall.user_named("", start));
}

TEST_CASE("a changed person is taken over, and one who is gone is forgotten") {
    Recall recall;
    recall.keep(person(1, "minji", "before"), start);
    recall.keep(person(1, "minji", "after"), start);
    CHECK(recall.user(1, start)->display_name() == "after");
    recall.keep(person(1, "minji", "asked for earlier"), start - Millis{1});
    CHECK(recall.user(1, start)->display_name() == "after");
    recall.forget(2);
    CHECK(recall.user(1, start));
    recall.forget(1);
    CHECK_FALSE(recall.user(1, start));
    CHECK_FALSE(recall.user_named("minji", start));
}

TEST_CASE("who was told about within a second need not be asked for") {
    Recall recall;
    recall.keep(std::vector{person(1, "minji"), person(2, "jun")}, start);
    recall.keep(person(2, "jun", "Jun"), start + Millis{1});
    std::vector<accounts::User> known;
    const std::vector<std::uint64_t> ids{3, 2, 1};
    CHECK(recall.not_fresh(ids, start + Recall::fresh, known) == std::vector<std::uint64_t>{3, 1});
    REQUIRE(known.size() == 1);
    CHECK(known[0].display_name() == "Jun");
    const std::vector<std::string> names{"jun", "minji", "nobody", ""};
    CHECK(recall.not_fresh(names, start + Recall::fresh, known) ==
          std::vector<std::string>{"minji", "nobody", ""});
    CHECK(known.size() == 2);
    CHECK(recall.not_fresh(ids, start + Recall::fresh + Millis{1}, known) == ids);
    CHECK(known.size() == 2);
}

TEST_CASE("what was told of blocks holds for lists with mutes only as far as it goes") {
    Recall recall;
    tell(recall, {1, 2}, {2}, Hiding::blocks);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start) == false);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks_and_mutes, start) == std::nullopt);
    CHECK(recall.was_hidden(minji, 2, Hiding::blocks, start) == true);
    CHECK(recall.was_hidden(minji, 2, Hiding::blocks_and_mutes, start) == true);
    tell(recall, {3, 4}, {4}, Hiding::blocks_and_mutes);
    CHECK(recall.was_hidden(minji, 3, Hiding::blocks, start) == false);
    CHECK(recall.was_hidden(minji, 3, Hiding::blocks_and_mutes, start) == false);
    CHECK(recall.was_hidden(minji, 4, Hiding::blocks, start) == std::nullopt);  // muted, or blocked?
    CHECK(recall.was_hidden(minji, 4, Hiding::blocks_and_mutes, start) == true);
}

TEST_CASE("what is told later counts, and a block that may be new is no longer ruled out") {
    Recall recall;
    tell(recall, {1, 2}, {}, Hiding::blocks_and_mutes);
    tell(recall, {1}, {1}, Hiding::blocks);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start) == true);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks_and_mutes, start) == true);
    tell(recall, {2}, {2}, Hiding::blocks_and_mutes);
    CHECK(recall.was_hidden(minji, 2, Hiding::blocks, start) == std::nullopt);
}

TEST_CASE("a change is known from its answer, for whoever made it") {
    Recall recall;
    tell(recall, {1, 2, 3}, {}, Hiding::blocks_and_mutes);
    follows::Relationship now_is;
    now_is.set_user_id(1);
    now_is.set_following(true);
    recall.keep_relationship(minji, now_is, start);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks_and_mutes, start) == false);
    now_is.set_muting(true);
    recall.keep_relationship(minji, now_is, start);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks_and_mutes, start) == true);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start) == false);
    now_is.set_blocked_by(true);
    recall.keep_relationship(minji, now_is, start);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start) == true);
    CHECK(recall.was_hidden(minji, 2, Hiding::blocks_and_mutes, start) == false);
}

TEST_CASE(
    "nothing is known of others, of other readers, after ten minutes, and after a change by the other") {
    Recall recall;
    tell(recall, {1, 2}, {}, Hiding::blocks);
    CHECK(recall.was_hidden(minji, 3, Hiding::blocks, start) == std::nullopt);
    CHECK(recall.was_hidden(UserId{8}, 1, Hiding::blocks, start) == std::nullopt);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start + Recall::kept) == std::nullopt);
    follows::Relationship of_the_other;
    of_the_other.set_user_id(minji.value);
    recall.keep_relationship(UserId{1}, of_the_other, start);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start) == std::nullopt);
    CHECK(recall.was_hidden(minji, 2, Hiding::blocks, start) == false);
}

TEST_CASE("what was told ten minutes ago does not live on beside what is told now") {
    Recall recall;
    tell(recall, {1}, {}, Hiding::blocks_and_mutes);
    tell(recall, {1}, {1}, Hiding::blocks, start + Recall::kept);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks, start + Recall::kept) == true);
    CHECK(recall.was_hidden(minji, 1, Hiding::blocks_and_mutes, start + Recall::kept) == true);
}

TEST_CASE("more than there is room for leaves what came last") {
    Recall recall;
    std::vector<accounts::User> many;
    for (std::uint64_t id = 1; id <= Recall::people_max * 2; ++id)
        many.push_back(person(id, "user" + std::to_string(id)));
    recall.keep(many, start);
    CHECK(recall.user(Recall::people_max * 2, start)->id() == Recall::people_max * 2);
}
