#include "modules/accounts/delays.h"

#include <doctest/doctest.h>

#include <set>

namespace jebi::accounts {

TEST_CASE("keys of different kinds and of different people differ") {
    const std::set<std::string> keys{account_key("a"),
                                     account_key("b"),
                                     account_key("a", "192.0.2.1"),
                                     account_key("a", "192.0.2.2"),
                                     own_password_key(UserId{1}),
                                     own_password_key(UserId{2}),
                                     address_key("192.0.2.1"),
                                     address_key("192.0.2.2"),
                                     sign_up_key("192.0.2.1")};
    CHECK(keys.size() == 9);
}

TEST_CASE("keys do not show whose they are") {
    CHECK(!account_key("my-password").contains("my-password"));
    CHECK(!address_key("192.0.2.1").contains("192.0.2.1"));
    CHECK(account_key(std::string(1'000'000, 'x')).size() == 64);
}

TEST_CASE("an IPv6 address counts with its /64, an IPv4 address alone") {
    CHECK(address_key("2001:db8:1:2:3:4:5:6") == address_key("2001:db8:1:2::"));
    CHECK(address_key("2001:DB8:1:2::1") == address_key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    CHECK(address_key("2001:db8:1:2::") != address_key("2001:db8:1:3::"));
    CHECK(address_key("::ffff:192.0.2.1") != address_key("::ffff:192.0.2.2"));
    CHECK(address_key("unix") != address_key(""));
}

}  // namespace jebi::accounts
