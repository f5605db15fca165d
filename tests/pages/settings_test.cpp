// One's own settings, beyond the profile: whom one keeps away, pictures.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

TEST_CASE("whom one blocks and mutes is listed for oneself, and let go from there") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, priya{twitter, "priya"};
    minji.press("/users/daniel/block");
    minji.press("/users/priya/mute");
    const std::string blocked = minji.get("/settings/blocked").body;
    CHECK(has(blocked, "Unblock daniel"));
    CHECK_FALSE(has(blocked, "priya"));
    CHECK(has(minji.get("/settings/muted").body, "Unmute priya"));
    CHECK(has(daniel.get("/settings/blocked").body, "Nobody yet"));
    CHECK(location(Browser{twitter}.get("/settings/blocked")) == "/login?next=%2Fsettings%2Fblocked");
    minji.press("/users/daniel/block", false);
    CHECK(has(minji.get("/settings/blocked").body, "Nobody yet"));
}

TEST_CASE("who has no picture is a bird with their initial, whatever the name is") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    minji.submit("/settings", "/settings/profile", {{"display_name", "<script>"}, {"bio", ""}, {"link", ""}});
    accounts::UserByNameRequest request;
    request.set_username("minji");
    const auto id = std::to_string(twitter.accounts.user_by_name(Call{}, request).value().id());
    const Answer bird = Browser{twitter}.get("/avatars/" + id);
    CHECK(bird.status == 200);
    CHECK(bird.fields.get("Content-Type") == "image/svg+xml");
    CHECK(has(bird.body, "&lt;</text>"));
    CHECK(Browser{twitter}.get("/avatars/7").status == 404);
    CHECK(Browser{twitter}.get("/avatars/minji").status == 404);
}
