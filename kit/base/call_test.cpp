#include "kit/base/call.h"

#include <doctest/doctest.h>

namespace jebi {

TEST_CASE("a call that somebody signed in makes knows who asks") {
    CHECK(signed_in(Call{.user = UserId{7}}).value() == UserId{7});
}

TEST_CASE("a call that nobody signed in makes is unauthenticated") {
    const auto nobody = signed_in(Call{});
    REQUIRE_FALSE(nobody.has_value());
    CHECK(nobody.error().code == Code::unauthenticated);
    CHECK(nobody.error().reason == "sign_in_first");
}

TEST_CASE("a call ends at its deadline") {
    CHECK_FALSE(Call{}.expired());
    CHECK(Call{.until = in(Millis{-1})}.expired());
}

TEST_CASE("a call has time, unless it is told otherwise") {
    CHECK(left_until(Call{}.until) <= Call::duration_default);
    CHECK(left_until(Call{}.until) > Millis{0});
}

}  // namespace jebi
