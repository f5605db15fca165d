#include "kit/place/inherited.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

namespace jebi::place {

namespace {

using Environment = std::map<std::string, std::string>;

// Two sockets at descriptors in a row, as they would be from 3 on.
struct Opened {
    Opened() {
        first = ::fcntl(one.number(), F_DUPFD, 500);
        REQUIRE(::dup2(two.number(), first + 1) == first + 1);
    }
    ~Opened() {
        ::close(first);
        ::close(first + 1);
    }
    fiber::ListeningSocket one = open();
    fiber::ListeningSocket two = open();
    int first = -1;

    static fiber::ListeningSocket open() {
        return fiber::ListeningSocket::open(fiber::Address::from("127.0.0.1:0").value()).value();
    }
};

}  // namespace

TEST_CASE("inherited sockets are found by their names, and kept from programs started later") {
    const Opened opened;
    auto sockets =
        inherited_sockets({{"LISTEN_FDS", "2"}, {"LISTEN_FDNAMES", "contracts:pages"}}, opened.first).value();
    REQUIRE(sockets.size() == 2);
    CHECK(sockets.at("contracts").address().port == opened.one.address().port);
    CHECK(sockets.at("pages").address().port == opened.two.address().port);
    CHECK((::fcntl(opened.first, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(opened.first + 1, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(take(sockets, "pages")->address().port == opened.two.address().port);
    CHECK_FALSE(take(sockets, "pages"));
    CHECK_FALSE(take(sockets, "control"));
}

TEST_CASE("without LISTEN_FDS, or for another process, nothing is inherited") {
    CHECK(inherited_sockets({}).value().empty());
    CHECK(inherited_sockets({{"LISTEN_FDS", "0"}}).value().empty());
    const std::string other = std::to_string(::getppid());
    CHECK(inherited_sockets({{"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", "pages"}, {"LISTEN_PID", other}})
              .value()
              .empty());
}

TEST_CASE("LISTEN_PID may name this process") {
    const Opened opened;
    CHECK(inherited_sockets(
              {{"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", "a"}, {"LISTEN_PID", std::to_string(::getpid())}},
              opened.first)
              .value()
              .contains("a"));
}

TEST_CASE("an environment that contradicts itself is refused with what is wrong") {
    const std::pair<Environment, std::string> cases[] = {
        {{{"LISTEN_FDS", "two"}, {"LISTEN_FDNAMES", "a:b"}}, "a number from 0 to 16"},
        {{{"LISTEN_FDS", "-1"}, {"LISTEN_FDNAMES", "a"}}, "a number from 0 to 16"},
        {{{"LISTEN_FDS", "17"}, {"LISTEN_FDNAMES", "a"}}, "a number from 0 to 16"},
        {{{"LISTEN_FDS", "99999999999999999999"}, {"LISTEN_FDNAMES", "a"}}, "a number from 0 to 16"},
        {{{"LISTEN_FDS", "2"}, {"LISTEN_FDNAMES", "a"}}, "1 names for 2 sockets"},
        {{{"LISTEN_FDS", "1"}}, "a name that is none"},
        {{{"LISTEN_FDS", "2"}, {"LISTEN_FDNAMES", "a:"}}, "a name that is none"},
        {{{"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", "../x"}}, "a name that is none"},
        {{{"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", std::string(100'000, 'x')}}, "a name that is none"},
    };
    for (const auto& [environment, why] : cases) {
        const auto refused = inherited_sockets(environment, 700);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::invalid);
        CAPTURE(refused.error().message);
        CHECK(refused.error().message.contains(why));
    }
}

TEST_CASE("two sockets of one name, and a descriptor that is no listening socket, are refused") {
    const Opened opened;
    const auto twice = inherited_sockets({{"LISTEN_FDS", "2"}, {"LISTEN_FDNAMES", "a:a"}}, opened.first);
    REQUIRE_FALSE(twice);
    CHECK(twice.error().message.contains("two are named \"a\""));
    const auto none = inherited_sockets({{"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", "a"}}, 700);
    REQUIRE_FALSE(none);
    CHECK(none.error().reason == "not_listening");
}

}  // namespace jebi::place
