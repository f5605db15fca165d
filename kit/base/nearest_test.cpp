#include "kit/base/nearest.h"

#include <doctest/doctest.h>

namespace jebi {

TEST_CASE("the nearest name is near, or none") {
    const std::vector<std::string> names{"listen", "loops", "data"};
    CHECK(nearest("lisen", names) == "listen");
    CHECK(nearest("lops", names) == "loops");
    CHECK_FALSE(nearest("password", names));
    CHECK_FALSE(nearest("x", {}));
    CHECK_FALSE(nearest(std::string(10'000, 'x'), names));
}

}  // namespace jebi
